"""What can be wrong, and the one error that users see as text."""

from collections.abc import Iterable
from enum import StrEnum

from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place


class ProblemKind(StrEnum):
    """The error classes of the specification, and those of the world outside the file."""

    CONFIG_MISSING = "config-missing"
    YAML_SYNTAX = "yaml-syntax"
    YAML_DUPLICATE_KEY = "yaml-duplicate-key"
    VERSION = "version"
    SCHEMA = "schema"
    UNKNOWN_REFERENCE = "unknown-reference"
    PARAM_MISSING = "param-missing"
    PARAM_UNEXPECTED = "param-unexpected"
    PARAM_TYPE = "param-type"
    PARAM_UNDECLARED = "param-undeclared"
    INTERPOLATION = "interpolation"
    LOGIC = "logic"
    EXPRESSION_SYNTAX = "expression-syntax"
    EXPRESSION_TYPE = "expression-type"
    GRAPH = "graph"
    MATRIX = "matrix"
    FILTER = "filter"
    ORB_RESOLVE = "orb-resolve"
    DYNAMIC = "dynamic"
    UNSUPPORTED_LOCALLY = "unsupported-locally"
    USAGE = "usage"
    REPOSITORY = "repository"
    STORE = "store"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: the fact, where it stands, and the remedy."""

    kind: ProblemKind
    message: str
    place: Place | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        remedy = f" ({self.hint})" if self.hint else ""
        return f"{where}error: {self.message}{remedy}"


class SamoError(Exception):
    """The error that users see as text: its problems, one line each; subclasses set the status."""

    exit_status = 1

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class ConfigError(SamoError):
    """The config is wrong; nothing has run."""

    exit_status = 2


class UsageError(SamoError):
    """The call is wrong: its arguments, or the place it was made from; nothing has run."""

    exit_status = 2


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?" for the known name closest to `name`, or ""."""
    from difflib import get_close_matches  # noqa: PLC0415 - only who errs needs it

    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""
