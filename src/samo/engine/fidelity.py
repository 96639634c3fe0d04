"""What a run says before it begins: that it begins, and what in it is not as in the cloud."""

from collections.abc import Iterator

from samo.engine.context_limits import excess
from samo.engine.job import Supplies
from samo.engine.resources import Resources, wanted_by
from samo.executors import Difference, Executor
from samo.pipeline.event import DifferenceNoted, Event, RunStarted, WorkflowStarted
from samo.pipeline.job import Job, JobType
from samo.pipeline.pipeline import Workflow
from samo.pipeline.problem import Problem, ProblemKind


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
    for name, variables in facts.contexts.items():
        for each in excess(name, variables):
            yield DifferenceNoted(time=now, run=supplies.run, rule=each.rule, message=each.message)
    if facts.skip_mark:
        message = f"the commit says '{facts.skip_mark}': the cloud would run nothing"
        yield DifferenceNoted(time=now, run=supplies.run, rule="CFG-021", message=message)
    for workflow in supplies.workflows:
        if workflow.max_auto_reruns:
            message = "a failed workflow is not rerun by itself here (max_auto_reruns)"
            yield DifferenceNoted(
                time=now, run=supplies.run, rule="WF-032", message=message, workflow=workflow.name
            )
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
    jobs = (job for workflow in workflows for job in workflow.jobs)
    return tuple(dict.fromkeys(problem for job in jobs for problem in _refusals(job, executor)))


def _refusals(job: Job, executor: Executor) -> tuple[Problem, ...]:
    match job.type:
        case JobType.BUILD:
            return executor.check(job)
        case JobType.APPROVAL | JobType.NO_OP:
            return ()
    message = f"job '{job.name}' is of type {job.type}, which only the cloud has (LOC-013)"
    hint = "name the jobs that can run here: samo run --job NAME"
    kind = ProblemKind.UNSUPPORTED_LOCALLY
    return (Problem(kind=kind, message=message, place=job.place, hint=hint),)


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
