"""Folders to write in before what is written shows: whole or not at all, also after a kill."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from samo.system import is_locked, locked


@contextmanager
def staged(store: Path) -> Iterator[Path]:
    """Yield a new folder beside a store's entries; rename it out of there to publish it.

    What is left of it goes at the end. What writers left that were killed goes now: each holds a
    lock that the kernel lets go of when it dies.
    """
    partial = store / "partial"
    partial.mkdir(parents=True, exist_ok=True)
    work = partial / uuid.uuid4().hex
    with ExitStack() as stack:
        # Under the store's lock, nobody is between making a folder and locking it.
        with store_lock(store):
            _sweep(partial)
            work.mkdir()
            stack.enter_context(locked(work / "lock"))
        try:
            entry = work / "entry"
            entry.mkdir()
            yield entry
        finally:
            shutil.rmtree(work, ignore_errors=True)


def trash(store: Path, entry: Path) -> None:
    """Remove an entry: at once for whoever looks, and as a whole for the next sweep if killed."""
    partial = store / "partial"
    partial.mkdir(exist_ok=True)
    gone = partial / uuid.uuid4().hex
    entry.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def store_lock(store: Path) -> AbstractContextManager[None]:
    """Return the lock under which a store's entries are counted and published."""
    return locked(store / "lock")


def unheard(_: str) -> None:
    """Take the name of what is left out, where nobody asks."""


def _sweep(partial: Path) -> None:
    for work in partial.iterdir():
        if not is_locked(work / "lock"):
            shutil.rmtree(work, ignore_errors=True)
