"""For every workflow and job of a pipeline: whether it runs, and which rule says so."""

from collections.abc import Iterator

from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.place import Place
from samo.trigger.filters import job_finding
from samo.trigger.model import Exclusion, Selection, Trigger
from samo.trigger.select import workflow_finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether a workflow (`job` is "") or a job runs, the rule in words, and where it stands."""

    workflow: str
    job: str
    runs: bool
    reason: str
    place: Place | None


def explain(pipeline: Pipeline, trigger: Trigger, selection: Selection) -> tuple[Explanation, ...]:
    """Return one explanation for each workflow and each of its jobs, in the file's order.

    `selection` is what `select` made of this pipeline and this trigger.
    """
    return tuple(
        explanation
        for workflow in pipeline.workflows
        for explanation in _explain_workflow(workflow, pipeline, trigger, selection)
    )


def _explain_workflow(
    workflow: Workflow, pipeline: Pipeline, trigger: Trigger, selection: Selection
) -> Iterator[Explanation]:
    out = {each.job: each for each in selection.exclusions if each.workflow == workflow.name}
    if "" in out:
        yield _excluded(out[""])
        yield from (_excluded(out[job.name]) for job in workflow.jobs if job.name in out)
        return
    finding = workflow_finding(workflow, pipeline, trigger)
    yield Explanation(
        workflow=workflow.name, job="", runs=True, reason=finding.reason, place=finding.place
    )
    for job in workflow.jobs:
        if job.name in out:
            yield _excluded(out[job.name])
            continue
        finding = job_finding(job, trigger)
        yield Explanation(
            workflow=workflow.name,
            job=job.name,
            runs=True,
            reason=finding.reason,
            place=finding.place,
        )


def _excluded(exclusion: Exclusion) -> Explanation:
    return Explanation(
        workflow=exclusion.workflow,
        job=exclusion.job,
        runs=False,
        reason=exclusion.reason,
        place=exclusion.place,
    )
