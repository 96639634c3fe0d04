"""What of the user's own a call of `samo run` grants: contexts, and variables of the project."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from samo.cli.contexts import Variables, read_contexts
from samo.cli.elsewhere import found, not_set
from samo.cli.own_contexts import read_own_contexts
from samo.cli.run_call import RunCall
from samo.engine import Grants
from samo.pipeline.problem import ConfigError, Problem, ProblemKind, UsageError, nearest


def grants_of(call: RunCall, own: Path, root: Path, environ: Mapping[str, str]) -> Grants:
    """Return what the call grants the project at `root`; `own` is the user's file of contexts.

    The contexts in the file that the call names are granted; of the user's own those that the
    call names, or the user's file for this project: a repository cannot grant itself anything.
    Raises SamoError where a file, a name or a value is not as it has to be.
    """
    mine = read_own_contexts(own, root)
    given = read_contexts(call.context_file) if call.context_file else {}
    all_contexts = {**mine.contexts, **given}
    _require_known(call.contexts, all_contexts, own)
    names = dict.fromkeys((*given, *call.contexts, *mine.project.grant))
    tables = {name: all_contexts[name] for name in names}
    values = _Values(environ)
    contexts = {name: values.of(table) for name, table in tables.items()}
    variables = {**values.of(mine.project.variables), **values.passed(call.pass_env)}
    values.raise_errors()
    secrets = (value for table in (*contexts.values(), variables) for value in table.values())
    return Grants(
        contexts=contexts,
        known=tuple(name for name in all_contexts if name not in contexts),
        variables=variables,
        passed=call.pass_env,
        secrets=frozenset(secrets),
    )


class _Values:
    """Values from where they stand; what is not to be had is told together."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[Problem] = []

    def of(self, variables: Variables) -> dict[str, str]:
        return dict(self._found(variables))

    def passed(self, names: tuple[str, ...]) -> dict[str, str]:
        environ = self._environ
        self._problems += [not_set(name, environ) for name in names if name not in environ]
        return {name: environ[name] for name in names if name in environ}

    def raise_errors(self) -> None:
        if self._problems:
            raise ConfigError(*self._problems)

    def _found(self, variables: Variables) -> Iterator[tuple[str, str]]:
        for name, value in variables.items():
            match value if isinstance(value, str) else found(value, self._environ):
                case Problem() as problem:
                    self._problems.append(problem)
                case text:
                    yield name, text


def _require_known(names: tuple[str, ...], known: Mapping[str, object], own: Path) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        listed = f"there are: {', '.join(known)}" if known else f"define it in {own}"
        raise UsageError(
            *(
                Problem(
                    kind=ProblemKind.USAGE,
                    message=f"no context '{name}' can be granted",
                    hint=nearest(name, known) or listed,
                )
                for name in unknown
            )
        )
