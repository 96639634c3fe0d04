"""Find processes by a variable in their environment, wherever they fled to, and end them."""

import os
import signal
import time
from pathlib import Path

from samo.system.polling import ready

_ROUNDS = 5
_ROUND_S = 1.0
_FEW = 64
_LOOKS = 3
_LOOK_S = 0.001
_PROCESSES = Path("/proc")


def end_marked(marker: str, *, born_after: int = 0) -> int:
    """Kill every process whose environment holds `marker` (NAME=VALUE); return how many.

    This finds what left its group by `setsid`; looking goes on until nothing is found, as what is
    found may have children by then. `born_after` narrows the search to higher process ids. Where
    there is no /proc nothing is found.
    """
    ended: set[int] = set()
    for _ in range(_ROUNDS):
        found = _kill(marker.encode(), born_after)
        if not found:
            break
        ended |= found
    return len(ended)


def _kill(marker: bytes, born_after: int) -> set[int]:
    """Kill what can be found now, and wait until it is gone."""
    found = {pid: handle for pid in _others(born_after) if (handle := _handle(pid, marker))}
    for handle in found.values():
        _signal(handle)
    waiting = set(found.values())
    while waiting and (gone := ready(waiting, _ROUND_S)):
        waiting -= gone
    for handle in found.values():
        os.close(handle)
    return set(found)


def _others(born_after: int) -> list[int]:
    if not _PROCESSES.is_dir():
        return []
    # A small job starts few processes: to try their ids is cheaper than to list all there are.
    if born_after and 0 <= (newest := _newest()) - born_after <= _FEW:
        return list(range(born_after + 1, newest + 1))
    pids = (int(name) for name in os.listdir(_PROCESSES) if name.isdigit())  # noqa: PTH208 - 3 x faster
    return [pid for pid in pids if pid > born_after and pid != os.getpid()]


def _newest() -> int:
    """Return the id that was given last, here and to whomever; ids begin anew at their limit."""
    try:
        return int((_PROCESSES / "loadavg").read_bytes().rsplit(None, 1)[-1])
    except (OSError, ValueError):
        return 0


def _handle(pid: int, marker: bytes) -> int | None:
    """Return a descriptor of the process if it is marked, else None.

    The descriptor comes first: should the process end and its id be given to another one, the
    signal still goes to the one that was read, or to nobody.
    """
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return None  # ended meanwhile
    try:
        if marker in _environ(pid).split(b"\0"):
            return handle
    except OSError:
        pass  # ended meanwhile, or another user's
    os.close(handle)
    return None


def _environ(pid: int) -> bytes:
    """Return a process's environment; it is empty for a moment while it becomes another program."""
    folder = _PROCESSES / str(pid)
    for _ in range(_LOOKS):
        environ = (folder / "environ").read_bytes()
        if environ:
            break
        (folder / "exe").readlink()  # raises for what has no program: the kernel's own threads
        time.sleep(_LOOK_S)
    return environ


def _signal(handle: int) -> None:
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    except ProcessLookupError:
        return  # ended meanwhile
