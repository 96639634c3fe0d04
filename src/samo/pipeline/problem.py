"""What can be wrong, and the one error that users see as text."""

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from itertools import islice

from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place

MAX_NAMES = 300
MAX_NAME = 100


class ProblemKind(StrEnum):
    """The error classes of the specification, of warnings, and of the world outside the file."""

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
    UNUSED = "unused"
    NO_EFFECT = "no-effect"
    DEPRECATED = "deprecated"
    USAGE = "usage"
    REPOSITORY = "repository"
    STORE = "store"
    MACHINE = "machine"


class Severity(StrEnum):
    """Whether a problem stops a run, or is legal and surely not meant."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another place that a problem has to do with, and what stands there."""

    message: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: the fact, where it stands, and the remedy.

    `related` are the places on the way to it, for readers that can open them.
    """

    kind: ProblemKind
    message: str
    place: Place | None = None
    hint: str = ""
    severity: Severity = Severity.ERROR
    related: tuple[Related, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        remedy = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.severity}: {self.message}{remedy}"


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


def closest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is closest to `name`, "" where none is close.

    So many names at most are compared, and none that is too long to be a slip of the pen.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only who errs needs it

    if len(name) > MAX_NAME:
        return ""
    candidates = [each for each in islice(known, MAX_NAMES) if len(each) <= MAX_NAME]
    return "".join(get_close_matches(name, candidates, n=1, cutoff=0.6))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?" for the known name closest to `name`, or ""."""
    close = closest(name, known)
    return f"did you mean '{close}'?" if close else ""
