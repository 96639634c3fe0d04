"""What the jobs of a run take, from how long they took before and what a minute costs."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from statistics import median
from typing import Self

from samo.cli.cost.rates import Rates
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import DockerExecutor, Job, JobName, MachineExecutor, MacosExecutor
from samo.pipeline.pipeline import Workflow


class Unknown(StrEnum):
    """Why a job's credits are unknown."""

    CLASS = "it names no resource class"
    RATE = "no rate is known for its class"
    TIME = "it has not succeeded here yet"


class Assumed(StrEnum):
    """What of a job's cost is taken from the call."""

    CLASS = "resource_class"
    TIME = "seconds"


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the likely and the most of something that varies from run to run."""

    low: float
    likely: float
    high: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Self:
        """Return the spread of samples; the median is the likely one."""
        return cls(min(samples), median(samples), max(samples))

    @classmethod
    def total(cls, spreads: Iterable["Spread"]) -> Self:
        """Return what several come to together."""
        parts = tuple(spreads)
        low, likely, high = (
            sum(getattr(part, name) for part in parts) for name in ("low", "likely", "high")
        )
        return cls(low, likely, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What stands in where nothing is known: for jobs that never ran, and that name no class."""

    seconds: float | None = None
    resource_class: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What an estimate rests on; `durations` are the seconds that nodes of each job took."""

    durations: Mapping[JobName, Sequence[float]]
    rates: Rates
    assumptions: Assumptions


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCost:
    """A job, and what it takes; `credits` is None where that is unknown.

    `executor` is the job's type where it has none; `seconds` are those of one node.
    """

    name: JobName
    executor: str
    resource_class: str = ""
    parallelism: int = 1
    seconds: Spread | None = None
    credits: Spread | None = None
    unknown: tuple[Unknown, ...] = ()
    assumed: tuple[Assumed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowCost:
    """A workflow and its jobs that run."""

    name: str
    jobs: tuple[JobCost, ...]

    @property
    def credits(self) -> Spread:
        """What the jobs come to whose credits are known."""
        return Spread.total(job.credits for job in self.jobs if job.credits is not None)


_EXECUTORS = {DockerExecutor: "docker", MachineExecutor: "machine", MacosExecutor: "macos"}
_FREE = Spread(0, 0, 0)
_OWN = 0  # a runner of one's own takes no credits, however long it works


def credits_of(seconds: float, per_minute: int) -> int:
    """Return what one node takes: seconds are rounded up, and then credits, with no minimum."""
    return -(-math.ceil(seconds) * per_minute // 60)


def workflow_cost(workflow: Workflow, grounds: Grounds) -> WorkflowCost:
    """Return what the jobs of a workflow take; it holds no job that does not run."""
    jobs = tuple(_job_cost(job, grounds) for job in workflow.jobs)
    return WorkflowCost(name=workflow.name, jobs=jobs)


def _job_cost(job: Job, grounds: Grounds) -> JobCost:
    if job.executor is None:
        return JobCost(name=job.name, executor=job.type, credits=_FREE)
    executor = _EXECUTORS[type(job.executor)]
    named = job.resource_class or _assumed_class(job, grounds.assumptions)
    rate = _OWN if "/" in named else grounds.rates.per_minute.get((executor, named))
    seconds = _seconds(job, grounds)
    taken = _credits(job, rate, seconds)
    return JobCost(
        name=job.name,
        executor=executor,
        resource_class=named,
        parallelism=job.parallelism,
        seconds=seconds,
        credits=taken,
        unknown=() if taken is not None else tuple(_unknown(named, rate, seconds)),
        assumed=tuple(_assumed(job, named, grounds)),
    )


def _credits(job: Job, rate: int | None, seconds: Spread | None) -> Spread | None:
    if rate == _OWN:
        return _FREE
    if rate is None or seconds is None:
        return None
    each = (seconds.low, seconds.likely, seconds.high)
    return Spread(*(job.parallelism * credits_of(part, rate) for part in each))


def _assumed_class(job: Job, assumptions: Assumptions) -> str:
    """EXE-026: the default depends on the plan, so that nothing is assumed but on request."""
    return "" if isinstance(job.executor, MacosExecutor) else assumptions.resource_class


def _seconds(job: Job, grounds: Grounds) -> Spread | None:
    if samples := grounds.durations.get(job.name):
        return Spread.of(samples)
    assumed = grounds.assumptions.seconds
    return None if assumed is None else Spread(assumed, assumed, assumed)


def _unknown(resource_class: str, rate: int | None, seconds: Spread | None) -> Iterator[Unknown]:
    if not resource_class:
        yield Unknown.CLASS
    elif rate is None:
        yield Unknown.RATE
    if seconds is None:
        yield Unknown.TIME


def _assumed(job: Job, resource_class: str, grounds: Grounds) -> Iterator[Assumed]:
    if resource_class != job.resource_class:
        yield Assumed.CLASS
    if grounds.assumptions.seconds is not None and not grounds.durations.get(job.name):
        yield Assumed.TIME
