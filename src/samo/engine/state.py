"""The state of a run: the fold of its events.

A job is `blocked` until its requirements hold, then `queued` until there is room, then `running`
until it ends by itself; an approval is `on_hold` instead. Whatever can no longer start, because
something it requires ended otherwise than it accepts, is `not_run` from that moment on: no event
says so, it follows (WF-007). A workflow that begins once more begins anew, but for the jobs that it
keeps (WF-032). `_LEGAL` is the table; an event that does not fit it raises
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
    WorkflowStarted,
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
    not finished, `begun` says when each began and `attempts` for the how manieth time;
    `next_number` is the next job's number, `elsewhere` are those `serial_groups` of its jobs that
    the run has not got on this machine. `waiting` are the jobs that have not begun, so that a
    decision need not look at those that have;
    `dependents` are the jobs that require a job, `units` those that hold a serial group together:
    a job group's (WF-034).
    """

    plan: Mapping[str, Workflow]
    dependents: Mapping[Key, tuple[Key, ...]]
    units: Mapping[tuple[str, Key], tuple[Key, ...]]
    jobs: Mapping[Key, JobStatus]
    waiting: Mapping[Key, Job]
    running: Mapping[Key, Job] = field(default_factory=dict)
    approved: frozenset[Key] = frozenset()
    open_workflows: tuple[str, ...] = ()
    begun: Mapping[str, float] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)
    finished: Mapping[str, WorkflowStatus] = field(default_factory=dict)
    next_number: int = 1
    serial_groups: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    is_canceled: bool = False
    is_final: bool = False

    @property
    def rests(self) -> bool:
        """Whether nothing happens any more without an approval."""
        return not self.running and all(
            self.jobs[key] is not JobStatus.QUEUED for key in self.waiting
        )

    def held(self) -> dict[str, Key]:
        """Return who holds which serial group: a job that runs, or a job group on its way."""
        held = {job.serial_group: holder(key, job) for key, job in self.running.items()}
        for (serial_group, unit), keys in self.units.items():
            statuses = [self.jobs[key] for key in keys]
            if JobStatus.SUCCESS in statuses and not all(each.is_final for each in statuses):
                held[serial_group] = unit
        return held

    def attempt(self, workflow: str) -> int:
        """Return for the how manieth time the workflow runs, from 1."""
        return self.attempts.get(workflow, 1)

    def workflow_jobs(self, workflow: str) -> tuple[tuple[JobName, JobStatus], ...]:
        """Return the status of each job of a workflow, in the file's order."""
        names = (job.name for job in self.plan[workflow].jobs)
        return tuple((name, self.jobs[workflow, name]) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCame:
    """What became of asking for a serial group on behalf of a job.

    With a `status` the job has ended, else the run has the group (`is_ours`) or waits for it.
    """

    group: str
    key: Key
    is_ours: bool = False
    status: JobStatus | None = None
    reason: str = ""


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
        serial_groups=frozenset(job.serial_group for job in jobs.values() if job.serial_group),
    )


def extended(state: RunState, workflows: Iterable[Workflow], *, first_number: int) -> RunState:
    """Return the state with workflows that join the run, none of the names of those there."""
    more = begin(workflows, first_number=first_number)
    return replace(
        state,
        plan={**state.plan, **more.plan},
        dependents={**state.dependents, **more.dependents},
        units={**state.units, **more.units},
        jobs={**state.jobs, **more.jobs},
        waiting={**state.waiting, **more.waiting},
        open_workflows=(*state.open_workflows, *more.open_workflows),
        next_number=first_number,
        serial_groups=state.serial_groups | more.serial_groups,
    )


def apply(state: RunState, event: Event) -> RunState:
    """Return the state after the event; raises ValueError where it cannot have happened."""
    match event:
        case JobQueued() | JobStarted() | JobFinished() | ApprovalRequested():
            return _move(state, event)
        case ApprovalGiven():
            key = (event.workflow, event.job)
            _require(state, key, ApprovalGiven)
            return _reopen(replace(state, approved=state.approved | {key}), event.workflow)
        case WorkflowStarted():
            return _begin(state, event)
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


def _begin(state: RunState, event: WorkflowStarted) -> RunState:
    workflow = event.workflow
    state = replace(
        state,
        begun={**state.begun, workflow: event.time},
        attempts={**state.attempts, workflow: event.attempt},
    )
    return _reset(state, workflow, event.kept) if event.attempt > 1 or event.kept else state


def _reopen(state: RunState, workflow: str) -> RunState:
    """Let a workflow go on that had ended on hold, and the run with it."""
    if workflow in state.open_workflows:
        return state
    return replace(
        state,
        open_workflows=(*state.open_workflows, workflow),
        finished={name: each for name, each in state.finished.items() if name != workflow},
        is_final=False,
    )


def _reset(state: RunState, workflow: str, kept: Iterable[JobName]) -> RunState:
    """Begin a workflow anew, but for the jobs that have succeeded before (WF-032)."""
    own = {(workflow, job.name): job for job in state.plan[workflow].jobs}
    done = dict.fromkeys(((workflow, name) for name in kept), JobStatus.SUCCESS)
    left = {key: job for key, job in own.items() if key not in done}
    jobs = {**state.jobs, **done, **dict.fromkeys(left, JobStatus.BLOCKED)}
    waiting = {key: job for key, job in state.waiting.items() if key not in own} | left
    _lose(state, done, jobs, waiting)
    anew = replace(state, jobs=jobs, waiting=waiting, approved=state.approved - own.keys())
    return _reopen(anew, workflow)


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
    _lose(state, [key], jobs, waiting)
    return replace(
        state,
        jobs=jobs,
        waiting=waiting,
        running=_without(state.running, key),
        approved=state.approved - {key},
    )


def _lose(
    state: RunState, ended: Iterable[Key], jobs: dict[Key, JobStatus], waiting: dict[Key, Job]
) -> None:
    """Let what can start no longer be `not_run`; `jobs` and `waiting` are changed."""
    left = list(ended)
    while left:  # what a job takes along takes others along (WF-007)
        for each in state.dependents.get(left.pop(), ()):
            if each in waiting and _is_lost(waiting[each], each[0], jobs):
                jobs[each] = JobStatus.NOT_RUN
                del waiting[each]
                left.append(each)


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
    # Once more when it is known what the job waits for.
    JobQueued: frozenset({JobStatus.BLOCKED, JobStatus.QUEUED}),
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
