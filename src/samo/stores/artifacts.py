"""Artifacts: files that a job hands out, copied into a folder of the run."""

import os
import posixpath
import shutil
from collections.abc import Iterator
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.stores.problems import store_failure, store_problem
from samo.system import replacing


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A stored file: its path in the node's folder of artifacts, with `/` between names."""

    path: str
    size_bytes: int


def default_destination(path: str) -> str:
    """Return where the artifacts of `path` go by default: `/tmp/a` under `tmp/a` (STEP-030)."""
    names = posixpath.normpath(path.lstrip("/") or ".").split("/")
    return "/".join(name for name in names if name not in ("..", "."))


def store_artifacts(folder: Path, source: Path, destination: str) -> tuple[Artifact, ...]:
    """Copy the file or folder `source` into `folder`: a file as `destination`, a folder below it.

    What has the same destination is overwritten. A link in `source` is followed to a file in
    `source`; other links, pipes and sockets are left out. Raises SamoError where `destination`
    leads out of `folder`, a file cannot be read, or the disk is full.
    """
    below = posixpath.normpath(destination.lstrip("/") or ".")
    if below.split("/")[0] == "..":
        message = f"the destination '{destination}' leads out of the artifacts"
        raise store_problem(message, "give a path below them")
    try:
        files = list(_files(source, below))
    except OSError as error:
        raise store_failure(f"cannot read {error.filename}", error) from error
    return tuple(_copy(folder, path, name) for path, name in files)


def _files(source: Path, below: str) -> Iterator[tuple[Path, str]]:
    """Yield each file of `source` with the path that it gets."""
    if not source.is_dir():
        yield source, source.name if below == "." else below
        return
    inside = _real(source)
    for parent, folders, names in os.walk(source, onerror=_raise):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if _real(path).is_relative_to(inside) and path.is_file():
                relative = path.relative_to(source).as_posix()
                yield path, posixpath.normpath(posixpath.join(below, relative))


def _real(path: Path) -> Path:
    # Path.resolve raises where links go round in a circle.
    return Path(os.path.realpath(path))


def _raise(error: OSError) -> None:
    raise error


def _copy(folder: Path, source: Path, name: str) -> Artifact:
    target = folder / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as temporary:
            shutil.copyfile(source, temporary)
            size_bytes = temporary.stat().st_size
    except OSError as error:
        raise store_failure(f"cannot store {source} as the artifact '{name}'", error) from error
    return Artifact(path=name, size_bytes=size_bytes)
