"""What happens next in a run: a pure function of its state and of the machine's room."""

from collections.abc import Iterable, Iterator

from samo.engine.resources import Resources, taken_by
from samo.engine.state import Key, RunState, accepts, holder
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import (
    ApprovalRequested,
    Event,
    JobFinished,
    JobQueued,
    JobStarted,
    RunFinished,
    RunId,
    WorkflowFinished,
)
from samo.pipeline.job import Job, JobType
from samo.pipeline.status import JobStatus, WorkflowStatus

_FAILURES = frozenset({JobStatus.FAILED, JobStatus.TIMEDOUT, JobStatus.INFRASTRUCTURE_FAIL})
_WORST_FIRST = (
    WorkflowStatus.CANCELED,
    WorkflowStatus.ERROR,
    WorkflowStatus.FAILED,
    WorkflowStatus.UNAUTHORIZED,
    WorkflowStatus.ON_HOLD,
    WorkflowStatus.SUCCESS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a decision depends on beside the state.

    `contexts` are the names that are granted; `approvals_end` whether nobody will approve any
    more, so that a run on hold is over.
    """

    run: RunId
    started: float
    machine: Resources
    contexts: frozenset[str] = frozenset()
    approvals_end: bool = True


def decide(state: RunState, terms: Terms, now: float) -> list[Event]:
    """Return what happens now, in a fixed order; nothing where all there is to do is to wait.

    `now` is in Unix seconds.
    """
    return [*_Decision(state, terms, now).events()]


class _Decision:
    """One decision; what it starts takes room from what it starts next."""

    def __init__(self, state: RunState, terms: Terms, now: float) -> None:
        self._state = state
        self._terms = terms
        self._now = now
        self._machine = self._room = terms.machine
        running = state.running.values()
        self._take(taken_by(job, self._machine) for job in running)
        self._held = state.held()
        self._number = state.next_number

    def _take(self, taken: Iterable[Resources]) -> None:
        self._room = self._room.without(taken)
        # No job takes less than one core, or all of a smaller machine.
        self._is_full = self._room.cores < min(1, self._machine.cores)

    def events(self) -> Iterator[Event]:
        state = self._state
        moves: list[Event] = []
        for key, job in state.waiting.items():
            status = state.jobs[key]
            if status is JobStatus.QUEUED and self._is_full and not state.is_canceled:
                continue  # most jobs, most of the time
            moves += self._of_job(key, job)
        return iter(moves or self._endings())

    def _of_job(self, key: Key, job: Job) -> Iterator[Event]:
        status = self._state.jobs[key]
        may_begin = status is JobStatus.BLOCKED and self._may_begin(key, job)
        if self._state.is_canceled:
            if may_begin or status is not JobStatus.BLOCKED:
                yield self._finished(key, JobStatus.CANCELED)
        elif status is JobStatus.ON_HOLD and key in self._state.approved:
            yield self._finished(key, JobStatus.SUCCESS)
        elif may_begin:
            yield from self._first(key, job)
        elif status is JobStatus.QUEUED:
            yield from self._start(key, job)

    def _may_begin(self, key: Key, job: Job) -> bool:
        workflow, _ = key
        jobs = self._state.jobs
        return all(accepts(each, jobs[workflow, each.job]) for each in job.requires)

    def _first(self, key: Key, job: Job) -> Iterator[Event]:
        workflow, name = key
        if job.type is JobType.APPROVAL:
            yield ApprovalRequested(
                time=self._now, run=self._terms.run, workflow=workflow, job=name
            )
            return
        refused = [each for each in job.contexts if each not in self._terms.contexts]
        if refused:
            yield self._finished(key, JobStatus.UNAUTHORIZED, _not_granted(refused))
        elif job.type is not JobType.BUILD:
            if self._take_lock(key, job):
                yield self._finished(key, JobStatus.SUCCESS)  # JOB-009
        else:
            yield JobQueued(time=self._now, run=self._terms.run, workflow=workflow, job=name)
            yield from self._start(key, job)

    def _start(self, key: Key, job: Job) -> Iterator[Event]:
        taken = taken_by(job, self._machine)
        if not taken.fits(self._room) or not self._take_lock(key, job):
            return
        workflow, name = key
        self._take([taken])
        yield JobStarted(
            time=self._now, run=self._terms.run, workflow=workflow, job=name, number=self._number
        )
        self._number += 1

    def _take_lock(self, key: Key, job: Job) -> bool:
        """Whether the job has its serial group now, which one holder has at a time (WF-033)."""
        if not job.serial_group:
            return True
        return self._held.setdefault(job.serial_group, holder(key, job)) == holder(key, job)

    def _finished(self, key: Key, status: JobStatus, reason: str = "") -> JobFinished:
        workflow, name = key
        return JobFinished(
            time=self._now,
            run=self._terms.run,
            workflow=workflow,
            job=name,
            status=status,
            duration_s=0.0,
            reason=reason,
        )

    def _endings(self) -> Iterator[Event]:
        """Close the workflows in which nothing more happens, and with the last of them the run."""
        state, terms = self._state, self._terms
        active = {workflow for workflow, _ in (*state.waiting, *state.running)}
        if not state.running and terms.approvals_end:
            active = set()  # what is left waits for an approval that nobody will give
        over = {
            name: workflow_status([status for _, status in state.workflow_jobs(name)])
            for name in state.open_workflows
            if name not in active
        }
        duration_s = self._now - terms.started
        for name, status in over.items():
            yield WorkflowFinished(
                time=self._now,
                run=terms.run,
                workflow=name,
                status=status,
                duration_s=duration_s,
                jobs=state.workflow_jobs(name),
            )
        if len(over) == len(state.open_workflows):
            statuses = [*state.finished.values(), *over.values()]
            yield RunFinished(
                time=self._now, run=terms.run, status=_worst(statuses), duration_s=duration_s
            )


def workflow_status(statuses: list[JobStatus]) -> WorkflowStatus:
    """Return what a workflow ends in; a failure counts though another job handled it (WF-040)."""
    if _FAILURES.intersection(statuses):
        return WorkflowStatus.FAILED
    if JobStatus.CANCELED in statuses:
        return WorkflowStatus.CANCELED
    if JobStatus.UNAUTHORIZED in statuses:
        return WorkflowStatus.UNAUTHORIZED
    if JobStatus.ON_HOLD in statuses:
        return WorkflowStatus.ON_HOLD
    return WorkflowStatus.SUCCESS


def _worst(statuses: list[WorkflowStatus]) -> WorkflowStatus:
    return next((each for each in _WORST_FIRST if each in statuses), WorkflowStatus.SUCCESS)


def _not_granted(contexts: list[str]) -> str:
    names = ", ".join(f"'{name}'" for name in contexts)
    noun = "context" if len(contexts) == 1 else "contexts"
    return f"{noun} {names} not granted (samo run --context-file FILE grants those in FILE)"
