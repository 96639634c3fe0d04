"""Find processes by a variable in their environment, wherever they fled to, and end them."""

import os
import signal
import time

from samo.system.polling import ready

_ROUNDS = 5
_ROUND_S = 1.0
_FEW = 64
_LOOKS = 3
_LOOK_S = 0.001
_PROCESSES = "/proc"


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
    # A small job starts few processes: to try their ids is cheaper than to list all there are.
    if born_after and 0 <= (newest := _newest()) - born_after <= _FEW:
        return list(range(born_after + 1, newest + 1))
    try:
        names = os.listdir(_PROCESSES)  # noqa: PTH208 - 3 x faster
    except FileNotFoundError:
        return []
    pids = (int(name) for name in names if name.isdigit())
    own = os.getpid()
    return [pid for pid in pids if pid > born_after and pid != own]


def _newest() -> int:
    """Return the id that was given last, here and to whomever; ids begin anew at their limit."""
    try:
        return int(_read("loadavg").rsplit(None, 1)[-1])
    except (OSError, ValueError):
        return 0


def _handle(pid: int, marker: bytes) -> int | None:
    """Return a descriptor of the process if it is marked, else None.

    It is looked at once more behind the descriptor: should it have ended and its id been given to
    another one, the signal still goes to the one that was read, or to nobody.
    """
    if not _is_marked(pid, marker):
        return None
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return None  # ended meanwhile
    if _is_marked(pid, marker):
        return handle
    os.close(handle)
    return None


def _is_marked(pid: int, marker: bytes) -> bool:
    try:
        return marker in _environ(pid).split(b"\0")
    except OSError:
        return False  # ended meanwhile, or another user's


def _environ(pid: int) -> bytes:
    """Return a process's environment; it is empty for a moment while it becomes another program."""
    for _ in range(_LOOKS):
        environ = _read(f"{pid}/environ")
        if environ:
            break
        # Raises for what has no program: the kernel's own threads.
        os.readlink(f"{_PROCESSES}/{pid}/exe")  # noqa: PTH115
        time.sleep(_LOOK_S)
    return environ


def _read(name: str) -> bytes:
    # No buffer and no path object: this is done after each job, for each process of the machine.
    with open(f"{_PROCESSES}/{name}", "rb", buffering=0) as file:  # noqa: PTH123
        return file.read()


def _signal(handle: int) -> None:
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    except ProcessLookupError:
        return  # ended meanwhile
