"""The folders in which the jobs of a repository run."""

import heapq
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from samo.system import try_lock


class Slots:
    """Folders below `root`, the lowest free one first, for this run alone; used by all threads.

    Caches and workspaces are full of absolute paths, virtual environments above all: what a job
    finds must lie where the job that made it had it. So the folders are the same in each run, and
    jobs that run one after the other share one. A folder is held by a lock that goes with its
    holder; what a killed run left in it is removed when it is next taken.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._locks: dict[int, int] = {}
        self._free: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, lock in self._locks.items():
            shutil.rmtree(self._folder(number), ignore_errors=True)
            os.close(lock)

    @contextmanager
    def one(self) -> Iterator[Path]:
        """Give a folder to one job; what the job leaves in it is its executor's business."""
        with self._lock:
            number = heapq.heappop(self._free) if self._free else self._take()
        try:
            yield self._folder(number)
        finally:
            with self._lock:
                heapq.heappush(self._free, number)

    def _take(self) -> int:
        self._root.mkdir(parents=True, exist_ok=True)
        for number in count():
            lock = try_lock(self._root / f"{number}.lock")
            if lock is not None:
                self._locks[number] = lock
                shutil.rmtree(self._folder(number), ignore_errors=True)
                return number
        raise AssertionError  # numbers do not end

    def _folder(self, number: int) -> Path:
        return self._root / str(number)
