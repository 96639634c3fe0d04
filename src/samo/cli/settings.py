"""A project's settings: `[tool.samo]` of its pyproject.toml, or its samo.toml."""

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from samo.cli.paths import short
from samo.cli.toml_tree import located, read_toml
from samo.config.decode import Fields, shown
from samo.config.document import MapNode, ScalarNode
from samo.config.orbs import is_reference
from samo.config.problems import Problems
from samo.engine import Resources
from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind

_MIB_PER_GB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a project sets; `machine` is what its jobs may use of this machine.

    `orbs` are the files and folders that stand for references to orbs.
    """

    machine: Resources
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
    top.allow(("orbs", "resources"))
    resources = top.mapping("resources")
    if resources is not None:
        fields = Fields(resources, "[tool.samo.resources]", resources.place, problems)
        fields.allow(("cores", "memory_gb"))
        cores = fields.integer("cores", int(machine.cores), 1)
        memory_gb = fields.integer("memory_gb", 0, 1)
        memory_mib = memory_gb * _MIB_PER_GB or machine.memory_mib
        machine = Resources(cores=cores, memory_mib=memory_mib)
    orbs = _orbs(top.mapping("orbs"), root, problems)
    problems.raise_errors()
    return Settings(machine=machine, orbs=orbs)


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
