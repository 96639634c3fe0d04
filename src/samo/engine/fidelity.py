"""What a run says before it begins: that it begins, and what in it is not as in the cloud."""

from collections.abc import Iterator

from samo.engine.job import Supplies
from samo.engine.resources import Resources, wanted_by
from samo.executors import Difference, Executor
from samo.pipeline.event import DifferenceNoted, Event, RunStarted, WorkflowStarted
from samo.pipeline.job import Job, JobType
from samo.pipeline.pipeline import Workflow
from samo.pipeline.problem import Problem


def opening(supplies: Supplies, now: float) -> Iterator[Event]:
    """Return the first events of a run; `now` is in Unix seconds."""
    facts = supplies.facts
    yield RunStarted(
        time=now,
        run=supplies.run,
        number=supplies.folder.number,
        branch=facts.branch,
        tag=facts.tag,
        revision=facts.revision,
        config=supplies.config,
    )
    for workflow in supplies.workflows:
        names = tuple(job.name for job in workflow.jobs)
        yield WorkflowStarted(time=now, run=supplies.run, workflow=workflow.name, jobs=names)
    for workflow in supplies.workflows:
        for job in workflow.jobs:
            for each in differences(job, supplies.executor, supplies.machine):
                yield DifferenceNoted(
                    time=now,
                    run=supplies.run,
                    rule=each.rule,
                    message=each.message,
                    workflow=workflow.name,
                    job=job.name,
                )


def refusals(workflows: tuple[Workflow, ...], executor: Executor) -> tuple[Problem, ...]:
    """Return why the run cannot be made here: nothing starts if there is anything."""
    jobs = (job for workflow in workflows for job in workflow.jobs if job.type is JobType.BUILD)
    return tuple(dict.fromkeys(problem for job in jobs for problem in executor.check(job)))


def differences(job: Job, executor: Executor, machine: Resources) -> Iterator[Difference]:
    """Return what will not be as in the cloud for this job, beside what holds for every run."""
    if job.type is not JobType.BUILD:
        return
    yield from executor.differences(job)
    wanted = wanted_by(job)
    if not wanted.fits(machine):
        shown = f"{wanted.cores:g} cores and {wanted.memory_mib / 1024:g} GB"
        message = f"resource class {job.resource_class}: {shown} are not lent here"
        yield Difference(rule="LOC-006", message=message)
