"""The Pythons of this machine."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from samo.pipeline.dataclass import dataclass

_PROBE = """\
import glob, os, sys, sysconfig
named = os.path.join(sys.base_prefix, "bin", "python%d.%d" % sys.version_info[:2])
print("%d.%d.%d" % sys.version_info[:3])
print(named if os.path.exists(named) else os.path.realpath(sys.executable))
bundled = os.path.join(sysconfig.get_path("stdlib"), "ensurepip", "_bundled")
for folder in (bundled, sysconfig.get_config_var("WHEEL_PKG_DIR")):
    wheels = sorted(glob.glob(os.path.join(folder, "[ps]*.whl"))) if folder else []
    if wheels:
        print("\\n".join(wheels))
        break
"""
_PROBE_TIMEOUT_S = 20
_NAMED = re.compile(r"(?:python)?(\d+\.\d+)(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python; `wheels` are what its installer brings along: pip, up to 3.11 setuptools too."""

    version: str
    path: Path
    wheels: tuple[Path, ...]


@cache
def find_interpreter(version: str, path: str, pyenv: Path) -> Interpreter | None:
    """Return a Python "X.Y", looked for on `path` and among the versions of the folder `pyenv`.

    Each candidate is asked for its version, none is believed. pyenv's own entries of `path` are
    left out: they have every version that is installed, and fail for each that isn't selected.
    """
    for candidate in _candidates(version, path, pyenv):
        found = _probe(candidate)
        if found and found.version.startswith(f"{version}."):
            return found
    return None


@cache
def own_interpreter() -> Interpreter:
    """Return the Python that runs samo, for images whose version this machine lacks."""
    found = _probe(sys.executable)
    assert found is not None
    return found


def installed_versions(caller: Mapping[str, str]) -> list[str]:
    """Return "X.Y" of all that are here by their names, the newest first; none is asked."""
    names = ["python{}.{}".format(*sys.version_info[:2])]
    for entry in map(Path, caller.get("PATH", os.defpath).split(os.pathsep)):
        names += [file.name for file in entry.glob("python3.*")]
    names += [path.parent.name for path in pyenv_of(caller).glob("versions/*/bin")]
    found = {match[1] for name in names if (match := _NAMED.fullmatch(name))}
    return sorted(found, key=lambda version: [*map(int, version.split("."))], reverse=True)


def pyenv_of(caller: Mapping[str, str]) -> Path:
    """Return the folder of pyenv, which need not be there."""
    return Path(caller.get("PYENV_ROOT") or Path.home() / ".pyenv")


def _candidates(version: str, path: str, pyenv: Path) -> Iterator[str]:
    if version == "{}.{}".format(*sys.version_info[:2]):
        yield sys.executable
    entries = (entry for entry in path.split(os.pathsep) if not Path(entry).is_relative_to(pyenv))
    on_path = shutil.which(f"python{version}", path=os.pathsep.join(entries))
    if on_path:
        yield on_path
    installed = (pyenv / "versions").glob(f"{version}.*/bin/python")
    yield from map(str, sorted(installed, key=_numbers, reverse=True))


def _numbers(path: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", path.parts[-3])]


def _probe(python: str) -> Interpreter | None:
    try:
        result = subprocess.run(
            [python, "-I", "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=_PROBE_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match result.stdout.splitlines():
        case [version, path, *wheels]:
            return Interpreter(version=version, path=Path(path), wheels=tuple(map(Path, wheels)))
    return None
