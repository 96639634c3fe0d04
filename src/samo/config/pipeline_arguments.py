"""Pipeline parameters: what a trigger or a continuation passes, bound to what is declared."""

from collections.abc import Iterable, Mapping, Sequence

from samo.config.arguments import coerce, fits
from samo.config.evaluation import UNBOUND
from samo.config.parameters import Parameter, ParameterType
from samo.config.scope import Scope
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The arguments of a trigger, still text: what is declared decides what they mean (PAR-017)."""

    texts: tuple[tuple[str, str], ...] = ()


NO_ARGUMENTS = Arguments()

MAX_ARGUMENTS = 100
MAX_NAME = 128
MAX_TEXT = 512
"""What a trigger of the cloud may pass: so many arguments, of so many characters (PAR-017)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """What a request that continues a setup pipeline passes: values as JSON has them (DYN-009).

    `trigger` are the arguments that the setup pipeline had: they hold where the continued config
    declares them. `changed` are those that had another value than the setup config's default,
    which a request may not pass again (DYN-010).
    """

    parameters: Mapping[str, object]
    trigger: Arguments = NO_ARGUMENTS
    changed: frozenset[str] = frozenset()


Given = Arguments | Continuation
"""What pipeline parameters may be given by."""


def arguments_from_text(params: Sequence[str]) -> Arguments:
    """Return the arguments in `K=V` form; raises UsageError for what has another form."""
    problems = [
        Problem(
            kind=ProblemKind.USAGE,
            message=f"'{param}' gives no pipeline parameter a value",
            hint="write --param NAME=VALUE",
        )
        for param in params
        if not param.partition("=")[0] or "=" not in param
    ]
    if problems:
        raise UsageError(*problems)
    parts = [param.partition("=") for param in params]
    return Arguments(texts=tuple((name, value) for name, _, value in parts))


def bind_pipeline(
    declared: Mapping[str, Parameter], arguments: Given, scope: Scope
) -> Mapping[str, object]:
    """Return the values of the pipeline parameters; `scope` is that of their declarations.

    What is passed wrongly has no place in the file.
    """
    values: dict[str, object] = {
        name: UNBOUND if parameter.default is None else coerce(parameter, parameter.default, scope)
        for name, parameter in declared.items()
    }
    match arguments:
        case Arguments():
            _warn_of_excess(arguments, scope)
            _check_declared([name for name, _ in arguments.texts], declared, scope)
            values |= _from_texts(arguments, declared, scope)
        case Continuation():
            _check_declared(arguments.parameters, declared, scope)
            _check_conflicts(arguments, scope)
            values |= _from_texts(arguments.trigger, declared, scope)
            values |= {
                name: _from_json(declared[name], value, scope)
                for name, value in arguments.parameters.items()
                if name in declared
            }
    return values


def changed_parameters(
    declared: Mapping[str, Parameter], values: Mapping[str, object], scope: Scope
) -> frozenset[str]:
    """Return the parameters whose value is not their default (DYN-010)."""
    return frozenset(
        name
        for name, parameter in declared.items()
        if parameter.default is not None
        and values[name] != coerce(parameter, parameter.default, scope)
    )


def _check_declared(names: Iterable[str], declared: Mapping[str, Parameter], scope: Scope) -> None:
    for name in names:
        if name not in declared:
            message = f"the pipeline has no parameter '{name}'"
            hint = nearest(name, declared)
            if not hint:
                hint = f"it has: {', '.join(declared)}" if declared else "it declares none"
            scope.problems.add(ProblemKind.PARAM_UNEXPECTED, message, None, hint)


def _warn_of_excess(arguments: Arguments, scope: Scope) -> None:
    if len(arguments.texts) > MAX_ARGUMENTS:
        message = f"{len(arguments.texts)} pipeline parameters are passed"
        hint = f"the cloud takes {MAX_ARGUMENTS}"
        scope.problems.warn(ProblemKind.PARAM_UNEXPECTED, message, None, hint)
    for name, text in arguments.texts:
        if len(name) > MAX_NAME or len(text) > MAX_TEXT:
            message = f"pipeline parameter '{name}' or its value is long"
            hint = f"the cloud takes names of {MAX_NAME} characters, values of {MAX_TEXT}"
            scope.problems.warn(ProblemKind.PARAM_TYPE, message, None, hint)


def _check_conflicts(continuation: Continuation, scope: Scope) -> None:
    both = [name for name in continuation.parameters if name in continuation.changed]
    if both:
        message = "Conflicting pipeline parameters."  # what CircleCI replies
        hint = f"the trigger gave a value already to: {', '.join(both)}"
        scope.problems.add(ProblemKind.DYNAMIC, message, None, hint)


def _from_texts(
    arguments: Arguments, declared: Mapping[str, Parameter], scope: Scope
) -> dict[str, object]:
    return {
        name: _typed(declared[name], text, scope)
        for name, text in arguments.texts
        if name in declared
    }


def _from_json(parameter: Parameter, value: object, scope: Scope) -> object:
    if parameter.type is None:
        return UNBOUND
    return value if fits(parameter, value) else _mismatch(parameter, _shown(value), scope)


def _typed(parameter: Parameter, text: str, scope: Scope) -> object:
    match parameter.type:
        case ParameterType.STRING:
            return text
        case ParameterType.BOOLEAN if text in ("true", "false"):
            return text == "true"
        case ParameterType.INTEGER if text.removeprefix("-").isdecimal() and len(text) < 20:
            return int(text)
        case ParameterType.ENUM:
            for option in parameter.options:
                if str(option) == text:
                    return option
        case None:
            return UNBOUND
    return _mismatch(parameter, f"'{text}'", scope)


def _mismatch(parameter: Parameter, found: str, scope: Scope) -> object:
    wanted: dict[ParameterType | None, str] = {
        ParameterType.STRING: "a string",
        ParameterType.BOOLEAN: "true or false",
        ParameterType.INTEGER: "a whole number",
        ParameterType.ENUM: f"one of {', '.join(str(each) for each in parameter.options)}",
    }
    message = f"pipeline parameter '{parameter.name}' must be {wanted.get(parameter.type, '')}"
    scope.problems.add(ProblemKind.PARAM_TYPE, f"{message}, found {found}", None)
    return UNBOUND


def _shown(value: object) -> str:
    match value:
        case str():
            return f"'{value}'"
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case int() | float():
            return str(value)
    return "a list" if isinstance(value, Sequence) else "an object"
