"""Arguments bound to declared parameters, each checked against its type (PAR-005 to PAR-016)."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from samo.config.decode import NULL_TEXT, is_blank, is_unbound, shown, type_name
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.evaluation import UNBOUND
from samo.config.library import Found, Kind, Library, find
from samo.config.parameters import Parameter, ParameterType
from samo.config.scope import (
    ExecutorValue,
    Scope,
    StepsValue,
    evaluate,
    evaluate_scalar,
)
from samo.pipeline.place import Place
from samo.pipeline.problem import MAX_NAMES, ProblemKind, closest, nearest

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN_TYPES = {
    ParameterType.STRING: str,
    ParameterType.BOOLEAN: bool,
    ParameterType.INTEGER: int,
}


def bind(found: Found, given: Sequence[Entry], scope: Scope, place: Place) -> Mapping[str, object]:
    """Return the values of an element's parameters; `scope` is the caller's, `place` the call.

    What is wrong with an argument is noted, and the value is UNBOUND: wrong once is enough. Where
    nothing stands behind an argument's name, the default holds, as CircleCI has it.
    """
    declared = found.element.parameters
    arguments = {entry.key: entry for entry in given}
    misspelt: set[str] = set()
    for entry in given:
        if entry.key not in declared:
            _note_unexpected(entry, found, scope)
            misspelt.add(closest(entry.key, declared))
    defaults = scope.within(found.library) if declared else scope
    values: dict[str, object] = {}
    for name, parameter in declared.items():
        argument = arguments.get(name)
        if parameter.default is not None and (argument is None or is_blank(argument.node)):
            values[name] = coerce(parameter, parameter.default, defaults)
        elif argument is not None:
            values[name] = coerce(parameter, argument.node, scope)
        else:
            values[name] = UNBOUND
            if name in misspelt:
                continue
            message = f"{found.element.title} needs the argument '{name}'"
            hint = f"add '{name}:'" + (f", {_wanted(parameter)}" if parameter.type else "")
            scope.problems.add(ProblemKind.PARAM_MISSING, message, place, hint)
    return values


def unbound(found: Found) -> Mapping[str, object]:
    """Return the parameters of an element that is checked for itself, without a caller."""
    return dict.fromkeys(found.element.parameters, UNBOUND)


def coerce(parameter: Parameter, node: Node, scope: Scope) -> object:
    """Return the value that a node has as an argument; problems are noted, and give UNBOUND."""
    match parameter.type:
        case None:
            return UNBOUND
        case ParameterType.STEPS if isinstance(node, ListNode):
            return StepsValue(steps=node, scope=scope)
        case ParameterType.EXECUTOR if isinstance(node, MapNode):
            return _named_executor(parameter, node, scope)
    if isinstance(node, ScalarNode):
        node = evaluate_scalar(node, scope)
        if is_unbound(node):
            return UNBOUND
        return _coerce_scalar(parameter, node, scope)
    return _mismatch(parameter, node, scope)


def _coerce_scalar(parameter: Parameter, node: ScalarNode, scope: Scope) -> object:
    value = node.value
    if parameter.type is ParameterType.EXECUTOR and isinstance(value, str):
        return _executor(parameter, node, (), scope)
    if parameter.type is ParameterType.STRING and node.text == NULL_TEXT and value is None:
        return ""  # a pipeline value that is null, handed on
    return value if fits(parameter, value) else _mismatch(parameter, node, scope)


def fits(parameter: Parameter, value: object) -> bool:
    """Whether a value is of a parameter's type: no text stands for a number, nor one for a text."""
    match parameter.type:
        case ParameterType.EXECUTOR:
            return isinstance(value, ExecutorValue)
        case ParameterType.STEPS:
            return isinstance(value, StepsValue)
        case ParameterType.ENUM:
            return any(type(value) is type(each) and value == each for each in parameter.options)
        case ParameterType.ENV_VAR_NAME:
            return isinstance(value, str) and _VARIABLE.fullmatch(value) is not None
        case None:
            return True
    return type(value) is _PLAIN_TYPES[parameter.type]


def _named_executor(parameter: Parameter, node: MapNode, scope: Scope) -> object:
    name = node.get("name")
    if not isinstance(name, ScalarNode):
        return _mismatch(parameter, node, scope)
    name = evaluate_scalar(name, scope)
    rest = tuple(
        Entry(entry.key, entry.place, evaluate(entry.node, scope))
        for entry in node
        if entry.key != "name"
    )
    return UNBOUND if is_unbound(name) else _executor(parameter, name, rest, scope)


def _executor(
    parameter: Parameter, node: ScalarNode, arguments: tuple[Entry, ...], scope: Scope
) -> object:
    if not isinstance(node.value, str):
        return _mismatch(parameter, node, scope)
    found = find(scope.library, Kind.EXECUTOR, node.text)
    if found is None:
        note_unknown(Kind.EXECUTOR, node.text, node.place, scope)
        return UNBOUND
    if isinstance(found, Found):
        scope.usage.note(scope.calls[-1] if scope.calls else None, found.element, node.place)
    return ExecutorValue(name=node.text, arguments=arguments, scope=scope, place=node.place)


def note_unknown(kind: Kind, name: str, place: Place, scope: Scope) -> None:
    """Note that nothing has this name."""
    known = tuple(islice(scope.library.names(kind), MAX_NAMES))
    hint = orb_hint(kind, name, scope) or nearest(name, known)
    if not hint:
        hint = f"{kind}s here: {', '.join(known[:10])}" if known else f"no {kind} is defined here"
    scope.problems.add(ProblemKind.UNKNOWN_REFERENCE, f"unknown {kind} '{name}'", place, hint)


def orb_hint(kind: Kind, name: str, scope: Scope) -> str:
    """Return what to say of an unknown element of an orb, "" for any other name."""
    alias, slash, _ = name.partition("/")
    orb = scope.library.orbs.get(alias)
    if not isinstance(orb, Library):
        return f"no orb '{alias}' is imported here: add it under 'orbs'" if slash else ""
    known = tuple(f"{alias}/{each}" for each in orb.elements.get(kind, {}))
    listed = f"it has: {', '.join(known[:10])}" if known else f"the orb '{alias}' has no {kind}s"
    if not slash:
        return f"'{alias}' is an orb; {listed}"
    return nearest(name, known) or listed


def _note_unexpected(entry: Entry, found: Found, scope: Scope) -> None:
    declared = found.element.parameters
    message = f"{found.element.title} has no parameter '{entry.key}'"
    hint = nearest(entry.key, declared)
    if not hint:
        hint = f"it has: {', '.join(declared)}" if declared else "it takes no arguments"
    scope.problems.add(ProblemKind.PARAM_UNEXPECTED, message, entry.place, hint)


def _mismatch(parameter: Parameter, node: Node, scope: Scope) -> object:
    message = f"parameter '{parameter.name}' must be {_wanted(parameter)}, found {shown(node)}"
    scope.problems.add(ProblemKind.PARAM_TYPE, message, node.place, _remedy(parameter, node))
    return UNBOUND


def _wanted(parameter: Parameter) -> str:
    match parameter.type:
        case ParameterType.ENUM:
            return f"one of {', '.join(str(each) for each in parameter.options)}"
        case ParameterType.STEPS:
            return "a list of steps"
        case ParameterType.ENV_VAR_NAME:
            return "the name of an environment variable"
        case ParameterType.EXECUTOR:
            return "the name of an executor"
        case ParameterType.INTEGER:
            return "an integer"
    return f"a {parameter.type}"


def _remedy(parameter: Parameter, node: Node) -> str:
    if not isinstance(node, ScalarNode):
        return ""
    if parameter.type is ParameterType.STRING and type_name(node.value) in (
        "boolean",
        "integer",
        "number",
    ):
        return f'quote it: "{node.text}"'
    if parameter.type in (ParameterType.BOOLEAN, ParameterType.INTEGER) and node.value:
        return "write it without quotes" if isinstance(node.value, str) else ""
    if parameter.type is ParameterType.ENUM:
        return nearest(node.text, [str(each) for each in parameter.options])
    return ""
