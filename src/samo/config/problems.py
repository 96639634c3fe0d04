"""Where compilation gathers all that is wrong with a config."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from samo.config.uses import MAX_TOLD, UseIndex, Uses
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind, Related, Severity

MAX_MESSAGE = 400
MAX_PROBLEMS = 1000

_Key = tuple[ProblemKind, str, Place | None]
_Notes = dict[_Key, Problem]


class Problems:
    """The problems and warnings found so far, each once, in the order of the file."""

    def __init__(self) -> None:
        self.uses = Uses()
        self._errors: _Notes = {}
        self._warnings: _Notes = {}
        self._paths: dict[str, int] = {}
        self._trail: list[Related] = []

    def add(self, kind: ProblemKind, message: str, place: Place | None, hint: str = "") -> None:
        """Note an error; raises ConfigError where there are more than anybody mends at once."""
        self._note(Severity.ERROR, kind, message, place=place, hint=hint)
        if len(self._errors) == MAX_PROBLEMS:
            told = f"more than {MAX_PROBLEMS:,} problems: the config was read no further"
            self._note(Severity.ERROR, kind, told, place=place, hint="")
            self.raise_errors()

    def warn(self, kind: ProblemKind, message: str, place: Place | None, hint: str = "") -> None:
        """Note something that is legal but surely not meant."""
        self._note(Severity.WARNING, kind, message, place=place, hint=hint)

    def absorb(self, error: ConfigError) -> None:
        """Note what stopped the reading of a file, beside what was found before."""
        for problem in error.problems:
            self.add(problem.kind, problem.message, problem.place, problem.hint)

    @contextmanager
    def within(self, title: str, place: Place) -> Iterator[None]:
        """Name the way to what is noted meanwhile: workflow, job and commands (CFG-018).

        It is told only of what no element has wrong by itself, for whoever called it with what.
        """
        self._trail.append(Related(message=title, place=place))
        try:
            yield
        finally:
            self._trail.pop()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """All errors so far."""
        return self._sorted(self._errors.values())

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """All warnings so far."""
        return self._sorted(self._warnings.values())

    def in_order(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return problems in the order of the file; first what has no place in one."""
        return tuple(sorted(problems, key=self._position))

    def raise_errors(self) -> None:
        """Raise ConfigError if there is any error."""
        if self._errors:
            raise ConfigError(*self.errors)

    def _note(
        self,
        severity: Severity,
        kind: ProblemKind,
        message: str,
        *,
        place: Place | None,
        hint: str,
    ) -> None:
        notes = self._errors if severity is Severity.ERROR else self._warnings
        message = _one_line(message)
        if (kind, message, place) in notes or len(notes) > MAX_PROBLEMS:
            return
        if place:
            self._paths.setdefault(place.path, len(self._paths))
        way = tuple(self._trail) if len(self._trail) > 1 else ()
        told = f"in {', '.join(each.message for each in way)}" if way else ""
        notes[kind, message, place] = Problem(
            kind=kind,
            message=message,
            place=place,
            hint="; ".join(filter(None, (_one_line(hint), _one_line(told)))),
            severity=severity,
            related=way,
        )

    def _sorted(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        uses = self.uses.index()
        return tuple(_with_uses(each, uses) for each in self.in_order(problems))

    def _position(self, problem: Problem) -> tuple[int, int, int]:
        place = problem.place
        if place is None:
            return (-1, 0, 0)
        return (self._paths.get(place.path, len(self._paths)), place.line, place.column)


def _with_uses(problem: Problem, uses: UseIndex) -> Problem:
    """Tell who uses the text in which a problem stands (CFG-019)."""
    used = uses.of(problem.place) if problem.place else ()
    if not used:
        return problem
    told = f"used by {used[0].message} at {used[0].place}"
    if len(used) > 1:
        least = "at least " if len(used) == MAX_TOLD else ""
        told += f" and by {least}{len(used) - 1} more"
    hint = f"{problem.hint}; {told}" if problem.hint else told
    return replace(problem, hint=hint, related=(*problem.related, *used))


def _one_line(text: str) -> str:
    """Return a message that quotes the file as one line that a terminal can show."""
    if not text.isprintable():
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - 3] + "..."
