"""Whether this machine can give jobs a place of their own."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from samo.executors.job_environment import job_path
from samo.executors.job_paths import HOME, is_below, isolated_paths_of
from samo.executors.mounts import mount_arguments
from samo.executors.namespace import Isolation, Namespace
from samo.executors.protocol import SandboxError
from samo.executors.python_image import cache_of
from samo.pipeline.dataclass import dataclass
from samo.system import cache_home, write_atomically

_TMP = "/tmp"  # noqa: S108 - each job has one of its own
_ELSEWHERE = f"move it out of {HOME} and {_TMP}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoIsolation:
    """Why there is none, in words, and what would help, where that is known."""

    reason: str
    remedy: str = ""


def find_isolation(
    caller: Mapping[str, str],
    *,
    shown: tuple[Path, ...] = (),
    borrowed: tuple[Path, ...] = (),
    hidden: tuple[Path, ...] = (),
) -> Isolation | NoIsolation:
    """Try it out, once until the machine is next started, and return how it is asked for.

    `caller` is the environment that samo was called with, `shown` what jobs must see of this
    machine even if it lies below /tmp, as they do what is on the PATH, `borrowed` what those that
    check out must see; `hidden` are files that they must not read.
    """
    bwrap, nsenter = (shutil.which(name, path=caller.get("PATH")) for name in ("bwrap", "nsenter"))
    if not bwrap:
        return NoIsolation(reason="bubblewrap is not installed")
    if not nsenter:
        return NoIsolation(reason="there is no nsenter (util-linux)")
    own = (Path(__file__).parent, cache_of(caller))
    if is_below(str(own[0]), _TMP):
        reason = f"{own[0]} lies where the job's own /tmp would be"
        return NoIsolation(reason=reason, remedy=_ELSEWHERE)
    for path in map(str, (*shown, *borrowed, *own)):
        if is_below(path, HOME):
            reason = f"{path} lies where the job's home would be"
            return NoIsolation(reason=reason, remedy=_ELSEWHERE)
    # A program below the job's home is in the way of what the job has there, so it is not shown.
    programs = (each for each in job_path(caller).split(os.pathsep) if not is_below(each, HOME))
    needed = (*map(str, own), *programs)
    isolation = Isolation(
        bwrap=bwrap,
        nsenter=nsenter,
        shown=(*map(str, shown), *needed),
        borrowed=tuple(map(str, borrowed)),
        hidden=tuple(map(str, hidden)),
    )
    try:
        return _tried(isolation, cache_home(caller) / "isolation")
    except OSError as error:
        return NoIsolation(reason=f"it cannot be tried out: {error.strerror}: {error.filename}")


def _tried(isolation: Isolation, known: Path) -> Isolation | NoIsolation:
    """Return the way that works; the file `known` has the last answer, if it was one."""
    ways = (isolation, replace(isolation, changes_directory=False))
    marks = [_mark(way) for way in ways]
    last = _read(known)
    if last and last in marks:
        return ways[marks.index(last)]
    known.parent.mkdir(parents=True, exist_ok=True)
    fault = ""
    for way, mark in zip(ways, marks, strict=True):
        fault = _fault(way, known.parent)
        if not fault:
            write_atomically(known, mark)
            return way
    return NoIsolation(reason=fault)


def _mark(isolation: Isolation) -> bytes:
    """Return what an answer depends on: this start of the machine, the programs, who asks where."""
    boot = _read(Path("/proc/sys/kernel/random/boot_id"))
    try:
        files = (isolation.bwrap, isolation.nsenter)
        changed = [os.stat(path).st_mtime_ns for path in files]  # noqa: PTH116
        place = os.stat("/proc/self/ns/mnt").st_ino  # noqa: PTH116
    except OSError:
        return b""
    facts = (*changed, place, os.geteuid(), isolation.changes_directory)
    return b" ".join([boot.strip(), *(b"%d" % fact for fact in facts)]) if boot else b""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _fault(isolation: Isolation, within: Path) -> str:
    """Make a place, enter it and leave it; return what did not work, "" where all did."""
    import subprocess  # noqa: PLC0415 - once until the machine is next started
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory(dir=within, prefix=".isolation-") as folder:
        paths = isolated_paths_of(Path(folder), "")
        for name in ("home", "tmp"):
            (Path(folder) / name).mkdir()
        try:
            namespace = Namespace(isolation, mount_arguments(paths, ()), {})
        except SandboxError as error:
            return error.problems[0].message
        try:
            words = [*namespace.entering(HOME), "/bin/sh", "-c", "pwd && echo >/dev/null"]
            entered = subprocess.run(words, check=False, capture_output=True, env={})
        finally:
            namespace.close()
    if entered.returncode == 0 and entered.stdout == f"{HOME}\n".encode():
        return ""
    return f"nsenter cannot enter a place of a job's own: {entered.stderr.decode().strip()}"
