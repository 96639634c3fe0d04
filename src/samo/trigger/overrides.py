"""Pipeline values that a call gives in place of those that a local run has (ENV-003)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from samo.config.decode import shown
from samo.config.document import ListNode, MapNode, ScalarNode, Source, read_document
from samo.config.pipeline_values import KNOWN, is_known
from samo.config.problems import Problems
from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest
from samo.trigger.values import Value

_PARAMETER = "pipeline.parameters."
_OF_THE_CALL = {"pipeline.git.branch": "--branch", "pipeline.git.tag": "--tag"}
"""What decides which jobs run, and so must not say one thing here and another there."""

_JSON = re.compile(r'null|true|false|-?(?:0|[1-9]\d{0,18})|".*"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Override:
    """A value by its full name, and where it was given: None on the command line."""

    name: str
    value: Value
    place: Place | None = None


def overrides_from_text(texts: Sequence[str]) -> tuple[Override, ...]:
    """Return the values in `K=V` form; raises UsageError for what has another form.

    null, true, false, whole numbers and what stands in double quotes are read as JSON; all else
    is text.
    """
    parts = [text.partition("=") for text in texts]
    if problems := [_formless("".join(part)) for part in parts if not part[0] or not part[1]]:
        raise UsageError(*problems)
    return tuple(Override(name, _typed(value)) for name, _, value in parts)


def overrides_from_source(source: Source) -> tuple[Override, ...]:
    """Return the values in a YAML or JSON mapping; a mapping within it goes on with the name.

    Raises ConfigError for a text that is no mapping, or has lists in it.
    """
    problems = Problems()
    root = read_document(source, problems).root
    if not isinstance(root, MapNode):
        message = f"pipeline values are a mapping, found {shown(root) if root else 'nothing'}"
        hint = "write 'pipeline.event.name: push'"
        problems.add(ProblemKind.USAGE, message, Place(source.path, 1, 1), hint)
        problems.raise_errors()
    assert isinstance(root, MapNode)
    overrides = tuple(_flattened(root, "", problems))
    problems.raise_errors()
    return overrides


def overridden(values: Mapping[str, Value], overrides: Iterable[Override]) -> Mapping[str, Value]:
    """Return the pipeline values with those of the call in their place; the later wins.

    Raises UsageError for a name that no pipeline value has, and where a value contradicts what
    the call says otherwise.
    """
    given = {each.name: each for each in overrides}
    found = (_problem(each, values) for each in given.values())
    if problems := [problem for problem in found if problem]:
        raise UsageError(*problems)
    return {**values, **{name: each.value for name, each in given.items()}}


def _problem(override: Override, values: Mapping[str, Value]) -> Problem | None:
    name = override.name
    if name.startswith(_PARAMETER):
        message = f"'{name}' is a parameter of the pipeline"
        hint = f"write --param {name.removeprefix(_PARAMETER)}=VALUE"
        return Problem(kind=ProblemKind.USAGE, message=message, place=override.place, hint=hint)
    if not is_known(name):
        message = f"there is no pipeline value '{name}'"
        hint = nearest(name, (*KNOWN, *values)) or "their names begin with 'pipeline.'"
        return Problem(kind=ProblemKind.USAGE, message=message, place=override.place, hint=hint)
    if name in _OF_THE_CALL and override.value != values.get(name):
        message = f"'{name}' is {json.dumps(values.get(name))} for this call"
        hint = f"write {_OF_THE_CALL[name]} to have another"
        return Problem(kind=ProblemKind.USAGE, message=message, place=override.place, hint=hint)
    return None


def _formless(text: str) -> Problem:
    message = f"'{text}' gives no pipeline value"
    return Problem(kind=ProblemKind.USAGE, message=message, hint="write --value NAME=VALUE")


def _typed(text: str) -> Value:
    if not _JSON.fullmatch(text):
        return text
    try:
        value: Value = json.loads(text)
    except ValueError:  # quotes that do not match each other
        return text
    return value


def _flattened(node: MapNode, prefix: str, problems: Problems) -> Iterator[Override]:
    for entry in node:
        name = prefix + entry.key
        match entry.node:
            case MapNode():
                yield from _flattened(entry.node, f"{name}.", problems)
            case ListNode():
                message = f"'{name}' is a list, which no pipeline value can be"
                problems.add(ProblemKind.USAGE, message, entry.place, "give one value")
            case ScalarNode(value=None | bool() | int() | str() as value):
                yield Override(name, value, entry.place)
            case ScalarNode(text=text):
                yield Override(name, text, entry.place)
