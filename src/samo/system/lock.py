"""One process or thread at a time, and word to the process whose turn it is."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold `path` exclusively, waiting for it; the kernel lets go when the holder dies.

    The file is made where it is missing and stays: removing it would let two in at once.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def owned(path: Path) -> Iterator[None]:
    """Hold `path` as `locked` does, and let `signal_owner` find this process by it."""
    with locked(path):
        path.write_text(str(os.getpid()))
        yield


def signal_owner(path: Path, number: signal.Signals) -> bool:
    """Send a signal to the process that owns `path`; return whether there is one."""
    try:
        handle = os.pidfd_open(int(path.read_text()))
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return False
    try:
        # Who held it when the descriptor was made is who the descriptor is of: an id is not given
        # to another process before its owner, and with it the lock, has gone.
        if not is_locked(path):
            return False
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True


def is_locked(path: Path) -> bool:
    """Whether somebody holds `path` at this moment."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who look at once do not take each other for the holder.
        return not _takes(descriptor, Hold.SHARED)
    finally:
        os.close(descriptor)


def try_lock(path: Path) -> int | None:
    """Hold `path` exclusively if nobody does; return what lets go when it is closed, else None."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    if _takes(descriptor, Hold.ALONE):
        return descriptor
    os.close(descriptor)
    return None


class Hold(Enum):
    """How to hold a file: along with others who share it, or alone."""

    SHARED = fcntl.LOCK_SH
    ALONE = fcntl.LOCK_EX


@contextmanager
def held(path: Path, how: Hold) -> Iterator[bool]:
    """Hold a file that is there, without waiting; the value says whether that could be.

    It may lie on a disk that is only read. One that was removed on the way is not held.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _takes(descriptor, how) and _is_at(descriptor, path)
    finally:
        os.close(descriptor)


def _takes(descriptor: int, how: Hold) -> bool:
    try:
        fcntl.flock(descriptor, how.value | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
