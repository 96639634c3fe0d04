"""The shell of a step: which it is where none is named, and whether it can be started."""

import errno
import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

from samo.executors.protocol import Call

BASH = Path("/bin/bash")
SH = Path("/bin/sh")


@cache
def default_shell(bash: Path = BASH, sh: Path = SH) -> str:
    """Return the command line: bash where it is, else sh with what it can do (STEP-006)."""
    if bash.exists():
        return f"{bash} -eo pipefail"
    probe = [str(sh), "-o", "pipefail", "-c", "true"]
    rejects = subprocess.run(probe, check=False, capture_output=True).returncode
    return f"{sh} -e" if rejects else f"{sh} -eo pipefail"


def require_startable(shell: str, call: Call, here: Callable[[str], str]) -> None:
    """Raise the OSError that starting the program `shell` for a call would.

    `here` says where a path of the job's lies on this machine.
    """
    directory = call.working_directory
    start = here(directory)
    if not os.path.isdir(start):  # noqa: PTH112
        raise _error(errno.ENOTDIR if os.path.lexists(start) else errno.ENOENT, directory)
    if not os.access(start, os.X_OK):
        raise _error(errno.EACCES, directory)
    if "/" in shell:
        candidates = [shell if shell[0] == "/" else f"{directory}/{shell}"]
    else:
        entries = call.environment.get("PATH", os.defpath).split(os.pathsep)
        candidates = [f"{entry or directory}/{shell}" for entry in entries]
    found = [path for path in map(here, candidates) if os.path.exists(path)]  # noqa: PTH110
    if not found:
        raise _error(errno.ENOENT, shell)
    if not any(os.path.isfile(path) and os.access(path, os.X_OK) for path in found):  # noqa: PTH113
        raise _error(errno.EACCES, shell)


def _error(number: int, name: str) -> OSError:
    return OSError(number, os.strerror(number), name)
