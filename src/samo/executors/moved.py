"""Virtual environments that a job made in one folder, and another one finds in its own.

An environment is full of the absolute path at which it was made. In the cloud, and where jobs have
mounts of their own, that is the same in each job; elsewhere it begins with the folder that the job
ran in: restored into another one, its `activate` and its scripts would quietly lead nowhere.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from samo.executors.job_paths import JobPaths, isolated_paths_of

SETTINGS = "pyvenv.cfg"
"""The file at the top of every virtual environment (PEP 405)."""

_LONGEST = 1 << 20
_INSTALLED = ("*.pth", "__editable__*.py", "*.dist-info/direct_url.json", "*.egg-link")


def move_environment(environment: Path, paths: JobPaths) -> None:
    """Let the environment's texts name the job's folders, where they name another job's.

    The part of a path within the folder stays: what would be broken in the cloud is so here.
    """
    moves = [(re.compile(there), _exactly(here)) for there, here in _moves(paths)]
    for file in _texts(environment):
        content = moved = file.read_bytes()
        for there, here in moves:
            moved = there.sub(here, moved)
        if moved != content and b"\0" not in content:
            file.write_bytes(moved)


def _exactly(path: str) -> bytes:
    """Return a replacement in which nothing is an escape."""
    return os.fsencode(path).replace(b"\\", b"\\\\")


def _moves(paths: JobPaths) -> Iterator[tuple[bytes, str]]:
    """Yield what names a folder of another job, and this one's; jobs may have run either way."""
    neighbour = re.escape(os.fsencode(Path(paths.folder).parent)) + rb"/\d+"
    yield neighbour + rb"/home(?=/)", paths.home
    yield neighbour + rb"(?=/)", paths.root
    if not paths.mounts:
        apart = isolated_paths_of(Path(paths.folder), "")
        yield re.escape(apart.home.encode()) + rb"(?=/)", paths.home
        yield re.escape(apart.root.encode()) + rb"(?=/)", paths.root


def _texts(environment: Path) -> Iterator[Path]:
    """Return the files that hold absolute paths: settings, scripts, what came from the disk."""
    packages = environment.glob("lib/python*/site-packages")
    found = [environment / SETTINGS, *environment.glob("bin/*")]
    found += [file for folder in packages for each in _INSTALLED for file in folder.glob(each)]
    for file in found:
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= _LONGEST:
            yield file
