"""Where compilation gathers all that is wrong with a config."""

from collections.abc import Iterator
from contextlib import contextmanager

from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind

MAX_MESSAGE = 400

_Key = tuple[ProblemKind, str, Place | None]
_Notes = dict[_Key, Problem]


class Problems:
    """The problems and warnings found so far, each once, in the order of the file."""

    def __init__(self) -> None:
        self._errors: _Notes = {}
        self._warnings: _Notes = {}
        self._paths: dict[str, int] = {}
        self._trail: list[str] = []

    def add(self, kind: ProblemKind, message: str, place: Place | None, hint: str = "") -> None:
        """Note an error."""
        self._note(self._errors, kind, message, place=place, hint=hint)

    def warn(self, kind: ProblemKind, message: str, place: Place | None, hint: str = "") -> None:
        """Note something that is legal but surely not meant."""
        self._note(self._warnings, kind, message, place=place, hint=hint)

    @contextmanager
    def within(self, title: str) -> Iterator[None]:
        """Name the way to what is noted meanwhile: workflow, job and commands (CFG-018).

        It is told only of what no element has wrong by itself, for whoever called it with what.
        """
        self._trail.append(title)
        try:
            yield
        finally:
            self._trail.pop()

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """All warnings so far."""
        return self._sorted(self._warnings)

    def raise_errors(self) -> None:
        """Raise ConfigError if there is any error."""
        if self._errors:
            raise ConfigError(*self._sorted(self._errors))

    def _note(
        self, notes: _Notes, kind: ProblemKind, message: str, *, place: Place | None, hint: str
    ) -> None:
        message = _one_line(message)
        if (kind, message, place) in notes:
            return
        if place:
            self._paths.setdefault(place.path, len(self._paths))
        if len(self._trail) > 1:
            way = f"in {', '.join(self._trail)}"
            hint = f"{hint}; {way}" if hint else way
        problem = Problem(kind=kind, message=message, place=place, hint=_one_line(hint))
        notes[kind, message, place] = problem

    def _sorted(self, notes: _Notes) -> tuple[Problem, ...]:
        return tuple(sorted(notes.values(), key=self._position))

    def _position(self, problem: Problem) -> tuple[int, int, int]:
        place = problem.place
        return (self._paths[place.path], place.line, place.column) if place else (-1, 0, 0)


def _one_line(text: str) -> str:
    """Return a message that quotes the file as one line that a terminal can show."""
    if not text.isprintable():
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - 3] + "..."
