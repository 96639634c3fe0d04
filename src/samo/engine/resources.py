"""How much of a machine a job takes: the resource classes of EXE-026, capped by what is lent."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import Job, MachineExecutor, MacosExecutor

_MIB_PER_GB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Cores and memory: of a machine, or of the part of it that a job takes."""

    cores: float
    memory_mib: int

    def fits(self, room: "Resources") -> bool:
        """Whether there is room for this."""
        return self.cores <= room.cores and self.memory_mib <= room.memory_mib

    def without(self, used: Iterable["Resources"]) -> "Resources":
        """Return what is left of this when others are used."""
        taken = tuple(used)
        return Resources(
            cores=self.cores - sum(each.cores for each in taken),
            memory_mib=self.memory_mib - sum(each.memory_mib for each in taken),
        )

    def times(self, count: int) -> "Resources":
        """Return what `count` of these take."""
        return Resources(cores=self.cores * count, memory_mib=self.memory_mib * count)

    def capped(self, machine: "Resources") -> "Resources":
        """Return this, or as much of it as the machine has."""
        return Resources(
            cores=min(self.cores, machine.cores),
            memory_mib=min(self.memory_mib, machine.memory_mib),
        )


def wanted_by(job: Job) -> Resources:
    """Return what one node of a job asks for.

    A job that names no class takes one core: which class the cloud gives it depends on the plan
    (EXE-026), and what nobody asked for is not reserved. So does a class that is not known.
    """
    named, size = job.resource_class, job.resource_class.removesuffix(".gen2")
    if isinstance(job.executor, MachineExecutor | MacosExecutor) and named:
        return _MACHINE.get(named) or _CLASSES.get(named) or _CLASSES.get(size, _UNNAMED)
    return _CLASSES.get(size, _UNNAMED)


def width_of(job: Job, machine: Resources) -> int:
    """Return how many nodes of a job run side by side when it has the room that it takes."""
    return _room(wanted_by(job), job.parallelism, machine)[0]


def taken_by(job: Job, machine: Resources) -> Resources:
    """Return the room that a job takes: of all its nodes, or of as many as fit (LOC-018)."""
    return _room(wanted_by(job), job.parallelism, machine)[1]


@lru_cache(maxsize=1024)
def _room(wanted: Resources, parallelism: int, machine: Resources) -> tuple[int, Resources]:
    node = wanted.capped(machine)
    width = 1
    while width < parallelism and node.times(width + 1).fits(machine):
        width += 1
    return width, node.times(width)


def _classes(sizes: Mapping[str, tuple[int, float]]) -> Mapping[str, Resources]:
    """Return the classes by name, from their cores and gigabytes."""
    return {
        name: Resources(cores=cores, memory_mib=int(memory_gb * _MIB_PER_GB))
        for name, (cores, memory_gb) in sizes.items()
    }


_UNNAMED = Resources(cores=1, memory_mib=0)
_CLASSES = _classes(
    {
        "small": (1, 2),
        "medium": (2, 4),
        "medium+": (3, 6),
        "large": (4, 8),
        "xlarge": (8, 16),
        "2xlarge": (16, 32),
        "2xlarge+": (20, 40),
        "arm.medium": (2, 8),
        "arm.large": (4, 16),
        "arm.xlarge": (8, 32),
        "arm.2xlarge": (16, 64),
        "m4pro.medium": (6, 28),
        "m4pro.large": (12, 56),
        "windows.medium": (4, 16),
        "windows.large": (8, 32),
        "windows.xlarge": (16, 64),
        "windows.2xlarge": (32, 128),
        "gpu.nvidia.small": (4, 16),
        "gpu.nvidia.small.multi": (4, 15),
        "gpu.nvidia.medium": (8, 30),
        "gpu.nvidia.medium.multi": (8, 30),
        "gpu.nvidia.large": (8, 30),
        "windows.gpu.nvidia.medium": (16, 60),
    }
)
_NEWER_MACHINE = {
    "medium": (2, 8),
    "large": (4, 16),
    "xlarge": (8, 32),
    "2xlarge": (16, 64),
    "2xlarge+": (32, 128),
}
_MACHINE = _classes(
    {
        "medium": (2, 7.5),
        "large": (4, 15),
        "xlarge": (8, 32),
        "2xlarge": (16, 64),
        "2xlarge+": (32, 64),
        **{f"{name}.gen2": room for name, room in _NEWER_MACHINE.items()},
        **{f"{name}.gen3": room for name, room in _NEWER_MACHINE.items()},
    }
)
