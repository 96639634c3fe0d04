"""Pipeline parameters: what a trigger passes as text, bound to what is declared (PAR-017)."""

from collections.abc import Mapping, Sequence

from samo.config.arguments import coerce
from samo.config.expression import UNBOUND
from samo.config.parameters import Parameter, ParameterType
from samo.config.scope import Scope
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The arguments of a trigger, still text: the declared type decides what they mean."""

    texts: tuple[tuple[str, str], ...] = ()


NO_ARGUMENTS = Arguments()


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
    declared: Mapping[str, Parameter], arguments: Arguments, scope: Scope
) -> Mapping[str, object]:
    """Return the values of the pipeline parameters; `scope` is that of their declarations.

    What a trigger passes wrongly has no place in the file.
    """
    values: dict[str, object] = {
        name: UNBOUND if parameter.default is None else coerce(parameter, parameter.default, scope)
        for name, parameter in declared.items()
    }
    for name, text in arguments.texts:
        if name in declared:
            values[name] = _typed(declared[name], text, scope)
            continue
        message = f"the pipeline has no parameter '{name}'"
        hint = nearest(name, declared)
        if not hint:
            hint = f"it has: {', '.join(declared)}" if declared else "it declares none"
        scope.problems.add(ProblemKind.PARAM_UNEXPECTED, message, None, hint)
    return values


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
    wanted = {
        ParameterType.BOOLEAN: "true or false",
        ParameterType.INTEGER: "a whole number",
        ParameterType.ENUM: f"one of {', '.join(str(each) for each in parameter.options)}",
    }
    message = f"pipeline parameter '{parameter.name}' must be {wanted.get(parameter.type, '')}"
    scope.problems.add(ProblemKind.PARAM_TYPE, f"{message}, found '{text}'", None)
    return UNBOUND
