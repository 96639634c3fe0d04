"""Where a job runs: `docker`, `machine`, `macos`, or an executor by name (EXE-001 to EXE-026)."""

import re
import shlex
from collections.abc import Iterator

from samo.config.arguments import bind, note_unknown
from samo.config.decode import Fields, is_absent, is_unbound, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.environment import IMAGE_NAME, read_environment
from samo.config.library import Kind, MissingOrb, find
from samo.config.problems import Problems
from samo.config.scope import ExecutorValue, Scope, evaluate
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import (
    DockerExecutor,
    Image,
    JobExecutor,
    MachineExecutor,
    MacosExecutor,
)
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind
from samo.pipeline.step import Variables

EXECUTOR_KEYS = ("docker", "machine", "macos")
SETTING_KEYS = ("resource_class", "shell", "working_directory", "environment")

CREDENTIAL_KEYS = ("auth", "aws_auth", "gcp_auth")
IMAGE_KEYS = (
    "image", "name", "entrypoint", "command", "user", "environment", *CREDENTIAL_KEYS,
)  # fmt: skip
_CREDENTIALS = {
    "auth": ("username", "password"),
    "aws_auth": ("aws_access_key_id", "aws_secret_access_key", "oidc_role_arn", "role_arn"),
}
MACHINE_KEYS = ("image", "docker_layer_caching", "resource_class", "shell", "enabled")
MACOS_KEYS = ("xcode", "code_signing", "resource_class", "shell")
IMAGE_REFERENCE = re.compile(r"[^@]+(?:@sha256:[0-9a-f]{64})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an executor, or a job itself, says of where and how the steps run; "" is nothing."""

    executor: JobExecutor | None = None
    resource_class: str = ""
    shell: str = ""
    working_directory: str = ""
    environment: Variables = ()


def read_settings(fields: Fields, problems: Problems) -> Settings:
    """Return what the keys of a job or of an executor's definition say."""
    present = [entry for entry in fields.node if entry.key in EXECUTOR_KEYS]
    present = [entry for entry in present if not is_absent(entry.node)]
    # Explicit keys come first in a mapping, merged ones after them.
    nested = present[0].node if present else None
    inner = nested if isinstance(nested, MapNode) else None
    return Settings(
        executor=_executor(present[0], problems) if present else None,
        resource_class=fields.text("resource_class") or _nested_text(inner, "resource_class"),
        shell=read_shell(fields) or _nested_text(inner, "shell"),
        working_directory=fields.text("working_directory"),
        environment=read_environment(fields.node.get("environment"), problems),
    )


def read_shell(fields: Fields) -> str:
    """Return `shell` as one command line; a list is joined as a shell would quote it (EXE-004)."""
    if isinstance(fields.node.get("shell"), ListNode):
        return shlex.join(fields.texts("shell"))
    return fields.text("shell")


def check_single_executor(fields: Fields, keys: tuple[str, ...], problems: Problems) -> bool:
    """Note if there is not exactly one of `keys`; whether there is one at all.

    What a merge key brought in gives way to what stands in the mapping itself (CFG-007).
    """
    present = [entry for entry in fields.node if entry.key in keys and not is_absent(entry.node)]
    own = [entry for entry in present if entry.place >= fields.node.place]
    for entry in (own or present)[1:]:
        message = f"'{entry.key}' stands beside '{(own or present)[0].key}'"
        problems.add(ProblemKind.SCHEMA, message, entry.place, f"keep one of {', '.join(keys)}")
    return bool(present) or any(fields.is_misspelt(key) for key in keys)


def check_self_hosted(
    executor: JobExecutor | None, resource_class: str, problems: Problems
) -> None:
    """Note the image of a machine whose class is a runner's: there is none to choose (EXE-022)."""
    match executor:
        case MachineExecutor(image=image) if image and "/" in resource_class:
            message = f"the self-hosted class '{resource_class}' takes no image, found '{image}'"
            problems.add(ProblemKind.SCHEMA, message, executor.place, "write 'machine: true'")


def resolve_executor(node: Node, scope: Scope) -> Settings:
    """Return the settings of the executor that a job names, with its arguments bound (EXE-003)."""
    match node:
        case ScalarNode(value=ExecutorValue() as value):
            return _resolve(value.name, value.arguments, value.scope, value.place)
        case ScalarNode(value=str()):
            return _resolve(node.text, (), scope, node.place)
        case MapNode():
            return _resolve_map(node, scope)
    if not is_unbound(node):
        message = f"'executor' must be a name, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place)
    return Settings()


def _resolve_map(node: MapNode, scope: Scope) -> Settings:
    name = node.get("name")
    rest = tuple(entry for entry in node if entry.key != "name")
    match name:
        case ScalarNode(value=ExecutorValue() as value):
            arguments = (*value.arguments, *rest)
            return _resolve(value.name, arguments, value.scope, value.place)
        case ScalarNode(value=str()):
            return _resolve(name.text, rest, scope, name.place)
    if name is None or not is_unbound(name):
        message = "'executor' needs the name of an executor"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, "add 'name:'")
    return Settings()


def _resolve(name: str, given: tuple[Entry, ...], scope: Scope, place: Place) -> Settings:
    found = find(scope.library, Kind.EXECUTOR, name)
    if found is None:
        note_unknown(Kind.EXECUTOR, name, place, scope)
    if found is None or isinstance(found, MissingOrb):
        return Settings()
    scope.usage.note(scope.calls[-1] if scope.calls else None, found.element, place)
    inner = scope.inside(found, bind(found, given, scope, place))
    return read_executor(found.element.title, found.element.place, found.body, inner)


def read_executor(title: str, place: Place, body: MapNode, scope: Scope) -> Settings:
    """Return the settings of an executor's definition; `scope` is that of its body."""
    without_parameters = {e.key: e for e in body if e.key not in ("parameters", "description")}
    node = evaluate(MapNode(body.place, without_parameters, body.has_tags), scope)
    assert isinstance(node, MapNode)
    fields = Fields(node, title, place, scope.problems)
    fields.allow((*EXECUTOR_KEYS, *SETTING_KEYS))
    if not check_single_executor(fields, EXECUTOR_KEYS, scope.problems):
        message = f"{title} does not say where jobs run"
        hint = f"add one of {', '.join(EXECUTOR_KEYS)}"
        scope.problems.add(ProblemKind.SCHEMA, message, place, hint)
    return read_settings(fields, scope.problems)


def _executor(entry: Entry, problems: Problems) -> JobExecutor | None:
    match entry.key:
        case "docker":
            return _docker(entry, problems)
        case "machine":
            return _machine(entry, problems)
    if not isinstance(entry.node, MapNode):
        _note_wrong(entry, "a mapping", problems)
        return None
    fields = Fields(entry.node, "'macos'", entry.place, problems)
    fields.allow(MACOS_KEYS)
    fields.require("xcode")
    return MacosExecutor(
        xcode=fields.text("xcode"), code_signing=fields.text("code_signing"), place=entry.place
    )


def _docker(entry: Entry, problems: Problems) -> DockerExecutor | None:
    if not isinstance(entry.node, ListNode) or not entry.node.items:
        _note_wrong(entry, "a list of images", problems)
        return None
    return DockerExecutor(images=tuple(_images(entry.node, problems)), place=entry.place)


def _images(node: ListNode, problems: Problems) -> Iterator[Image]:
    for item in node.items:
        if not isinstance(item, MapNode):
            message = f"an image must be a mapping, found {shown(item)}"
            problems.add(ProblemKind.SCHEMA, message, item.place, "write '- image: NAME'")
            continue
        fields = Fields(item, "an image", item.place, problems)
        fields.allow(IMAGE_KEYS)
        fields.require("image")
        _check_reference(fields, problems)
        yield Image(
            image=fields.text("image"),
            name=fields.text("name"),
            entrypoint=_words(fields, "entrypoint", problems),
            command=_words(fields, "command", problems),
            user=fields.text("user"),
            environment=read_environment(item.get("environment"), problems, IMAGE_NAME),
            auth=_credentials(fields, "auth", problems),
            aws_auth=_credentials(fields, "aws_auth", problems),
            gcp_auth=_credentials(fields, "gcp_auth", problems),
            place=item.place,
        )


def _words(fields: Fields, key: str, problems: Problems) -> tuple[str, ...]:
    """Return a list of words; a text is split into them as a shell would (EXE-015)."""
    node = fields.node.get(key)
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        return fields.text_or_texts(key)
    try:
        return tuple(shlex.split(node.text)) or ("",)
    except ValueError as error:
        message = f"'{key}' cannot be split into words: {str(error).lower()}"
        problems.add(ProblemKind.SCHEMA, message, node.place, "write a list: [WORD, WORD]")
        return ()


def _credentials(fields: Fields, key: str, problems: Problems) -> Variables:
    node = fields.mapping(key)
    if node is None:
        return ()
    inner = Fields(node, f"'{key}'", node.place, problems)
    if key in _CREDENTIALS:
        inner.allow(_CREDENTIALS[key])
    return tuple((entry.key, inner.text(entry.key)) for entry in node)


def _check_reference(fields: Fields, problems: Problems) -> None:
    node = fields.node.get("image")
    image = fields.text("image")
    if node is not None and image and not IMAGE_REFERENCE.fullmatch(image):
        message = f"'{image}' has a malformed digest"
        problems.add(ProblemKind.SCHEMA, message, node.place, "@sha256: and 64 hex digits")


def _machine(entry: Entry, problems: Problems) -> MachineExecutor | None:
    match entry.node:
        case ScalarNode(value=True):
            return MachineExecutor(place=entry.place)
        case MapNode():
            fields = Fields(entry.node, "'machine'", entry.place, problems)
            fields.allow(MACHINE_KEYS)
            return MachineExecutor(
                image=fields.text("image"),
                docker_layer_caching=fields.flag("docker_layer_caching"),
                place=entry.place,
            )
    _note_wrong(entry, "a mapping, or true", problems)
    return None


def _note_wrong(entry: Entry, wanted: str, problems: Problems) -> None:
    if is_unbound(entry.node):
        return
    message = f"'{entry.key}' must be {wanted}, found {shown(entry.node)}"
    problems.add(ProblemKind.SCHEMA, message, entry.node.place)


def _nested_text(node: MapNode | None, key: str) -> str:
    found = node.get(key) if node else None
    return found.text if isinstance(found, ScalarNode) and isinstance(found.value, str) else ""
