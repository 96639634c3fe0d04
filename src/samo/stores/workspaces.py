"""The workspace of one workflow: layers that jobs persist and later jobs attach."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.stores.file_names import file_name
from samo.stores.problems import store_failure, store_problem
from samo.stores.staging import staged, store_lock
from samo.system import write_atomically


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one persist step stored: `files` are the names in `archive` that are no folders.

    `number` counts from 0 the persist steps of that node of the job.
    """

    job: JobName
    node: int
    number: int
    archive: Path
    files: tuple[str, ...]
    size_bytes: int


class Workspace:
    """The layers below `root`; any number of jobs may add to them at once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def persist(self, job: JobName, node: int, source: Path, names: Sequence[str]) -> Layer:
        """Add a layer with the paths `names` of the folder `source`; it shows when it is whole.

        Raises SamoError where a name is missing, or the disk is full.
        """
        folder = self._folder(job)
        try:
            with staged(self._root) as entry:
                _write(entry, source, names)
                with store_lock(self._root):
                    number = len(list(folder.glob(f"{node}.*")))
                    path = folder / f"{node}.{number}"
                    folder.mkdir(parents=True, exist_ok=True)
                    entry.rename(path)
        except OSError as error:
            raise store_failure("cannot persist to the workspace", error) from error
        return _read(job, path)

    def layers(self, jobs: Sequence[JobName]) -> tuple[Layer, ...]:
        """Return the layers of those jobs in the order to lay them out (WS-008, WS-010).

        That is the order of `jobs`, then of nodes, then of persist steps.
        """
        return tuple(
            layer
            for job in jobs
            for layer in sorted(
                (_read(job, path) for path in self._folder(job).glob("*.*")),
                key=lambda layer: (layer.node, layer.number),
            )
        )

    def _folder(self, job: JobName) -> Path:
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


def _write(entry: Path, source: Path, names: Sequence[str]) -> None:
    from samo.system.archive import members, pack  # noqa: PLC0415 - with tarfile, which few runs need

    listed = members(source, names)
    size_bytes = pack(entry / "layer.tar", source, names)
    files = [name for name in listed if not _is_folder(source / name)]
    content = {"files": files, "size_bytes": size_bytes}
    write_atomically(entry / "layer.json", json.dumps(content).encode("ascii"))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _read(job: JobName, path: Path) -> Layer:
    node, number = path.name.split(".")
    try:
        content = json.loads((path / "layer.json").read_bytes())
        return Layer(
            job=job,
            node=int(node),
            number=int(number),
            archive=path / "layer.tar",
            files=tuple(content["files"]),
            size_bytes=content["size_bytes"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"the workspace layer {path} is damaged"
        raise store_problem(message, f"run job '{job}' again") from error
