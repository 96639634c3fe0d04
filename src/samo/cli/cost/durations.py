"""How long jobs took in the runs of the past."""

from statistics import fmean

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus
from samo.stores.history import History
from samo.stores.records import JobRecord

_RUNS = 30  # older ones tell of another pipeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """The seconds of a node, for each time that a job succeeded, by job; from how many runs."""

    runs: int = 0
    by_job: dict[JobName, list[float]]


def past_durations(history: History) -> Durations:
    """Return the durations in the newest runs, the newest first."""
    by_job: dict[JobName, list[float]] = {}
    runs = history.runs(_RUNS)
    for run in runs:
        details = history.run(run.id)
        for workflow in details.workflows if details else ():
            for job in workflow.jobs:
                if job.status is JobStatus.SUCCESS and job.started_at is not None:
                    by_job.setdefault(job.name, []).append(_node_seconds(job))
    return Durations(runs=len(runs), by_job=by_job)


def _node_seconds(job: JobRecord) -> float:
    """Return the mean over a job's nodes: here they may have run one after the other."""
    begins: dict[int, float] = {}
    ends: dict[int, float] = {}
    for step in job.steps:
        begins[step.node] = min(begins.get(step.node, step.started_at), step.started_at)
        end = step.started_at + step.duration_s
        ends[step.node] = max(ends.get(step.node, end), end)
    if len(begins) < 2:
        return job.duration_s
    return fmean(ends[node] - begins[node] for node in begins)
