"""The steps of a compiled job, as a config of version 2 writes them."""

from decimal import Decimal

from samo.config.render.tree import Tree, set_fields
from samo.pipeline.step import (
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
)

_WORDS: dict[type[Step], str] = {
    Run: "run",
    Checkout: "checkout",
    SaveCache: "save_cache",
    RestoreCache: "restore_cache",
    PersistToWorkspace: "persist_to_workspace",
    AttachWorkspace: "attach_workspace",
    StoreArtifacts: "store_artifacts",
    StoreTestResults: "store_test_results",
    AddSshKeys: "add_ssh_keys",
    SetupRemoteDocker: "setup_remote_docker",
}
_DURATIONS = frozenset({"no_output_timeout_s", "auto_rerun_delay_s"})
_UNITS = ((3600, "h"), (60, "m"))


def render_step(step: Step) -> Tree:
    """Return a step: its bare name where it says no more, else a mapping with one key."""
    if isinstance(step, Run):
        return {"deploy" if step.is_deploy else "run": _run(step)}
    word = _WORDS[type(step)]
    keys = set_fields(step)
    return {word: keys} if keys else word


def _run(step: Run) -> dict[str, Tree]:
    keys = set_fields(step)
    keys.pop("is_deploy", None)
    if step.name == step.command:
        del keys["name"]
    for key in _DURATIONS & keys.keys():
        keys[key] = duration(getattr(step, key))
    return {key.removesuffix("_s"): value for key, value in keys.items()}


def duration(seconds: float) -> str:
    """Return seconds as a config writes them, such as 90s, 15m or 2h; exactly those."""
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{Decimal(repr(seconds)).normalize():f}s"
