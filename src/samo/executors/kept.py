"""The namespaces that jobs have left as they found them, for jobs that come after."""

import os
import threading

from samo.executors.namespace import Namespace


class Kept:
    """Namespaces by the mounts that they were made with; used by all threads.

    To make one and to let the kernel take it apart costs more than all else of a small job.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, ...], Namespace] = {}

    def take(self, mounts: tuple[str, ...], folders: tuple[str, ...]) -> Namespace | None:
        """Return one with these mounts, if their `folders` are still the same ones."""
        with self._lock:
            namespace = self._kept.pop(mounts, None)
        if namespace is None or (not namespace.is_over and namespace.made_of == marks_of(folders)):
            return namespace
        namespace.close()
        return None

    def leave(self, mounts: tuple[str, ...], namespace: Namespace) -> None:
        """Keep one in which nothing runs."""
        with self._lock:
            other = self._kept.pop(mounts, None)
            self._kept[mounts] = namespace
        if other is not None:
            other.close()

    def close(self) -> None:
        """End all."""
        with self._lock:
            kept, self._kept = self._kept, {}
        for namespace in kept.values():
            namespace.close()


def marks_of(folders: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return by what folders are known: one that is made anew at its path is another one."""
    found = map(os.stat, folders)
    return tuple((each.st_dev, each.st_ino) for each in found)
