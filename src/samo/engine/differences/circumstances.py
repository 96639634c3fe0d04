"""What differences are measured against: this machine, the facts of the run, the config's text."""

from collections.abc import Mapping
from dataclasses import field

from samo.engine.resources import Resources
from samo.engine.variables import RunFacts
from samo.executors import Difference, Executor
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import Job, JobName
from samo.pipeline.pipeline import NullValue
from samo.pipeline.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """What the jobs of a run do not tell of the texts that they were compiled from.

    `null_values` are those that the config reads, of `local_orbs` each is a reference by the path
    of what stands in for it: a file of the repository, or a folder.
    """

    null_values: tuple[NullValue, ...] = ()
    local_orbs: Mapping[str, str] = field(default_factory=dict)


NO_ORIGINS = Origins()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where and how workflows run; `is_uncommitted` says that jobs check changes out."""

    executor: Executor
    machine: Resources
    facts: RunFacts
    origins: Origins = NO_ORIGINS
    is_uncommitted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A difference, and whom it touches: a job, or the whole run where the names are ""."""

    rule: str
    message: str
    place: Place | None = None
    workflow: str = ""
    job: JobName = JobName("")


def noted(difference: Difference, workflow: str = "", job: Job | None = None) -> Noted:
    """Return a difference as it touches a job, whose place is that of what has none."""
    return Noted(
        rule=difference.rule,
        message=difference.message,
        place=difference.place or (job.place if job else None),
        workflow=workflow,
        job=job.name if job else JobName(""),
    )
