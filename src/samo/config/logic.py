"""Logic statements (LOG-001 to LOG-009): a condition from the text to true, false or UNBOUND."""

import math
import re
from collections.abc import Callable, Iterable

from samo.config.decode import is_absent, is_unbound, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.equality import MAX_VALUES, operand
from samo.config.evaluation import UNBOUND, Unbound
from samo.config.interpolate import split_text
from samo.config.scope import Scope, evaluate_scalar
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind, nearest
from samo.pipeline.regex import compile_java, is_full_match

MAX_DEPTH = 100

Verdict = bool | Unbound
OPERATORS = ("and", "or", "not", "equal", "matches")
_VARIABLE = re.compile(r"\$\{?[A-Za-z_]\w*\}?")
_EARLY = "conditions are decided before anything runs: test the variable in a step"
_EXPRESSION = re.compile(r"==|!=|\b(?:and|or|not|starts-with|matches)\b|^pipeline\.")


def decide(node: Node, scope: Scope, depth: int = 1) -> Verdict:
    """Return what a statement comes to, UNBOUND where only an invocation will know.

    What is wrong with it is noted, and gives UNBOUND.
    """
    if depth > MAX_DEPTH:
        return _fault(f"nested more than {MAX_DEPTH} levels deep", node.place, scope)
    match node:
        case ScalarNode():
            value = evaluate_scalar(node, scope).value
            if isinstance(value, str):
                _warn_of_text(node, scope)
            return truth(value)
        case MapNode():
            return _statement(node, scope, depth)
    hint = f"one of {', '.join(OPERATORS)}"
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
    listed = f"one of {', '.join(OPERATORS)}"
    for entry in entries:
        if entry.key not in OPERATORS:
            hint = nearest(entry.key, OPERATORS) or listed
            return _fault(f"unknown operator '{entry.key}'", entry.place, scope, hint)
    if len(entries) > 1:
        entries = _without_slip(entries, scope)
    if len(entries) != 1:
        place = entries[1].place if entries else node.place
        return _fault("a condition has exactly one operator", place, scope, listed)
    operator, argument = entries[0].key, entries[0].node
    if is_absent(argument):
        return False  # LOG-002
    return _APPLY[operator](argument, scope, depth)


def _without_slip(entries: list[Entry], scope: Scope) -> list[Entry]:
    """Leave out an operator above the one that was meant to be its argument: CircleCI does."""
    given = [entry for entry in entries if not is_absent(entry.node)]
    if len(given) != 1:
        return entries
    for entry in entries:
        if is_absent(entry.node):
            message = f"'{entry.key}' has no argument, and so no effect beside '{given[0].key}'"
            hint = "indent what belongs to it deeper"
            scope.problems.warn(ProblemKind.LOGIC, message, entry.place, hint)
    return given


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
        if item.size > MAX_VALUES:
            return _fault(f"'equal' compares up to {MAX_VALUES:,} values", item.place, scope)
        if isinstance(item, ScalarNode):
            _warn_of_variable(item, scope)
        values.append(operand(item, scope))
    if not values or any(value is UNBOUND for value in values):
        return UNBOUND
    return all(value == values[0] for value in values)


def _matches(node: Node, scope: Scope, _depth: int) -> Verdict:
    if not isinstance(node, MapNode):
        hint = "matches: {pattern: ^v.*, value: << pipeline.git.tag >>}"
        return _fault(f"'matches' takes a mapping, found {shown(node)}", node.place, scope, hint)
    for entry in node:
        if entry.key not in ("pattern", "value"):
            message = f"unknown key '{entry.key}' in 'matches'"
            return _fault(message, entry.place, scope, "allowed: pattern, value")
    pattern, value = node.get("pattern"), node.get("value")
    if (
        not isinstance(pattern, ScalarNode)
        or not isinstance(value, ScalarNode)
        or is_absent(pattern)
    ):
        return _fault("'matches' needs a 'pattern' and a 'value'", node.place, scope)
    _warn_of_variable(value, scope)
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
    try:
        return value.value is not None and is_full_match(compiled, value.text)
    except re.error as error:
        message = f"the pattern '{pattern.text}' is too hard to match: {error}"
        return _fault(message, pattern.place, scope)


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
    own_text = "".join(part for part in split_text(node.text) if isinstance(part, str))
    if node.text.startswith("$"):
        message = f"'{node.text}' is a text here, and so it always holds"
        scope.problems.warn(ProblemKind.LOGIC, message, node.place, _EARLY)
    elif _EXPRESSION.search(own_text):
        message = f"{shown(node)} is a text here, and so it always holds"
        hint = "put all of it into one tag" if node.has_tags else "write '<< ... >>' around it"
        scope.problems.warn(ProblemKind.LOGIC, message, node.place, hint)


def _warn_of_variable(node: ScalarNode, scope: Scope) -> None:
    """LOG-007: what a variable will hold is not known yet."""
    if _VARIABLE.fullmatch(node.text):
        message = f"'{node.text}' is compared as the text that it is"
        scope.problems.warn(ProblemKind.LOGIC, message, node.place, _EARLY)


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
