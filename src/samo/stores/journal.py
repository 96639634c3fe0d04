"""A run's journal: its events on disk, one JSON object a line, in the order they happened."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from samo.pipeline.event import Event, from_json, to_line
from samo.stores.problems import store_failure, store_problem
from samo.system import write_all

_TAIL_BYTES = 1 << 16
_APPEND = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC


class Journal:
    """The journal at `path`, open for adding to it; belongs to one thread.

    What a crash left of a last line is cut off, so that the next event starts on its own line.
    Raises SamoError where it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, _APPEND, 0o666)
        except OSError as error:
            raise store_failure(f"cannot open the journal {path}", error) from error
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

    def append(self, *events: Event) -> None:
        """Hand events to the system: a kill of this process cannot lose them any more."""
        lines = "".join(f"{to_line(event)}\n" for event in events).encode("ascii")
        try:
            write_all(self._descriptor, lines)
        except OSError as error:
            os.ftruncate(self._descriptor, self._size)
            raise store_problem(
                f"cannot write the journal {self._path}: {error.strerror}",
                "what was written before is kept; free some space and run again",
            ) from error
        self._size += len(lines)

    def sync(self) -> None:
        """Return once the disk has all events: a power cut cannot lose them any more."""
        os.fsync(self._descriptor)


def read_journal(path: Path) -> Iterator[Event]:
    """Yield the events of a journal; a last line that a crash tore off is left out.

    Raises SamoError where the file cannot be read, or a whole line is no event.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise store_problem(f"the journal {path} is missing") from error
    except OSError as error:
        raise store_failure(f"cannot read the journal {path}", error) from error
    with file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield from_json(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise store_problem(f"line {number} of the journal {path} is no event") from error


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
