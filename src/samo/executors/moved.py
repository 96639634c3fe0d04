"""Virtual environments that a job made in one folder, and another one finds in its own.

An environment is full of the absolute path at which it was made. In the cloud that is the same
in each job, here it begins with the folder that the job ran in: restored into another one, its
`activate` and its scripts would quietly lead nowhere.
"""

import re
from collections.abc import Iterator
from pathlib import Path

SETTINGS = "pyvenv.cfg"
"""The file at the top of every virtual environment (PEP 405)."""

_LONGEST = 1 << 20
_INSTALLED = ("*.pth", "__editable__*.py", "*.dist-info/direct_url.json", "*.egg-link")


def move_environment(environment: Path, folder: Path) -> None:
    """Let the environment's texts name `folder`, where they name a neighbour of it.

    The part of a path within the folder stays: what would be broken in the cloud is so here.
    """
    neighbour = re.compile(re.escape(bytes(folder.parent)) + rb"/\d+(?=/)")
    here = bytes(folder)
    for file in _texts(environment):
        content = file.read_bytes()
        moved = neighbour.sub(lambda _: here, content)
        if moved != content and b"\0" not in content:
            file.write_bytes(moved)


def _texts(environment: Path) -> Iterator[Path]:
    """Return the files that hold absolute paths: settings, scripts, what came from the disk."""
    packages = environment.glob("lib/python*/site-packages")
    found = [environment / SETTINGS, *environment.glob("bin/*")]
    found += [file for folder in packages for each in _INSTALLED for file in folder.glob(each)]
    for file in found:
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= _LONGEST:
            yield file
