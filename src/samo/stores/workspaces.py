"""The workspace of one workflow: layers that jobs persist and later jobs attach."""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.pipeline.problem import SamoError
from samo.stores.file_names import file_name
from samo.stores.problems import store_failure, store_problem
from samo.stores.staging import staged, store_lock, trash, unheard
from samo.system import sync, write_atomically


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one persist step stored: `files` are the names in `archive` that are no folders.

    `number` counts from 0 the persist steps of that node of the job.
    """

    job: JobName
    node: int
    number: int
    archive: Path
    sha256: str
    files: tuple[str, ...]
    size_bytes: int


class Workspace:
    """The layers below `root`; any number of jobs may add to them at once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def persist(
        self,
        job: JobName,
        node: int,
        source: Path,
        names: Sequence[str],
        *,
        skip: Callable[[str], None] = unheard,
    ) -> Layer:
        """Add a layer with the paths `names` of the folder `source`; it shows when it is whole.

        `skip` hears the names of sockets, pipes and devices, which are left out. Raises SamoError
        where a name is missing, or the disk is full.
        """
        folder = self.folder(job)
        try:
            with staged(self._root) as entry:
                _write(entry, source, names, skip)
                with store_lock(self._root):
                    number = len(list(folder.glob(f"{node}.*")))
                    path = folder / f"{node}.{number}"
                    folder.mkdir(parents=True, exist_ok=True)
                    entry.rename(path)
        except OSError as error:
            raise store_failure("cannot persist to the workspace", error) from error
        return _read(job, path)

    def forget(self, jobs: Iterable[JobName]) -> None:
        """Remove the layers of jobs that run again: what they persist anew stands for them.

        Raises SamoError where that cannot be done.
        """
        try:
            for job in jobs:
                folder = self.folder(job)
                if folder.exists():
                    trash(self._root, folder)
        except OSError as error:
            raise store_failure("cannot clear the workspace", error) from error

    def inherit(self, other: Path, jobs: Iterable[JobName]) -> None:
        """Take over the layers of jobs from the workspace below `other`, by links where it can.

        Raises SamoError where that cannot be done.
        """
        try:
            for job in jobs:
                layers = Workspace(other).folder(job)
                if layers.exists():
                    shutil.copytree(layers, self.folder(job), copy_function=_link)
        except OSError as error:
            raise store_failure("cannot take over the workspace", error) from error

    def layers(self, jobs: Sequence[JobName]) -> tuple[Layer, ...]:
        """Return the layers of those jobs in the order to lay them out (WS-008, WS-010).

        That is the order of `jobs`, then of nodes, then of persist steps.
        """
        return tuple(
            layer
            for job in jobs
            for layer in sorted(
                (_read(job, path) for path in self.folder(job).glob("*.*")),
                key=lambda layer: (layer.node, layer.number),
            )
        )

    def folder(self, job: JobName) -> Path:
        """Return where the layers of a job are."""
        return self._root / "layers" / file_name(job)


def conflict(layers: Sequence[Layer], upstream: Mapping[JobName, frozenset[JobName]]) -> str | None:
    """Return in words the first file that two jobs stored neither of which needs the other.

    `upstream` has all that each job requires, directly or not. Nodes of one job run side by side
    and conflict likewise (WS-009, WS-010). None where the layers can be laid out.
    """
    owners: dict[str, list[Layer]] = {}
    for layer in layers:
        for name in layer.files:
            for other in owners.setdefault(name, []):
                if words := _words(layer, other, upstream):
                    return f"{words} persisted '{name}'"
            owners[name].append(layer)
    return None


def require_whole(layer: Layer) -> None:
    """Raise SamoError where the archive of a layer is not what was written any more."""
    from samo.system.archive import digest  # noqa: PLC0415 - with tarfile, which few runs need

    try:
        is_whole = digest(layer.archive) == layer.sha256
    except OSError as error:
        raise _damaged(layer.job, layer.archive.parent) from error
    if not is_whole:
        raise _damaged(layer.job, layer.archive.parent)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # there are file systems without links
        shutil.copy2(source, target)


def _words(
    layer: Layer, other: Layer, upstream: Mapping[JobName, frozenset[JobName]]
) -> str | None:
    """Name the two where nothing orders them."""
    if layer.job == other.job:
        nodes = sorted((layer.node, other.node))
        same = layer.node == other.node
        return None if same else f"nodes {nodes[0]} and {nodes[1]} of job '{layer.job}' both"
    if layer.job in upstream.get(other.job, ()) or other.job in upstream.get(layer.job, ()):
        return None
    return f"jobs '{other.job}' and '{layer.job}', of which neither requires the other, both"


def _write(entry: Path, source: Path, names: Sequence[str], skip: Callable[[str], None]) -> None:
    from samo.system.archive import pack  # noqa: PLC0415 - with tarfile, which few runs need

    packed = pack(entry / "layer.tar", source, names)
    sync(entry / "layer.tar")
    for name in packed.left_out:
        skip(name)
    content = {
        "files": packed.files,
        "size_bytes": packed.size_bytes,
        "sha256": packed.sha256,
    }
    write_atomically(entry / "layer.json", json.dumps(content).encode("ascii"))


def _read(job: JobName, path: Path) -> Layer:
    node, number = path.name.split(".")
    try:
        content = json.loads((path / "layer.json").read_bytes())
        return Layer(
            job=job,
            node=int(node),
            number=int(number),
            archive=path / "layer.tar",
            sha256=content["sha256"],
            files=tuple(content["files"]),
            size_bytes=content["size_bytes"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(job, path) from error


def _damaged(job: JobName, path: Path) -> SamoError:
    return store_problem(f"the workspace layer {path} is damaged", f"run job '{job}' again")
