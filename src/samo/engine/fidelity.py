"""What a run says before it begins: that it begins, and what in it is not as in the cloud."""

from collections.abc import Iterable, Iterator, Sequence

from samo.engine.differences import Circumstances, Noted, all_differences, differences_of_jobs
from samo.engine.job import Supplies
from samo.executors import Executor
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
        rerun_of=supplies.rerun_of,
    )
    yield from _beginnings(supplies.workflows, supplies, now)
    yield from _events(all_differences(supplies.workflows, circumstances(supplies)), supplies, now)


def joining(workflows: Sequence[Workflow], supplies: Supplies, now: float) -> Iterator[Event]:
    """Return the first events of workflows that join a run."""
    yield from _beginnings(workflows, supplies, now)
    noted = differences_of_jobs(workflows, circumstances(supplies))
    yield from _events(noted, supplies, now)


def circumstances(supplies: Supplies) -> Circumstances:
    """Return what the differences of a run are measured against."""
    return Circumstances(
        executor=supplies.executor,
        machine=supplies.machine,
        facts=supplies.facts,
        origins=supplies.origins,
        is_uncommitted=supplies.work is not None and supplies.work.snapshot.is_uncommitted,
    )


def _beginnings(workflows: Sequence[Workflow], supplies: Supplies, now: float) -> Iterator[Event]:
    for workflow in workflows:
        names = tuple(job.name for job in workflow.jobs)
        succeeded = supplies.kept.get(workflow.name, frozenset())
        kept = tuple(name for name in names if name in succeeded)
        yield WorkflowStarted(
            time=now, run=supplies.run, workflow=workflow.name, jobs=names, kept=kept
        )


def _events(noted: Iterable[Noted], supplies: Supplies, now: float) -> Iterator[Event]:
    for each in noted:
        yield DifferenceNoted(
            time=now,
            run=supplies.run,
            rule=each.rule,
            message=each.message,
            workflow=each.workflow,
            job=each.job,
            place=str(each.place or ""),
        )


def refusals(workflows: Sequence[Workflow], executor: Executor) -> tuple[Problem, ...]:
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
