"""A run's journal: its events on disk, one JSON object a line, in the order they happened."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from samo.pipeline.event import Event, from_json, to_json
from samo.pipeline.problem import Problem, ProblemKind, SamoError
from samo.system import write_all

_TAIL_BYTES = 1 << 16


class Journal:
    """The journal at `path`, open for adding to it; belongs to one thread.

    What a crash left of a last line is cut off, so that the next event starts on its own line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        self._size = _whole_lines(self._descriptor)
        os.ftruncate(self._descriptor, self._size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)

    def append(self, event: Event) -> None:
        """Hand one event to the system: a kill of this process cannot lose it any more."""
        line = json.dumps(to_json(event), separators=(",", ":")).encode("ascii") + b"\n"
        try:
            write_all(self._descriptor, line)
        except OSError as error:
            os.ftruncate(self._descriptor, self._size)
            raise SamoError(
                Problem(
                    kind=ProblemKind.STORE,
                    message=f"cannot write the journal {self._path}: {error.strerror}",
                    hint="what was written before is kept; free some space and run again",
                )
            ) from error
        self._size += len(line)

    def sync(self) -> None:
        """Return once the disk has all events: a power cut cannot lose them any more."""
        os.fsync(self._descriptor)


def read_journal(path: Path) -> Iterator[Event]:
    """Yield the events of a journal; a last line that a crash tore off is left out.

    Raises SamoError where the file is missing, or a whole line is no event.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise _unreadable(f"the journal {path} is missing") from error
    with file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield from_json(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise _unreadable(f"line {number} of the journal {path} is no event") from error


def _unreadable(message: str) -> SamoError:
    return SamoError(Problem(kind=ProblemKind.STORE, message=message))


def _whole_lines(descriptor: int) -> int:
    """Return how many bytes of the file end in a line break."""
    end = os.fstat(descriptor).st_size
    while end:
        start = max(0, end - _TAIL_BYTES)
        at = os.pread(descriptor, end - start, start).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        end = start
    return 0
