"""What keeps an orb from being at hand."""

from samo.pipeline.problem import ConfigError, Problem, ProblemKind


class UnreachableError(ConfigError):
    """Nobody answered: no network, a timeout, or a server in trouble."""


def unresolved(message: str, hint: str = "") -> ConfigError:
    """Return the error of an orb that cannot be had; its place is that of the reference."""
    return ConfigError(_problem(message, hint))


def unreachable(message: str, hint: str = "") -> UnreachableError:
    """Return the error of a server that did not answer."""
    return UnreachableError(_problem(message, hint))


def _problem(message: str, hint: str) -> Problem:
    return Problem(kind=ProblemKind.ORB_RESOLVE, message=message, hint=hint)
