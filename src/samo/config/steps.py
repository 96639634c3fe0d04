"""A list of steps, with commands, conditions and `steps` parameters expanded (JOB-005)."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from samo.config.arguments import bind, orb_hint
from samo.config.builtin_steps import BUILTIN_STEPS, decode_step
from samo.config.decode import Fields, is_absent, is_unbound, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.evaluation import UNBOUND
from samo.config.library import Found, Kind, MissingOrb, find
from samo.config.parameters import ParameterType
from samo.config.scope import Scope, StepsValue, evaluate, evaluate_scalar
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind, nearest
from samo.pipeline.step import Step

MAX_DEPTH = 60

_CONDITIONS = ("when", "unless")
CONDITION_KEYS = ("condition", "steps")
_SIGNING = "install_signing_bundle"
_WORDS = (*BUILTIN_STEPS, *_CONDITIONS, "steps", _SIGNING)


def expand_steps(node: Node | None, scope: Scope) -> list[Step]:
    """Return the steps that a list comes to; what is wrong with it is noted."""
    if isinstance(node, ListNode):
        return [step for item in node.items for step in _expand_item(item, scope)]
    if isinstance(node, ScalarNode):
        node = evaluate_scalar(node, scope)
        if isinstance(node.value, StepsValue):
            return _splice(node.value, node.place, scope)
    if node is not None and not is_unbound(node):
        message = f"'steps' must be a list of steps, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place)
    return []


def _splice(value: StepsValue, place: Place, scope: Scope) -> list[Step]:
    """PAR-016, ORB-009: the steps mean what they mean where they were given."""
    depth = max(scope.depth, value.scope.depth) + 1
    scope.budget.take_step(place)
    scope.budget.take_values(value.steps.size, place)
    if depth > MAX_DEPTH:
        return _too_deep(place, scope)
    return expand_steps(value.steps, replace(value.scope, depth=depth))


def _expand_item(item: Node, scope: Scope) -> list[Step]:
    scope.budget.take_step(item.place)
    match item:
        case ScalarNode(value=str()):
            return _expand_named(Entry(item.text, item.place, MapNode(item.place, {})), scope)
        case MapNode() if len(item.entries) == 1:
            return _expand_named(next(iter(item)), scope)
        case MapNode() if item.entries:
            first, second, *_ = item
            message = f"a step has one key, found '{first.key}' and '{second.key}'"
            hint = f"indent what belongs to '{first.key}' deeper than it"
            scope.problems.add(ProblemKind.SCHEMA, message, second.place, hint)
        case _:
            message = f"a step must be a name, or a mapping with one key, found {shown(item)}"
            scope.problems.add(ProblemKind.SCHEMA, message, item.place)
    return []


def _expand_named(entry: Entry, scope: Scope) -> list[Step]:
    # JOB-004: a command that is named like a built-in step replaces it.
    found = find(scope.library, Kind.COMMAND, entry.key)
    if isinstance(found, Found):
        return _call(found, entry, scope)
    if isinstance(found, MissingOrb):
        return []
    # Hyphens were an accepted spelling of version 2.
    name = entry.key if scope.has_tags else entry.key.replace("-", "_")
    if name in _CONDITIONS and scope.has_tags:
        return _expand_condition(entry, scope)
    if name == "steps" and scope.has_tags:
        return expand_steps(entry.node, scope)
    return _decode(entry, name, scope)


def _decode(entry: Entry, name: str, scope: Scope) -> list[Step]:
    if name == _SIGNING:
        message = f"'{_SIGNING}' has no effect outside of CircleCI's macOS machines"
        scope.problems.warn(ProblemKind.UNSUPPORTED_LOCALLY, message, entry.place)
        return []
    if name not in BUILTIN_STEPS:
        _note_unknown(entry, scope)
        return []
    if name != entry.key:
        _warn_of_hyphen(entry, name, scope)
    step = decode_step(name, evaluate(entry.node, scope), entry.place, scope.problems)
    return [] if step is None else [step]


def _expand_condition(entry: Entry, scope: Scope) -> list[Step]:
    if not isinstance(entry.node, MapNode):
        message = f"'{entry.key}' needs 'condition' and 'steps', found {shown(entry.node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, entry.place)
        return []
    fields = Fields(entry.node, f"'{entry.key}'", entry.place, scope.problems)
    fields.allow(CONDITION_KEYS)
    condition, steps = entry.node.get("condition"), entry.node.get("steps")
    fields.require(*CONDITION_KEYS)
    if scope.depth >= MAX_DEPTH:
        return _too_deep(entry.place, scope)
    from samo.config.logic import decide  # noqa: PLC0415 - few steps have a condition

    verdict = UNBOUND if condition is None else decide(condition, scope)
    # An element that is checked for itself is checked in both of its branches.
    if scope.descends and verdict is not UNBOUND and verdict is not (entry.key == "when"):
        return []
    if is_absent(steps):
        return []
    return expand_steps(steps, replace(scope, depth=scope.depth + 1))


def _call(found: Found, entry: Entry, scope: Scope) -> list[Step]:
    scope.usage.note(scope.calls[-1] if scope.calls else None, found.element, entry.place)
    given = _arguments(entry, scope)
    if given is None:
        return []
    parameters = bind(found, given, scope, entry.place)
    if not scope.descends:
        check_given_steps(found, given, scope)
        return []
    if found.element in scope.calls:
        return []  # Usage.loops tells of it
    if scope.depth >= MAX_DEPTH:
        return _too_deep(entry.place, scope)
    with scope.problems.within(f"command '{entry.key}'", entry.place):
        return expand_steps(found.body.get("steps"), scope.inside(found, parameters))


def check_given_steps(found: Found, given: Sequence[Entry], scope: Scope) -> None:
    """Check the lists of steps among the arguments of a call, in the scope of the giver."""
    for entry in given:
        parameter = found.element.parameters.get(entry.key)
        if parameter and parameter.type is ParameterType.STEPS and isinstance(entry.node, ListNode):
            expand_steps(entry.node, scope)


def _arguments(entry: Entry, scope: Scope) -> tuple[Entry, ...] | None:
    """Return what a call gives; None where it has another form, which is noted."""
    if isinstance(entry.node, MapNode):
        return tuple(entry.node)
    if is_absent(entry.node):
        return ()
    message = f"the arguments of '{entry.key}' must be a mapping, found {shown(entry.node)}"
    hint = "write 'name: value' below it, without '-'"
    scope.problems.add(ProblemKind.SCHEMA, message, entry.node.place, hint)
    return None


def _note_unknown(entry: Entry, scope: Scope) -> None:
    known = chain(_WORDS, scope.library.names(Kind.COMMAND))
    hint = orb_hint(Kind.COMMAND, entry.key, scope) or nearest(entry.key, known)
    if entry.key in _WORDS:
        hint = "it needs version 2.1"
    hint = hint or "neither a built-in step nor a command of this config"
    message = f"unknown step '{entry.key}'"
    scope.problems.add(ProblemKind.UNKNOWN_REFERENCE, message, entry.place, hint)


def _warn_of_hyphen(entry: Entry, name: str, scope: Scope) -> None:
    message = f"the step '{entry.key}' is an old spelling"
    scope.problems.warn(ProblemKind.DEPRECATED, message, entry.place, f"write '{name}'")


def _too_deep(place: Place, scope: Scope) -> list[Step]:
    message = f"steps are nested more than {MAX_DEPTH} levels deep"
    scope.problems.add(ProblemKind.GRAPH, message, place, "call fewer commands of commands")
    return []
