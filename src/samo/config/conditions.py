"""`when` and `unless` of a workflow, and `filters` that are an expression (LOG-010 to LOG-014)."""

from samo.config.decode import is_unbound
from samo.config.document import ListNode, MapNode, Node, ScalarNode
from samo.config.evaluation import ExpressionError, Unbound
from samo.config.expression import evaluate_expression, is_true, parse_expression
from samo.config.interpolate import split_text
from samo.config.logic import Verdict, decide, truth
from samo.config.scope import Scope, evaluate_scalar, look_up, note_fault
from samo.pipeline.job import Condition
from samo.pipeline.problem import ProblemKind

MAX_SHOWN = 60
"""So many values of a condition are shown."""


def when(node: Node, scope: Scope) -> Condition:
    """Return the condition of a workflow's `when`; one that is wrong is noted, and holds."""
    verdict = _verdict(node, scope)
    return Condition(text=condition_text(node), holds=bool(verdict), place=node.place)


def unless(node: Node, scope: Scope) -> Condition:
    """Return the condition of a workflow's `unless`: its opposite is what must hold."""
    verdict = _verdict(node, scope)
    text = f"unless {condition_text(node)}"
    return Condition(text=text, holds=not verdict, place=node.place)


def filter_expression(node: ScalarNode, scope: Scope) -> Condition:
    """Return the condition of a job whose `filters` are an expression (WF-027)."""
    value = evaluate_scalar(node, scope)
    is_text = isinstance(value.value, str)
    verdict = _expression(value, scope) if is_text else truth(value.value)
    return Condition(text=condition_text(node), holds=bool(verdict), place=node.place)


def condition_text(node: Node) -> str:
    """Return a condition in one line, as a reader of the file knows it; "..." for a long one."""
    if node.size > MAX_SHOWN:
        return "..."
    match node:
        case ScalarNode():
            return " ".join(node.text.split())
        case ListNode():
            return f"[{', '.join(map(condition_text, node.items))}]"
        case MapNode():
            return ", ".join(f"{entry.key}: {_inner(entry.node)}" for entry in node)


def _inner(node: Node) -> str:
    text = condition_text(node)
    return f"{{{text}}}" if isinstance(node, MapNode) else text


def _verdict(node: Node, scope: Scope) -> Verdict:
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        return decide(node, scope)
    if not node.has_tags:
        return _expression(node, scope)
    try:
        parts = split_text(node.text)
    except ExpressionError as error:
        note_fault(error, node, scope)
        return True
    if any(isinstance(part, str) and not part.isspace() for part in parts):
        message = "a text that mixes '<< >>' with other text always holds"
        hint = "write an expression without '<< >>', or put all of it into one tag"
        scope.problems.warn(ProblemKind.LOGIC, message, node.place, hint)
    value = evaluate_scalar(node, scope)
    if is_unbound(value):
        return True
    # The space around a tag, a block's last line break among it, is no part of the value.
    return truth(value.text.strip() if isinstance(value.value, str) else value.value)


def _expression(node: ScalarNode, scope: Scope) -> Verdict:
    try:
        tree = parse_expression(node.text)
        value = evaluate_expression(tree, lambda name, at: look_up(scope, name, at))
    except ExpressionError as error:
        note_fault(error, node, scope)
        return True
    return value if isinstance(value, Unbound) else is_true(value)
