"""Artifacts: files that a job hands out, copied into a folder of the run."""

import os
import posixpath
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.stores.problems import store_failure, store_problem
from samo.stores.staging import unheard
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


def store_artifacts(
    folder: Path,
    source: Path,
    destination: str,
    *,
    rename: Callable[[str], str] = str,
    skip: Callable[[str], None] = unheard,
) -> tuple[Artifact, ...]:
    """Copy the file or folder `source` into `folder`: a file as `destination`, a folder below it.

    What has the same destination is overwritten. `rename` gives the path under which each is
    kept, for one that must not be on the disk as it is (LOC-017). A link in `source` is followed to
    a file in `source`; other links, pipes, sockets and devices are left out, which `skip` hears of.
    Raises SamoError where `destination` leads out of `folder`, a file cannot be read, or the disk
    is full.
    """
    below = posixpath.normpath(destination.lstrip("/") or ".")
    if below.split("/")[0] == "..":
        message = f"the destination '{destination}' leads out of the artifacts"
        raise store_problem(message, "give a path below them")
    try:
        files = list(_files(source, below, skip))
    except OSError as error:
        raise store_failure(f"cannot read {error.filename}", error) from error
    kept = _apart(rename(name) for _, name in files)
    return tuple(_copy(folder, path, name) for (path, _), name in zip(files, kept, strict=True))


def _files(source: Path, below: str, skip: Callable[[str], None]) -> Iterator[tuple[Path, str]]:
    """Yield each file of `source` with the path that it gets."""
    if not source.is_dir():
        yield source, source.name if below == "." else below
        return
    inside = _real(source)
    for parent, folders, names in os.walk(source, onerror=_raise):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            relative = path.relative_to(source).as_posix()
            if _real(path).is_relative_to(inside) and path.is_file():
                yield path, posixpath.normpath(posixpath.join(below, relative))
            else:
                skip(relative)


def _apart(names: Iterable[str]) -> Iterator[str]:
    """Number the names that are another one's, too: two secrets may have been in them."""
    counts: Counter[str] = Counter()
    for name in names:
        counts[name] += 1
        yield name if counts[name] == 1 else f"{name}~{counts[name]}"


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
