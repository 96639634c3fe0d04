"""What a drawing of a workflow shows: its jobs, what each waits for, and what does not run."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from samo.cli.stages import job_stages
from samo.cli.terminal_text import one_line
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import Job, JobName, JobType, Requirement
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.status import JobStatus
from samo.trigger import Selection

_SUCCESS = frozenset({JobStatus.SUCCESS})
# What a job may wait for, in the order in which WF-005 has them; all of them are `terminal`.
_STATUSES = (
    JobStatus.SUCCESS,
    JobStatus.FAILED,
    JobStatus.CANCELED,
    JobStatus.UNAUTHORIZED,
    JobStatus.NOT_RUN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A requirement: the position of the job that is waited for, and what for; "" is success."""

    source: int
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A job: `reason` says why it does not run, and is "" where it does.

    `stage` counts from 0: how many jobs stand in a row before this one, at the most.
    """

    name: str
    type: JobType = JobType.BUILD
    marks: tuple[str, ...] = ()
    reason: str = ""
    stage: int = 0
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A workflow: its jobs in the file's order; `reason` as for a job."""

    name: str
    reason: str = ""
    nodes: tuple[Node, ...] = ()


def graphs_of(
    pipeline: Pipeline, selection: Selection, *, workflows: Sequence[str] = ()
) -> tuple[Graph, ...]:
    """Return the workflows as drawings show them, by default all.

    `selection` is what `samo.trigger.select` made of the pipeline; all texts come out as one line.
    """
    reasons: dict[str, dict[str, str]] = {}
    for each in selection.exclusions:
        reasons.setdefault(each.workflow, {})[each.job] = one_line(each.reason)
    return tuple(
        _graph(workflow, reasons.get(workflow.name, {}))
        for workflow in pipeline.workflows
        if not workflows or workflow.name in workflows
    )


def _graph(workflow: Workflow, reasons: Mapping[str, str]) -> Graph:
    positions = {job.name: position for position, job in enumerate(workflow.jobs)}
    copies = Counter(_item(job) for job in workflow.jobs)
    stages = job_stages(workflow.jobs)
    whole = reasons.get("", "")
    nodes = tuple(
        Node(
            name=one_line(job.name),
            type=job.type,
            marks=tuple(_marks(job, copies[_item(job)])),
            reason=reasons.get(job.name, whole),
            stage=stages[job.name],
            edges=tuple(_edge(each, positions) for each in job.requires),
        )
        for job in workflow.jobs
    )
    return Graph(name=one_line(workflow.name), reason=whole, nodes=nodes)


def _item(job: Job) -> tuple[object, ...]:
    """Return what tells the items of a workflow apart, of which a matrix makes several jobs."""
    return job.place, job.declared_name, job.job_group


def _marks(job: Job, copies: int) -> Iterator[str]:
    if job.type is not JobType.BUILD:
        yield job.type
    if copies > 1:
        yield f"matrix of {one_line(job.declared_name)}"
    if job.contexts:
        word = "context" if len(job.contexts) == 1 else "contexts"
        yield f"{word} {', '.join(map(one_line, job.contexts))}"


def _edge(requirement: Requirement, positions: Mapping[JobName, int]) -> Edge:
    return Edge(source=positions[requirement.job], label=_label(requirement.statuses))


def _label(statuses: frozenset[JobStatus]) -> str:
    if statuses == _SUCCESS:
        return ""
    if statuses.issuperset(_STATUSES):
        return "terminal"
    return ", ".join(status for status in _STATUSES if status in statuses)
