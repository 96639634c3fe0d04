"""`matrix`: one invocation for each combination of parameter values (WF-015 to WF-021)."""

import math
from collections.abc import Mapping
from itertools import product

from samo.config.decode import is_absent, is_unbound, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.evaluation import UNBOUND
from samo.config.interpolate import render
from samo.config.scope import Scope, evaluate
from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind

MATRIX_KEYS = ("parameters", "exclude", "alias")


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """One value for each parameter of a matrix; `suffix` is what names are made with (WF-017)."""

    arguments: tuple[Entry, ...] = ()
    values: Mapping[str, object] | None = None
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All combinations, and the name by which others require them together."""

    combinations: tuple[Combination, ...] = ()
    alias: str = ""


NO_MATRIX = Matrix(combinations=(Combination(),))


def read_matrix(node: Node | None, place: Place, scope: Scope) -> Matrix:
    """Return what a `matrix` comes to; `place` is that of the invocation.

    One that is wrong is noted, and gives no combination.
    """
    if node is None:
        scope.budget.take_jobs(1, place)
        return NO_MATRIX
    node = evaluate(node, scope)
    if not isinstance(node, MapNode):
        return _fault(f"'matrix' must be a mapping, found {shown(node)}", node.place, scope)
    for entry in node:
        if entry.key not in MATRIX_KEYS:
            hint = f"allowed: {', '.join(MATRIX_KEYS)}"
            return _fault(f"unknown key '{entry.key}' in 'matrix'", entry.place, scope, hint)
    alias = node.get("alias")
    columns = _columns(node, scope)
    if columns is None:
        return Matrix()
    scope.budget.take_jobs(math.prod(len(column) for column in columns), place)
    excluded = _excluded(node, {column[0].key for column in columns}, scope)
    combinations = tuple(
        _combination(choice) for choice in product(*columns) if _choice(choice) not in excluded
    )
    if not combinations:
        return _fault("the matrix leaves no combination", node.place, scope, "exclude less")
    return Matrix(
        combinations=combinations, alias=alias.text if isinstance(alias, ScalarNode) else ""
    )


def _columns(node: MapNode, scope: Scope) -> list[list[Entry]] | None:
    parameters = node.get("parameters")
    if not isinstance(parameters, MapNode) or not parameters.entries:
        place = node.place if is_absent(parameters) or parameters is None else parameters.place
        hint = "parameters: {version: ['1', '2']}"
        _fault("'matrix' needs 'parameters', each with a list of values", place, scope, hint)
        return None
    columns: list[list[Entry]] = []
    for entry in parameters:
        if not isinstance(entry.node, ListNode) or not entry.node.items:
            if not is_unbound(entry.node):
                message = f"'{entry.key}' of a matrix must be a list of values"
                found = f"{message}, found {shown(entry.node)}"
                _fault(found, entry.node.place, scope)
            return None
        columns.append([Entry(entry.key, entry.place, item) for item in entry.node.items])
    return columns


Choice = frozenset[tuple[str, str]]


def _excluded(node: MapNode, names: set[str], scope: Scope) -> set[Choice]:
    exclude = node.get("exclude")
    if exclude is None or is_absent(exclude):
        return set()
    if not isinstance(exclude, ListNode):
        _fault(f"'exclude' must be a list, found {shown(exclude)}", exclude.place, scope)
        return set()
    choices: set[Choice] = set()
    for item in exclude.items:
        if not isinstance(item, MapNode):
            _fault("an excluded combination must be a mapping", item.place, scope)
            continue
        if set(item.entries) != names:
            message = "this excludes nothing: it is no full combination"
            hint = f"give a value to each of {', '.join(sorted(names))}"
            scope.problems.warn(ProblemKind.NO_EFFECT, message, item.place, hint)
        choices.add(_choice(tuple(item)))
    return choices


def _combination(entries: tuple[Entry, ...]) -> Combination:
    values = {entry.key: _value(entry.node) for entry in entries}
    suffix = "-".join(render(values[name]) for name in sorted(values))
    return Combination(arguments=entries, values=values, suffix=suffix)


def _choice(entries: tuple[Entry, ...]) -> Choice:
    return frozenset((entry.key, render(_value(entry.node))) for entry in entries)


def _value(node: Node) -> object:
    match node:
        case ScalarNode():
            return node.value
        case MapNode():  # WF-021: an executor is known by its name
            name = node.get("name")
            return name.value if isinstance(name, ScalarNode) else UNBOUND
    return UNBOUND


def _fault(message: str, place: Place, scope: Scope, hint: str = "") -> Matrix:
    scope.problems.add(ProblemKind.MATRIX, message, place, hint)
    return Matrix()
