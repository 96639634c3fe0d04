"""The built-in steps (STEP-002 to STEP-033): one small decoder each, over evaluated nodes."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from samo.config.decode import Fields, is_absent, is_unbound, shown
from samo.config.document import Entry, MapNode, Node, ScalarNode
from samo.config.durations import seconds_of
from samo.config.environment import read_environment
from samo.config.executors import read_shell
from samo.config.problems import Problems
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind
from samo.pipeline.step import (
    DEFAULT_NO_OUTPUT_TIMEOUT_S,
    AddSshKeys,
    AttachWorkspace,
    Checkout,
    PersistToWorkspace,
    RestoreCache,
    Run,
    SaveCache,
    SetupRemoteDocker,
    Step,
    StoreArtifacts,
    StoreTestResults,
    When,
)

_RUN_KEYS = (
    "command", "name", "shell", "environment", "background", "working_directory",
    "no_output_timeout", "when", "max_auto_reruns", "auto_rerun_delay",
)  # fmt: skip
STEP_KEYS: Mapping[str, tuple[str, ...]] = {
    "run": _RUN_KEYS,
    "deploy": _RUN_KEYS,
    "checkout": ("path", "method", "depth", "name", "when"),
    "save_cache": ("key", "paths", "name", "when"),
    "restore_cache": ("key", "keys", "paths", "name", "when"),
    "persist_to_workspace": ("root", "paths", "name", "when"),
    "attach_workspace": ("at", "name", "when"),
    "store_artifacts": ("path", "destination", "name", "when"),
    "store_test_results": ("path", "name", "when"),
    "add_ssh_keys": ("fingerprints", "name", "when"),
    "setup_remote_docker": (
        "version", "docker_layer_caching", "prefer_same_region", "reusable", "name", "when",
    ),
}  # fmt: skip
"""The keys that each built-in step takes."""

CHECKOUT_METHODS = ("blobless", "full", "shallow")
MAX_RERUNS = 5
_MAX_RERUN_DELAY_S = 600.0


def decode_step(name: str, node: Node | None, place: Place, problems: Problems) -> Step | None:
    """Return a built-in step from its evaluated body; None where there is nothing to run.

    `place` is that of the step's key; what is wrong is noted.
    """
    match node:
        case ScalarNode(value=str()) if name in ("run", "deploy"):
            entry = Entry("command", node.place, node)
            body = MapNode(node.place, {"command": entry})
        case MapNode():
            body = node
        case _ if node is None or is_absent(node):
            body = MapNode(place, {})
        case _:
            if not is_unbound(node):
                message = f"'{name}' must be a mapping, found {shown(node)}"
                problems.add(ProblemKind.SCHEMA, message, node.place)
            return None
    fields = Fields(body, f"'{name}'", place, problems)
    fields.allow(STEP_KEYS[name])
    return _DECODERS[name](fields, place, problems)


def _when(fields: Fields, default: When = When.ON_SUCCESS) -> When:
    return When(fields.choice("when", tuple(When), default))


def _lenient_when(fields: Fields, default: When = When.ON_SUCCESS) -> When:
    """STEP-017: only `run` is strict about `when`; elsewhere a boolean has no effect."""
    node = fields.node.get("when")
    if isinstance(node, ScalarNode) and isinstance(node.value, bool):
        fields.ignore("when")
        return default
    return _when(fields, default)


def _seconds(fields: Fields, key: str, default: float, problems: Problems) -> float:
    text = fields.text(key)
    node = fields.node.get(key)
    if not text or node is None:
        return default
    seconds = seconds_of(text)
    if seconds is None:
        message = f"'{key}' must be a duration, found '{text}'"
        problems.add(ProblemKind.SCHEMA, message, node.place, "such as 90s, 20m or 1.25h")
        return default
    return seconds


def _run(fields: Fields, place: Place, problems: Problems) -> Run:
    fields.require("command")
    command = fields.text("command")
    background = fields.flag("background")
    reruns = fields.integer("max_auto_reruns", 0, 1, MAX_RERUNS)
    _check_reruns(fields, problems)
    timeout = _seconds(fields, "no_output_timeout", DEFAULT_NO_OUTPUT_TIMEOUT_S, problems)
    return Run(
        name=fields.text("name") or command,
        command=command,
        shell=read_shell(fields),
        environment=read_environment(fields.node.get("environment"), problems),
        working_directory=fields.text("working_directory"),
        background=background,
        no_output_timeout_s=timeout,
        max_auto_reruns=reruns,
        auto_rerun_delay_s=_rerun_delay(fields, problems),
        when=_when(fields),
        place=place,
    )


def _check_reruns(fields: Fields, problems: Problems) -> None:
    """STEP-013: a delay needs reruns, and a step in the background has none."""
    reruns = fields.node.entries.get("max_auto_reruns")
    delay = fields.node.entries.get("auto_rerun_delay")
    if delay and not reruns:
        message = "'auto_rerun_delay' needs 'max_auto_reruns'"
        problems.add(ProblemKind.SCHEMA, message, delay.place, "add 'max_auto_reruns: 1'")
    if reruns and fields.flag("background"):
        message = "a step in the background cannot be rerun"
        problems.add(ProblemKind.SCHEMA, message, reruns.place, "remove one of the two")


def _rerun_delay(fields: Fields, problems: Problems) -> float:
    delay = _seconds(fields, "auto_rerun_delay", 0.0, problems)
    node = fields.node.get("auto_rerun_delay")
    if delay > _MAX_RERUN_DELAY_S and node is not None:
        message = f"'auto_rerun_delay' is too long: {shown(node)}"
        problems.add(ProblemKind.SCHEMA, message, node.place, "at most 10m")
    return delay


def _checkout(fields: Fields, place: Place, _problems: Problems) -> Step:
    return Checkout(
        name=fields.text("name") or "Checkout code",
        path=fields.text("path") or ".",
        method=fields.choice("method", CHECKOUT_METHODS, CHECKOUT_METHODS[0]),
        depth=fields.integer("depth", 0, 1),
        when=_lenient_when(fields),
        place=place,
    )


def _save_cache(fields: Fields, place: Place, _problems: Problems) -> Step:
    fields.require("key", "paths")
    return SaveCache(
        name=fields.text("name") or "Saving cache",
        key=fields.text("key"),
        paths=fields.texts("paths"),
        when=_lenient_when(fields),
        place=place,
    )


def _restore_cache(fields: Fields, place: Place, problems: Problems) -> Step:
    fields.ignore("paths")
    keys = fields.text_or_texts("key") + fields.texts("keys")
    is_named = any(not is_absent(fields.node.get(name)) for name in ("key", "keys"))
    if not is_named and not any(fields.is_misspelt(name) for name in ("key", "keys")):
        message = "'restore_cache' needs 'key' or 'keys'"
        problems.add(ProblemKind.SCHEMA, message, place, "add 'keys:'")
    return RestoreCache(
        name=fields.text("name") or "Restoring cache",
        keys=keys,
        when=_lenient_when(fields),
        place=place,
    )


def _persist_to_workspace(fields: Fields, place: Place, problems: Problems) -> Step:
    fields.require("root", "paths")
    paths = fields.text_or_texts("paths")
    node = fields.node.get("paths")
    if node is not None and getattr(node, "items", None) == ():
        message = "'paths' of 'persist_to_workspace' is empty"
        problems.add(ProblemKind.SCHEMA, message, node.place, "name what to keep")
    return PersistToWorkspace(
        name=fields.text("name") or "Persisting to workspace",
        root=fields.text("root"),
        paths=paths,
        when=_lenient_when(fields),
        place=place,
    )


def _attach_workspace(fields: Fields, place: Place, _problems: Problems) -> Step:
    fields.require("at")
    return AttachWorkspace(
        name=fields.text("name") or "Attaching workspace",
        at=fields.text("at"),
        when=_lenient_when(fields),
        place=place,
    )


def _store_artifacts(fields: Fields, place: Place, _problems: Problems) -> Step:
    fields.require("path")
    return StoreArtifacts(
        name=fields.text("name") or "Uploading artifacts",
        path=fields.text("path"),
        destination=fields.text("destination"),
        when=_lenient_when(fields, When.ALWAYS),
        place=place,
    )


def _store_test_results(fields: Fields, place: Place, _problems: Problems) -> Step:
    fields.require("path")
    return StoreTestResults(
        name=fields.text("name") or "Uploading test results",
        path=fields.text("path"),
        when=_lenient_when(fields, When.ALWAYS),
        place=place,
    )


def _add_ssh_keys(fields: Fields, place: Place, _problems: Problems) -> Step:
    return AddSshKeys(
        name=fields.text("name") or "Installing additional ssh keys",
        fingerprints=fields.text_or_texts("fingerprints"),
        when=_lenient_when(fields),
        place=place,
    )


def _setup_remote_docker(fields: Fields, place: Place, _problems: Problems) -> Step:
    return SetupRemoteDocker(
        name=fields.text("name") or "Setup a remote Docker engine",
        version=fields.text("version"),
        docker_layer_caching=fields.flag("docker_layer_caching"),
        prefer_same_region=fields.flag("prefer_same_region"),
        when=_lenient_when(fields),
        place=place,
    )


def _deploy(fields: Fields, place: Place, problems: Problems) -> Step:
    message = "the step 'deploy' is deprecated"
    problems.warn(ProblemKind.DEPRECATED, message, place, "write 'run' instead")
    return replace(_run(fields, place, problems), is_deploy=True)


_DECODERS: Mapping[str, Callable[[Fields, Place, Problems], Step]] = {
    "run": _run,
    "deploy": _deploy,
    "checkout": _checkout,
    "save_cache": _save_cache,
    "restore_cache": _restore_cache,
    "persist_to_workspace": _persist_to_workspace,
    "attach_workspace": _attach_workspace,
    "store_artifacts": _store_artifacts,
    "store_test_results": _store_test_results,
    "add_ssh_keys": _add_ssh_keys,
    "setup_remote_docker": _setup_remote_docker,
}
BUILTIN_STEPS = tuple(STEP_KEYS)
