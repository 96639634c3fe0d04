"""What will not be as in the cloud for a run as a whole."""

from collections.abc import Iterator, Sequence

from samo.engine.differences.circumstances import Circumstances, Noted, noted
from samo.executors import Difference
from samo.pipeline.job import Job
from samo.pipeline.pipeline import NullValue, Pipeline, Workflow

_NULL_THERE_TOO = frozenset(
    {"pipeline.git.branch", "pipeline.git.branch.is_default", "pipeline.git.tag"}
)
"""A branch's pipeline has no tag and a tag's no branch, in the cloud as here."""
_OF_A_RUN = frozenset({"pipeline.id", "pipeline.number"})
"""What there is only once there is a run."""
_EVENTS = ("pipeline.event.", "pipeline.trigger_parameters.")


def run_differences(workflows: Sequence[Workflow], around: Circumstances) -> Iterator[Noted]:
    """Return what differs for a run of these workflows, beside what differs for their jobs."""
    yield from map(noted, _of_facts(around))
    for value in around.origins.null_values:
        yield from _of_value(value, workflows)


def values_met(pipeline: Pipeline, workflows: Sequence[Workflow]) -> tuple[NullValue, ...]:
    """Return the null values of a config that have to do with a run of these workflows.

    What a job reads has where it runs; what a workflow reads, where it runs or by that does not.
    """
    selected = {workflow.name for workflow in workflows}
    conditions = "\n".join(_conditions(pipeline))
    others = [each for each in pipeline.workflows if each.name not in selected]
    jobs = {_own_name(job) for workflow in workflows for job in workflow.jobs}
    return tuple(
        value
        for value in pipeline.null_values
        if value.name not in _NULL_THERE_TOO | _OF_A_RUN
        and (value.job in jobs if value.job else _is_met(value, pipeline, others, conditions))
    )


def _is_met(
    value: NullValue, pipeline: Pipeline, others: Sequence[Workflow], conditions: str
) -> bool:
    above = [each for each in pipeline.workflows if each.place <= value.place]
    owner = max(above, key=lambda each: each.place, default=None)
    return owner not in others or value.name in conditions


def _conditions(pipeline: Pipeline) -> Iterator[str]:
    for workflow in pipeline.workflows:
        if workflow.condition:
            yield workflow.condition.text
        for job in workflow.jobs:
            if job.filters.expression:
                yield job.filters.expression.text


def _of_facts(around: Circumstances) -> Iterator[Difference]:
    facts = around.facts
    if passed := facts.grants.passed:
        message = f"every job has of the caller's environment: {', '.join(passed)}"
        yield Difference(rule="ENV-016", message=message)
    if facts.skip_mark:
        message = f"the commit says '{facts.skip_mark}': the cloud would run nothing"
        yield Difference(rule="CFG-021", message=message)
    if facts.continuation_key:
        message = "a request to continue the pipeline is answered where curl makes it"
        yield Difference(rule="DYN-005", message=message)
    if around.is_uncommitted:
        message = "the checkout has uncommitted changes, the cloud's would have the commit alone"
        yield Difference(rule="STEP-026", message=message)


def _of_value(value: NullValue, workflows: Sequence[Workflow]) -> Iterator[Noted]:
    rule = "LOC-011" if value.name.startswith(_EVENTS) else "ENV-001"
    message = f"{value.name} is null here, unless --value gives it"
    difference = Difference(rule=rule, message=message, place=value.place)
    if not value.job:
        yield noted(difference)
    for workflow in workflows:
        for job in workflow.jobs:
            if value.job and _own_name(job) == value.job:
                yield noted(difference, workflow.name, job)


def _own_name(job: Job) -> str:
    """Return the name of a job where it is declared, in the config or in an orb."""
    return job.declared_name.rpartition("/")[2]
