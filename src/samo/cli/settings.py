"""A project's settings: `[tool.samo]` of its pyproject.toml, or its samo.toml."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path

from samo.cli.paths import expanded, short
from samo.cli.toml_tree import located, read_toml
from samo.config.decode import Fields, shown
from samo.config.document import MapNode, ScalarNode
from samo.config.orbs import is_reference
from samo.config.problems import Problems
from samo.engine import Resources
from samo.executors import Mapped
from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind
from samo.stores.caches import CAP_BYTES

_MIB_PER_GB = 1024
_BYTES_PER_GB = 10**9  # of a disk, as its label and `samo caches` count
_OWN_GRANTS = "only its user grants a repository contexts: in ~/.config/samo/contexts.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a project sets; `machine` is what its jobs may use of this machine.

    `caches_bytes` is how large its caches may be together (CACHE-017).
    `orbs` are the files and folders that stand for references to orbs, `images` say what of
    this machine stands in for an image.
    """

    machine: Resources
    caches_bytes: int = CAP_BYTES
    is_isolated: bool = True
    images: tuple[Mapped, ...] = ()
    orbs: Mapping[str, Path] = field(default_factory=dict)


def load_settings(root: Path) -> Settings:
    """Read the settings below `root`; raises ConfigError with all that is wrong with them."""
    return read_settings(_tables(root), whole_machine(), root)


def whole_machine() -> Resources:
    """Return all cores and memory that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Resources(cores=cores or 1, memory_mib=memory // (1 << 20))


def read_settings(tables: MapNode, machine: Resources, root: Path) -> Settings:
    """Return the settings in the `samo` table; what they do not say is the machine's.

    Paths are relative to `root`, where the settings' file lies.
    """
    problems = Problems()
    top = Fields(tables, "the settings", tables.place, problems)
    known = ("caches", "images", "orbs", "process", "resources")
    top.allow(known, elsewhere={"contexts": _OWN_GRANTS})
    resources = top.mapping("resources")
    if resources is not None:
        fields = Fields(resources, "[tool.samo.resources]", resources.place, problems)
        fields.allow(("cores", "memory_gb"))
        cores = fields.integer("cores", int(machine.cores), 1)
        memory_gb = fields.integer("memory_gb", 0, 1)
        memory_mib = memory_gb * _MIB_PER_GB or machine.memory_mib
        machine = Resources(cores=cores, memory_mib=memory_mib)
    settings = Settings(
        machine=machine,
        caches_bytes=_caches_bytes(top.mapping("caches"), problems),
        is_isolated=_is_isolated(top.mapping("process"), problems),
        images=tuple(_images(top.mapping("images"), root, problems)),
        orbs=_orbs(top.mapping("orbs"), root, problems),
    )
    problems.raise_errors()
    return settings


def _caches_bytes(table: MapNode | None, problems: Problems) -> int:
    if table is None:
        return CAP_BYTES
    fields = Fields(table, "[tool.samo.caches]", table.place, problems)
    fields.allow(("max_gb",))
    return fields.integer("max_gb", CAP_BYTES // _BYTES_PER_GB, 1) * _BYTES_PER_GB


def _is_isolated(table: MapNode | None, problems: Problems) -> bool:
    if table is None:
        return True
    fields = Fields(table, "[tool.samo.process]", table.place, problems)
    fields.allow(("isolation",))
    return fields.choice("isolation", ("auto", "off"), "auto") == "auto"


def _images(table: MapNode | None, root: Path, problems: Problems) -> Iterator[Mapped]:
    fields = Fields(table, "[tool.samo.images]", table.place, problems) if table else None
    for entry in table or ():
        assert fields is not None
        path = fields.text(entry.key)
        folder = None if path == "host" else root / expanded(path)
        if folder and not folder.is_dir():
            message = f"the image '{entry.key}' is to be the folder {path}, which is not there"
            problems.add(ProblemKind.SCHEMA, message, entry.place, "name a folder, or 'host'")
        yield Mapped(pattern=entry.key, folder=folder)


def _orbs(table: MapNode | None, root: Path, problems: Problems) -> Mapping[str, Path]:
    orbs = {}
    for entry in table or ():
        if not is_reference(entry.key):
            message = f"'{entry.key}' in [tool.samo.orbs] is no reference to an orb"
            hint = '"NAMESPACE/ORB@VERSION" = "PATH"'
            problems.add(ProblemKind.SCHEMA, message, entry.place, hint)
        elif not isinstance(entry.node, ScalarNode) or not isinstance(entry.node.value, str):
            message = f"'{entry.key}' in [tool.samo.orbs] must be a path, found {shown(entry.node)}"
            problems.add(ProblemKind.SCHEMA, message, entry.place, "name a file or a folder")
        else:
            orbs[entry.key] = root / entry.node.value
    return orbs


def _tables(root: Path) -> MapNode:
    for name, keys in (("samo.toml", ()), ("pyproject.toml", ("tool", "samo"))):
        path = short(root / name)
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        value: object = read_toml(path, text)
        for key in keys:
            value = value.get(key, {}) if isinstance(value, dict) else {}
        node = located(value, path, text, keys)
        return node if isinstance(node, MapNode) else MapNode(node.place, {})
    return MapNode(Place(str(root / "pyproject.toml"), 1, 1), {})
