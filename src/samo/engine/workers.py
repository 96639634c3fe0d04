"""Threads that run tasks, and end before the `with` that they belong to does."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from types import TracebackType
from typing import Self

Task = Callable[[], None]


class Workers:
    """At most `limit` threads, each made when a task finds none idle.

    What a task raises is raised again where the `with` ends. concurrent.futures does as much and
    more, and brings logging along: 2 ms of each start.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []
        self._faults: list[BaseException] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        if self._faults and error is None:
            raise self._faults[0]

    def start(self, task: Task) -> None:
        """Run the task as soon as a thread is free; call it from one thread only."""
        if not self._idle.acquire(blocking=False) and len(self._threads) < self._limit:
            thread = threading.Thread(target=self._work)
            self._threads.append(thread)
            thread.start()
        self._tasks.put(task)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except BaseException as fault:  # noqa: BLE001 - it is raised again at the end
                self._faults.append(fault)
            self._idle.release()
