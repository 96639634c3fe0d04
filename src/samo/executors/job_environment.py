"""The clean environment that a job on this machine begins with."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

MARKER = "SAMO_RUN_"
"""Begins the variable by which a run knows its processes; a run within a job keeps the outer's."""
_SYSTEM_PREFIXES = (Path("/"), Path("/usr"), Path("/usr/local"))


def job_environment(caller: Mapping[str, str], binaries: Sequence[Path]) -> dict[str, str]:
    """Return what a job gets of the caller's, PATH behind `binaries`; the rest is the cloud's.

    In the cloud clocks show UTC: a test of dates must not pass in one time zone alone.
    """
    return {
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        **{name: value for name, value in caller.items() if name.startswith(MARKER)},
        "PATH": os.pathsep.join([*map(str, binaries), job_path(caller)]),
        "USER": "circleci",
        "LOGNAME": "circleci",
    }


def job_path(caller: Mapping[str, str]) -> str:
    """Return the caller's PATH without its active virtual environment.

    What a job finds must not hang on the shell that it was started from. An environment that is
    the system itself, as some images have it, stays.
    """
    active = caller.get("VIRTUAL_ENV")
    path = caller.get("PATH", os.defpath)
    if not active or Path(active) in _SYSTEM_PREFIXES:
        return path
    unwanted = Path(active) / "bin"
    return os.pathsep.join(entry for entry in path.split(os.pathsep) if Path(entry) != unwanted)
