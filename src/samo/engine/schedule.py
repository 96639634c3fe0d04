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
    WorkflowStarted,
)
from samo.pipeline.job import Job, JobType
from samo.pipeline.pipeline import Workflow
from samo.pipeline.problem import nearest
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

    `contexts` are the names that are granted, `known` others that could be; `approvals_end` is
    whether nobody will approve any more, so that a run on hold is over.
    """

    run: RunId
    started: float
    machine: Resources
    contexts: frozenset[str] = frozenset()
    known: tuple[str, ...] = ()
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
        attempt = self._state.attempt(workflow)
        if job.type is JobType.APPROVAL:
            yield ApprovalRequested(
                time=self._now, run=self._terms.run, workflow=workflow, attempt=attempt, job=name
            )
            return
        refused = [each for each in job.contexts if each not in self._terms.contexts]
        if refused:
            reason = "; ".join(_not_granted(each, self._terms) for each in refused)
            yield self._finished(key, JobStatus.UNAUTHORIZED, reason)
        elif job.type is not JobType.BUILD and not job.serial_group:
            yield self._finished(key, JobStatus.SUCCESS)  # JOB-009
        else:
            yield JobQueued(
                time=self._now, run=self._terms.run, workflow=workflow, attempt=attempt, job=name
            )
            yield from self._start(key, job)

    def _start(self, key: Key, job: Job) -> Iterator[Event]:
        if job.type is not JobType.BUILD:
            if self._take_lock(key, job):
                yield self._finished(key, JobStatus.SUCCESS)
            return
        taken = taken_by(job, self._machine)
        if not taken.fits(self._room) or not self._take_lock(key, job):
            return
        workflow, name = key
        self._take([taken])
        yield JobStarted(
            time=self._now,
            run=self._terms.run,
            workflow=workflow,
            attempt=self._state.attempt(workflow),
            job=name,
            number=self._number,
        )
        self._number += 1

    def _take_lock(self, key: Key, job: Job) -> bool:
        """Whether the job has its serial group now, which one holder has at a time (WF-033)."""
        if not job.serial_group:
            return True
        if job.serial_group in self._state.elsewhere:
            return False
        return self._held.setdefault(job.serial_group, holder(key, job)) == holder(key, job)

    def _finished(self, key: Key, status: JobStatus, reason: str = "") -> JobFinished:
        workflow, name = key
        return JobFinished(
            time=self._now,
            run=self._terms.run,
            workflow=workflow,
            attempt=self._state.attempt(workflow),
            job=name,
            status=status,
            duration_s=0.0,
            reason=reason,
        )

    def _endings(self) -> Iterator[Event]:
        """Close the workflows in which nothing more happens, and with the last of them the run."""
        state, terms = self._state, self._terms
        active = {workflow for workflow, _ in (*state.waiting, *state.running)}
        if terms.approvals_end and state.rests:
            active = set()  # what is left waits for an approval that nobody will give
        over = {name: self._status(name) for name in state.open_workflows if name not in active}
        again = [name for name, status in over.items() if self._begins_again(name, status)]
        for name, status in over.items():
            yield WorkflowFinished(
                time=self._now,
                run=terms.run,
                workflow=name,
                attempt=state.attempt(name),
                status=status,
                duration_s=self._now - state.begun.get(name, terms.started),
                jobs=state.workflow_jobs(name),
            )
        for name in again:
            yield self._next_attempt(name)
        if len(over) == len(state.open_workflows) and not again:
            statuses = [*state.finished.values(), *over.values()]
            yield RunFinished(
                time=self._now,
                run=terms.run,
                status=worst(statuses),
                duration_s=self._now - terms.started,
            )

    def _status(self, workflow: str) -> WorkflowStatus:
        statuses = [status for _, status in self._state.workflow_jobs(workflow)]
        if self._state.is_canceled and JobStatus.CANCELED in statuses:
            return WorkflowStatus.CANCELED  # LOC-019, whatever had failed before
        return workflow_status(statuses)

    def _begins_again(self, workflow: str, status: WorkflowStatus) -> bool:
        """Whether a workflow that ended so is rerun by itself (WF-032)."""
        state = self._state
        left = state.plan[workflow].max_auto_reruns >= state.attempt(workflow)
        return left and status is WorkflowStatus.FAILED and not state.is_canceled

    def _next_attempt(self, workflow: str) -> WorkflowStarted:
        jobs = self._state.workflow_jobs(workflow)
        return WorkflowStarted(
            time=self._now,
            run=self._terms.run,
            workflow=workflow,
            attempt=self._state.attempt(workflow) + 1,
            jobs=tuple(name for name, _ in jobs),
            kept=tuple(name for name, status in jobs if status is JobStatus.SUCCESS),
        )


def most_starts(workflows: Iterable[Workflow]) -> int:
    """Return how many jobs may start in workflows, at the most: each rerun may start all anew."""
    return sum(len(each.jobs) * (1 + each.max_auto_reruns) for each in workflows)


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


def worst(statuses: list[WorkflowStatus]) -> WorkflowStatus:
    """Return what a run ends in whose workflows ended so."""
    return next((each for each in _WORST_FIRST if each in statuses), WorkflowStatus.SUCCESS)


def _not_granted(context: str, terms: Terms) -> str:
    if context in terms.known:
        remedy = f"samo run --context {context} grants it"
    elif not (remedy := nearest(context, (*terms.known, *sorted(terms.contexts)))):
        remedy = "define it in ~/.config/samo/contexts.toml, or by samo run --context-file FILE"
    return f"context '{context}' not granted ({remedy})"
