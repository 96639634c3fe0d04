"""Environment variables as the config gives them, and as processes will see them (JOB-012)."""

import re
from collections.abc import Iterator

from samo.config.decode import NULL_TEXT, is_absent, is_unbound, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.problems import Problems
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind
from samo.pipeline.step import Variables

VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
IMAGE_NAME = re.compile(r"[^\s=]+")
"""What images call their settings: no shell reads `discovery.type`."""


def read_environment(
    node: Node | None, problems: Problems, names: re.Pattern[str] = VARIABLE_NAME
) -> Variables:
    """Return the variables of an `environment`: a map, or a list of `KEY=VALUE` and small maps."""
    if node is None or is_absent(node) or is_unbound(node):
        return ()
    return tuple(dict(_variables(node, problems, names)).items())


def merged(*layers: Variables) -> Variables:
    """Return all variables, the later layer winning (EXE-005)."""
    return tuple({name: value for layer in layers for name, value in layer}.items())


def number_text(value: int | float) -> str:
    """Return a number as CircleCI shows it: seven digits and more in exponent form (PAR-032)."""
    if abs(value) < 1_000_000 and (isinstance(value, int) or value == int(value)):
        return str(int(value))
    from decimal import Decimal  # noqa: PLC0415 - large numbers are rare

    plain = Decimal(repr(float(value)))
    if not plain.is_finite() or abs(plain) < 1_000_000:
        return repr(value)
    mantissa, _, exponent = f"{plain.normalize():e}".partition("e")
    return f"{mantissa}e{int(exponent):+03d}"


def _variables(node: Node, problems: Problems, names: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    match node:
        case MapNode():
            for entry in node:
                yield from _variable(entry, problems, names)
        case ListNode():
            for item in node.items:
                if isinstance(item, ListNode):
                    _note(f"an item of 'environment' is {shown(item)}", item.place, problems)
                elif not is_absent(item):
                    yield from _variables(item, problems, names)
        case ScalarNode():
            yield from _assignment(node, problems, names)


def _assignment(
    node: ScalarNode, problems: Problems, names: re.Pattern[str]
) -> Iterator[tuple[str, str]]:
    name, equals, value = node.text.partition("=")
    if is_unbound(node):
        return
    if equals and names.fullmatch(name):
        yield name, value
        return
    _note(f"'environment' must hold variables, found {shown(node)}", node.place, problems)


def _variable(
    entry: Entry, problems: Problems, names: re.Pattern[str]
) -> Iterator[tuple[str, str]]:
    if not names.fullmatch(entry.key):
        message = f"'{entry.key}' cannot be the name of an environment variable"
        hint = "letters, digits and '_', no digit first"
        problems.add(ProblemKind.SCHEMA, message, entry.place, hint)
    elif isinstance(entry.node, ScalarNode):
        if not is_unbound(entry.node):
            _warn_of_path(entry.key, entry.node, problems)
            yield entry.key, _value(entry.node)
    else:
        message = f"the variable '{entry.key}' must be a text, found {shown(entry.node)}"
        problems.add(ProblemKind.SCHEMA, message, entry.node.place)


def _warn_of_path(name: str, node: ScalarNode, problems: Problems) -> None:
    """ENV-007: the value is taken as it stands, and no program is found on such a path."""
    if name == "PATH" and "$" in node.text:
        message = f"'PATH' is set to the text {shown(node)}: variables are not expanded here"
        hint = "write 'export PATH=...' to $BASH_ENV in a step"
        problems.warn(ProblemKind.NO_EFFECT, message, node.place, hint)


def _value(node: ScalarNode) -> str:
    match node.value:
        case None:
            return NULL_TEXT if node.text == NULL_TEXT else ""  # PAR-031
        case bool():
            return "1" if node.value else "0"  # PAR-021
        case int() | float():
            return number_text(node.value)
    return node.text


def _note(message: str, place: Place, problems: Problems) -> None:
    problems.add(ProblemKind.SCHEMA, message, place, "write 'NAME: value'")
