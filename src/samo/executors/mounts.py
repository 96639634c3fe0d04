"""What a job of its own mounts sees of this machine, as arguments of bubblewrap."""

import os
from collections.abc import Iterator, Sequence

from samo.executors.job_paths import JobPaths, is_below

RAMDISK = "/mnt/ramdisk"
"""A file system in memory (EXE-020)."""
_OF_THE_KERNEL = ("/dev", "/proc")


def mount_arguments(
    paths: JobPaths, shown: Sequence[str], hidden: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the arguments: the machine read-only, the job's folders at its own paths.

    `shown` are paths that the job must find although its own /tmp lies over them (git objects
    that its check-outs borrow, programs on its PATH), `hidden` files that it must not read. A
    memory disk is at /mnt/ramdisk (EXE-020).
    """
    opened = _to_be_opened([seen for seen, _ in paths.mounts])
    arguments = [] if "/" in opened else ["--ro-bind", "/", "/"]
    for folder in opened:
        arguments += _opened(folder, but=opened)
    for path in map(os.path.realpath, hidden):
        if os.path.isfile(path):  # noqa: PTH113
            arguments += ["--ro-bind", "/dev/null", path]
    arguments += ["--dev-bind", "/dev", "/dev", "--proc", "/proc"]
    if has_ramdisk():
        arguments += ["--tmpfs", RAMDISK]
    for seen, here in reversed(paths.mounts):
        arguments += ["--bind", here, seen]
    for path in _outermost(shown):
        if any(is_below(path, seen) for seen, _ in paths.mounts) and os.path.lexists(path):
            arguments += ["--ro-bind", path, path]
    for folder in opened:
        arguments += ["--remount-ro", folder]
    return tuple(arguments)


def has_ramdisk() -> bool:
    """Tell whether jobs find a memory disk: not where the machine has no /mnt to put it in."""
    return os.path.isdir("/mnt")  # noqa: PTH112


def _to_be_opened(seen: Sequence[str]) -> list[str]:
    """Return the folders in which the machine lacks a mount point, outer ones first.

    What is read-only takes none: such a folder becomes one in memory that has the same content.
    """
    wanted = [*seen, *([RAMDISK] if has_ramdisk() else [])]
    lacking = (path for path in wanted if not os.path.isdir(path))  # noqa: PTH112
    return sorted({_deepest_there(path) for path in lacking})


def _deepest_there(path: str) -> str:
    while not os.path.isdir(path):  # noqa: PTH112
        path = os.path.dirname(path)  # noqa: PTH120
    return path


def _opened(folder: str, but: Sequence[str]) -> Iterator[str]:
    """Yield the arguments for a folder in memory with all that the machine has there."""
    if folder != "/":
        yield from ("--tmpfs", folder)
    for name in sorted(os.listdir(folder)):  # noqa: PTH208
        path = f"{folder.rstrip('/')}/{name}"
        if path in but or path in _OF_THE_KERNEL:
            continue
        if os.path.islink(path):  # noqa: PTH114
            yield from ("--symlink", os.readlink(path), path)  # noqa: PTH115
        else:
            yield from ("--ro-bind-try", path, path)


def _outermost(paths: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(is_below(path, folder) for folder in kept):
            kept.append(path)
    return kept
