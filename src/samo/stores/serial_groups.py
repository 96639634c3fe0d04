"""The serial groups of this machine: one job of a group at a time, whichever run it is of (WF-033).

A group is a folder with a lock, held by the process whose job runs, and a file for each one that
waits, locked as long as its process lives. Whoever dies is out of the way at once. Projects come
in the order in which they came to wait, the runs of one project in that of their pipelines.
"""

import json
import os
import time
import uuid
from dataclasses import asdict, replace
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.stores.file_names import file_name
from samo.stores.problems import store_failure
from samo.system import is_locked, locked, try_lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who wants a group: `number` is the pipeline's, `since` when it came, in Unix seconds."""

    project: str
    number: int
    label: str
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Taken:
    """The group is ours."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else has the group, or comes first."""

    holder: Claim


@dataclass(frozen=True, slots=True)
class Outdated:
    """A later pipeline of the same project has the group: there is nothing to wait for."""

    holder: Claim


class Turn:
    """A place in the queue of a group, from when it is made until `close`; for one thread a time.

    Raises SamoError where the folder `root` of all groups cannot be written.
    """

    def __init__(self, root: Path, group: str, claim: Claim) -> None:
        self._folder = root / file_name(group)
        self._claim = replace(claim, since=time.time())
        self._waiting = self._folder / f"{uuid.uuid4().hex}.waiting"
        self._lock: int | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with locked(self._folder / "queue"):
                self._place = try_lock(self._waiting)
                _write(self._waiting, self._claim)
        except OSError as error:
            raise store_failure(f"cannot wait for the serial group '{group}'", error) from error

    def take(self) -> Taken | Busy | Outdated:
        """Take the group if it is free and nobody comes first."""
        with locked(self._folder / "queue"):
            if self._lock is None and (ahead := self._ahead()):
                return ahead
            self._leave_queue()
        return Taken()

    def close(self) -> None:
        """Give the group, or the place in its queue, back."""
        self._leave_queue()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _ahead(self) -> Busy | Outdated | None:
        """Take the lock, or return who keeps us from it."""
        path = self._folder / "lock"
        lock = try_lock(path)
        if lock is None:
            holder = _read(path) or self._claim
            is_same = holder.project == self._claim.project
            is_later = is_same and holder.number > self._claim.number
            return Outdated(holder) if is_later else Busy(holder)
        first = _first(self._queue())
        if first != self._claim:
            os.close(lock)
            return Busy(first)
        _write(path, self._claim)
        self._lock = lock
        return None

    def _queue(self) -> list[Claim]:
        claims = []
        for path in self._folder.glob("*.waiting"):
            if is_locked(path):
                claims += [claim] if (claim := _read(path)) else []
            else:
                path.unlink(missing_ok=True)  # its process has died
        return claims

    def _leave_queue(self) -> None:
        if self._place is not None:
            self._waiting.unlink(missing_ok=True)
            os.close(self._place)
            self._place = None


def _first(queue: list[Claim]) -> Claim:
    came: dict[str, float] = {}
    for claim in queue:
        came[claim.project] = min(claim.since, came.get(claim.project, claim.since))
    return min(
        queue, key=lambda claim: (came[claim.project], claim.project, claim.number, claim.since)
    )


def _write(path: Path, claim: Claim) -> None:
    path.write_text(json.dumps(asdict(claim)), encoding="ascii")


def _read(path: Path) -> Claim | None:
    try:
        return Claim(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None  # its writer was cut short
