"""Logic statements (LOG-001 to LOG-009): a condition from the text to true, false or UNBOUND."""

import math
import re
from collections.abc import Callable, Iterable

from samo.config.decode import is_absent, is_unbound, shown
from samo.config.document import ListNode, MapNode, Node, ScalarNode
from samo.config.expression import UNBOUND, Unbound
from samo.config.scope import Scope, evaluate_scalar
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind, nearest
from samo.pipeline.regex import compile_java

MAX_DEPTH = 100

Verdict = bool | Unbound
_OPERATORS = ("and", "or", "not", "equal", "matches")
_EXPRESSION = re.compile(r"==|!=|\b(?:and|or|starts-with|matches)\b|^pipeline\.")


def decide(node: Node, scope: Scope, depth: int = 1) -> Verdict:
    """Return what a statement comes to, UNBOUND where only an invocation will know.

    What is wrong with it is noted, and gives UNBOUND.
    """
    if depth > MAX_DEPTH:
        return _fault(f"nested more than {MAX_DEPTH} levels deep", node.place, scope)
    match node:
        case ScalarNode():
            if not node.has_tags:
                _warn_of_text(node, scope)
            return truth(evaluate_scalar(node, scope).value)
        case MapNode():
            return _statement(node, scope, depth)
    hint = f"one of {', '.join(_OPERATORS)}"
    return _fault(f"a condition cannot be {shown(node)}", node.place, scope, hint)


def truth(value: object) -> Verdict:
    """Return whether a value holds in a logic statement (LOG-005); UNBOUND stays so."""
    if isinstance(value, Unbound):
        return UNBOUND
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value)


def _statement(node: MapNode, scope: Scope, depth: int) -> Verdict:
    entries = list(node)
    listed = f"one of {', '.join(_OPERATORS)}"
    for entry in entries:
        if entry.key not in _OPERATORS:
            hint = nearest(entry.key, _OPERATORS) or listed
            return _fault(f"unknown operator '{entry.key}'", entry.place, scope, hint)
    if len(entries) != 1:
        place = entries[1].place if entries else node.place
        return _fault("a condition has exactly one operator", place, scope, listed)
    operator, argument = entries[0].key, entries[0].node
    if is_absent(argument):
        return False  # LOG-002
    return _APPLY[operator](argument, scope, depth)


def _and(node: Node, scope: Scope, depth: int) -> Verdict:
    return _conjunction([decide(each, scope, depth + 1) for each in _items("and", node, scope)])


def _or(node: Node, scope: Scope, depth: int) -> Verdict:
    verdicts = [decide(each, scope, depth + 1) for each in _items("or", node, scope)]
    return _negation(_conjunction([_negation(each) for each in verdicts]))


def _not(node: Node, scope: Scope, depth: int) -> Verdict:
    if isinstance(node, ListNode):
        return _fault("'not' takes one condition, not a list", node.place, scope)
    return _negation(decide(node, scope, depth + 1))


def _equal(node: Node, scope: Scope, _depth: int) -> Verdict:
    values: list[object] = []
    for item in _items("equal", node, scope):
        if not isinstance(item, ScalarNode):
            return _fault(f"'equal' compares values, found {shown(item)}", item.place, scope)
        values.append(evaluate_scalar(item, scope).value)
    if not values or any(value is UNBOUND for value in values):
        return UNBOUND
    return all(type(each) is type(values[0]) and each == values[0] for each in values)


def _matches(node: Node, scope: Scope, _depth: int) -> Verdict:
    if not isinstance(node, MapNode):
        hint = "matches: {pattern: ^v.*, value: << pipeline.git.tag >>}"
        return _fault(f"'matches' takes a mapping, found {shown(node)}", node.place, scope, hint)
    for entry in node:
        if entry.key not in ("pattern", "value"):
            message = f"unknown key '{entry.key}' in 'matches'"
            return _fault(message, entry.place, scope, "allowed: pattern, value")
    pattern, value = node.get("pattern"), node.get("value")
    if not isinstance(pattern, ScalarNode) or not isinstance(value, ScalarNode):
        return _fault("'matches' needs a 'pattern' and a 'value'", node.place, scope)
    return _matched(evaluate_scalar(pattern, scope), evaluate_scalar(value, scope), scope)


def _matched(pattern: ScalarNode, value: ScalarNode, scope: Scope) -> Verdict:
    if is_unbound(pattern):
        return UNBOUND
    try:
        compiled = compile_java(pattern.text)
    except (re.error, OverflowError, RecursionError) as error:
        message = f"the pattern '{pattern.text}' is no regular expression: {error}"
        return _fault(message, pattern.place, scope)
    if is_unbound(value):
        return UNBOUND
    return value.value is not None and compiled.fullmatch(value.text) is not None


def _items(operator: str, node: Node, scope: Scope) -> Iterable[Node]:
    if isinstance(node, ListNode) and node.items:
        return node.items
    _fault(f"'{operator}' takes a list with at least one item", node.place, scope)
    return ()


def _conjunction(verdicts: list[Verdict]) -> Verdict:
    if not verdicts or False in verdicts:
        return False if verdicts else UNBOUND
    return UNBOUND if UNBOUND in verdicts else True


def _negation(verdict: Verdict) -> Verdict:
    return UNBOUND if isinstance(verdict, Unbound) else not verdict


def _warn_of_text(node: ScalarNode, scope: Scope) -> None:
    """LOG-007, LOG-009: text is true unless it is empty, whatever it says."""
    if not isinstance(node.value, str):
        return
    if node.text.startswith("$"):
        message = f"'{node.text}' is a text here, and so it always holds"
        hint = "conditions are decided before anything runs: test the variable in a step"
        scope.problems.warn(ProblemKind.LOGIC, message, node.place, hint)
    elif _EXPRESSION.search(node.text):
        message = f"{shown(node)} is a text here, and so it always holds"
        scope.problems.warn(ProblemKind.LOGIC, message, node.place, "write '<< ... >>' around it")


def _fault(message: str, place: Place, scope: Scope, hint: str = "") -> Unbound:
    scope.problems.add(ProblemKind.LOGIC, message, place, hint)
    return UNBOUND


_APPLY: dict[str, Callable[[Node, Scope, int], Verdict]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "equal": _equal,
    "matches": _matches,
}
