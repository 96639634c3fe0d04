"""Environment variables as the config gives them, and as processes will see them (JOB-012)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from samo.config.decode import NULL_TEXT, is_absent, is_unbound, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.problems import Problems
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind
from samo.pipeline.step import Variables

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_environment(node: Node | None, problems: Problems) -> Variables:
    """Return the variables of an `environment`: a map, or a list of `KEY=VALUE` and small maps."""
    if node is None or is_absent(node) or is_unbound(node):
        return ()
    return tuple(dict(_variables(node, problems)).items())


def merged(*layers: Variables) -> Variables:
    """Return all variables, the later layer winning (EXE-005)."""
    return tuple({name: value for layer in layers for name, value in layer}.items())


def number_text(value: int | float) -> str:
    """Return a number as CircleCI shows it: seven digits and more in exponent form (PAR-032)."""
    if abs(value) < 1_000_000 and (isinstance(value, int) or value == int(value)):
        return str(int(value))
    plain = Decimal(repr(float(value)))
    if not plain.is_finite() or abs(plain) < 1_000_000:
        return repr(value)
    mantissa, _, exponent = f"{plain.normalize():e}".partition("e")
    return f"{mantissa}e{int(exponent):+03d}"


def _variables(node: Node, problems: Problems) -> Iterator[tuple[str, str]]:
    match node:
        case MapNode():
            for entry in node:
                yield from _variable(entry, problems)
        case ListNode():
            for item in node.items:
                if isinstance(item, ListNode):
                    _note(f"an item of 'environment' is {shown(item)}", item.place, problems)
                elif not is_absent(item):
                    yield from _variables(item, problems)
        case ScalarNode():
            yield from _assignment(node, problems)


def _assignment(node: ScalarNode, problems: Problems) -> Iterator[tuple[str, str]]:
    name, equals, value = node.text.partition("=")
    if is_unbound(node):
        return
    if equals and _NAME.fullmatch(name):
        yield name, value
        return
    _note(f"'environment' must hold variables, found {shown(node)}", node.place, problems)


def _variable(entry: Entry, problems: Problems) -> Iterator[tuple[str, str]]:
    if not _NAME.fullmatch(entry.key):
        message = f"'{entry.key}' cannot be the name of an environment variable"
        hint = "letters, digits and '_', no digit first"
        problems.add(ProblemKind.SCHEMA, message, entry.place, hint)
    elif isinstance(entry.node, ScalarNode):
        if not is_unbound(entry.node):
            yield entry.key, _value(entry.node)
    else:
        message = f"the variable '{entry.key}' must be a text, found {shown(entry.node)}"
        problems.add(ProblemKind.SCHEMA, message, entry.node.place)


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
