"""The state of a run: the fold of its events.

A job is `blocked` until its requirements hold, then `queued` until there is room, then `running`
until it ends by itself; an approval is `on_hold` instead. Whatever can no longer start, because
something it requires ended otherwise than it accepts, is `not_run` from that moment on: no event
says so, it follows (WF-007). `_LEGAL` is the table; an event that does not fit it raises
ValueError and changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import (
    ApprovalGiven,
    ApprovalRequested,
    Event,
    JobFinished,
    JobQueued,
    JobStarted,
    RunFinished,
    WorkflowFinished,
)
from samo.pipeline.job import Job, JobName, Requirement
from samo.pipeline.pipeline import Workflow
from samo.pipeline.status import JobStatus, WorkflowStatus

Key = tuple[str, JobName]
"""What names a job within a run: its workflow and its name there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """A run so far.

    `approved` are the approvals given but not yet acted upon, `open_workflows` those that have
    not finished, `next_number` is the next job's number. `waiting` are the jobs that have not
    begun, so that a decision need not look at those that have; `dependents` are the jobs that
    require a job, `units` those that hold a serial group together: a job group's (WF-034).
    """

    plan: Mapping[str, Workflow]
    dependents: Mapping[Key, tuple[Key, ...]]
    units: Mapping[tuple[str, Key], tuple[Key, ...]]
    jobs: Mapping[Key, JobStatus]
    waiting: Mapping[Key, Job]
    running: Mapping[Key, Job] = field(default_factory=dict)
    approved: frozenset[Key] = frozenset()
    open_workflows: tuple[str, ...] = ()
    finished: Mapping[str, WorkflowStatus] = field(default_factory=dict)
    next_number: int = 1
    is_canceled: bool = False
    is_final: bool = False

    def held(self) -> dict[str, Key]:
        """Return who holds which serial group: a job that runs, or a job group on its way."""
        held = {job.serial_group: holder(key, job) for key, job in self.running.items()}
        for (serial_group, unit), keys in self.units.items():
            statuses = [self.jobs[key] for key in keys]
            if JobStatus.SUCCESS in statuses and not all(each.is_final for each in statuses):
                held[serial_group] = unit
        return held

    def workflow_jobs(self, workflow: str) -> tuple[tuple[JobName, JobStatus], ...]:
        """Return the status of each job of a workflow, in the file's order."""
        names = (job.name for job in self.plan[workflow].jobs)
        return tuple((name, self.jobs[workflow, name]) for name in names)


def begin(workflows: Iterable[Workflow], *, first_number: int = 1) -> RunState:
    """Return the state of a run before anything has happened in it."""
    plan = {workflow.name: workflow for workflow in workflows}
    jobs = {(name, job.name): job for name, each in plan.items() for job in each.jobs}
    dependents: dict[Key, tuple[Key, ...]] = {}
    units: dict[tuple[str, Key], tuple[Key, ...]] = {}
    for (workflow, name), job in jobs.items():
        for each in job.requires:
            required = (workflow, each.job)
            dependents[required] = (*dependents.get(required, ()), (workflow, name))
        if job.serial_group and job.job_group:
            unit = (job.serial_group, (workflow, JobName(job.job_group)))
            units[unit] = (*units.get(unit, ()), (workflow, name))
    return RunState(
        plan=plan,
        dependents=dependents,
        units=units,
        jobs=dict.fromkeys(jobs, JobStatus.BLOCKED),
        waiting=jobs,
        open_workflows=tuple(plan),
        next_number=first_number,
    )


def apply(state: RunState, event: Event) -> RunState:
    """Return the state after the event; raises ValueError where it cannot have happened."""
    match event:
        case JobQueued() | JobStarted() | JobFinished() | ApprovalRequested():
            return _move(state, event)
        case ApprovalGiven():
            key = (event.workflow, event.job)
            _require(state, key, ApprovalGiven)
            return replace(state, approved=state.approved | {key})
        case WorkflowFinished():
            left = tuple(name for name in state.open_workflows if name != event.workflow)
            finished = {**state.finished, event.workflow: event.status}
            return replace(state, open_workflows=left, finished=finished)
        case RunFinished():
            return replace(state, is_final=True)
    return state


def holder(key: Key, job: Job) -> Key:
    """Return who holds the job's serial group while it runs: itself, or its job group."""
    workflow, name = key
    return workflow, JobName(job.job_group or name)


def accepts(requirement: Requirement, status: JobStatus) -> bool:
    """Whether a requirement holds once its job has ended so (WF-005)."""
    return _AS_REQUIRED.get(status, status) in requirement.statuses


def _move(
    state: RunState, event: JobQueued | JobStarted | JobFinished | ApprovalRequested
) -> RunState:
    key = (event.workflow, event.job)
    _require(state, key, type(event))
    match event:
        case JobQueued():
            return replace(state, jobs={**state.jobs, key: JobStatus.QUEUED})
        case ApprovalRequested():
            return replace(state, jobs={**state.jobs, key: JobStatus.ON_HOLD})
        case JobStarted():
            return replace(
                state,
                jobs={**state.jobs, key: JobStatus.RUNNING},
                waiting=_without(state.waiting, key),
                running={**state.running, key: state.waiting[key]},
                next_number=max(state.next_number, event.number + 1),
            )
    return _finish(state, key, event.status)


def _finish(state: RunState, key: Key, status: JobStatus) -> RunState:
    jobs = {**state.jobs, key: status}
    waiting = _without(state.waiting, key)
    ended = [key]
    while ended:  # what a job takes along takes others along (WF-007)
        for each in state.dependents.get(ended.pop(), ()):
            if each in waiting and _is_lost(waiting[each], each[0], jobs):
                jobs[each] = JobStatus.NOT_RUN
                del waiting[each]
                ended.append(each)
    return replace(
        state,
        jobs=jobs,
        waiting=waiting,
        running=_without(state.running, key),
        approved=state.approved - {key},
    )


def _is_lost(job: Job, workflow: str, jobs: Mapping[Key, JobStatus]) -> bool:
    required = ((each, jobs[workflow, each.job]) for each in job.requires)
    return any(status.is_final and not accepts(each, status) for each, status in required)


def _without(jobs: Mapping[Key, Job], key: Key) -> dict[Key, Job]:
    return {each: job for each, job in jobs.items() if each != key}


def _require(state: RunState, key: Key, event: type) -> None:
    status = state.jobs.get(key)
    if status not in _LEGAL[event]:
        known = status or "unknown"
        raise ValueError(f"{event.__name__} of job '{key[1]}', which is {known}")


_LEGAL: dict[type, frozenset[JobStatus]] = {
    JobQueued: frozenset({JobStatus.BLOCKED}),
    ApprovalRequested: frozenset({JobStatus.BLOCKED}),
    ApprovalGiven: frozenset({JobStatus.ON_HOLD}),
    JobStarted: frozenset({JobStatus.QUEUED}),
    # A job without steps, or one that a cancel meets while it waits, ends without having started.
    JobFinished: frozenset(
        {JobStatus.BLOCKED, JobStatus.QUEUED, JobStatus.ON_HOLD, JobStatus.RUNNING}
    ),
}
_AS_REQUIRED = {
    JobStatus.INFRASTRUCTURE_FAIL: JobStatus.FAILED,
    JobStatus.TIMEDOUT: JobStatus.FAILED,
}
