"""The one loop of a run: all that happens comes by one queue, and is on disk before it counts."""

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from enum import Enum
from functools import partial, reduce
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from samo.engine.approvals import Approvals, held, left_word
from samo.engine.fidelity import joining, opening
from samo.engine.job import Jobs, Supplies
from samo.engine.masked_events import masked_event
from samo.engine.node import Outcome
from samo.engine.schedule import Terms, decide
from samo.engine.slots import Slots
from samo.engine.state import Key, TurnCame, apply, begin, extended
from samo.engine.workers import Workers
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import (
    ApprovalGiven,
    ApprovalRequested,
    Event,
    JobFinished,
    JobQueued,
    JobStarted,
    RunFinished,
    StepOutput,
    WorkflowStarted,
)
from samo.pipeline.job import Job
from samo.pipeline.pipeline import Workflow
from samo.pipeline.status import JobStatus, WorkflowStatus
from samo.stores import Journal
from samo.system import Cancel, end_marked

if TYPE_CHECKING:
    from samo.engine.serial import SerialGroups

_PIECES = 64  # of output that wait to be shown: 64 kB each at most, so memory stays bounded
_MANY = 10_000
_LONGEST_WAIT_S = 0.25

Reader = Callable[[Event], None]
"""Is told every event of a run, one by one, by one thread."""


class _Wish(Enum):
    CANCEL = "cancel"
    LOOK = "look"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Addition:
    workflows: tuple[Workflow, ...]
    first_number: int


_Message = Event | TurnCame | _Addition | _Wish


class Execution:
    """One run, from its first event to its last."""

    def __init__(
        self,
        supplies: Supplies,
        *,
        readers: Sequence[Reader],
        approvals: Approvals,
        first_number: int = 1,
        past: Sequence[Event] = (),
    ) -> None:
        """Prepare a run; `first_number` is its first job's CIRCLE_BUILD_NUM.

        One that has a `past` goes on from there.
        """
        self._supplies = supplies
        self._readers = readers
        self._approvals = approvals
        self._inbox: SimpleQueue[_Message] = SimpleQueue()
        self._pieces = threading.Semaphore(_PIECES)
        self._is_over = False
        self._cancel = Cancel()
        self._is_new = not past
        self._state = reduce(apply, past, begin(supplies.workflows, first_number=first_number))
        self._slots = Slots(supplies.slots)
        self._jobs = Jobs(supplies, self._slots, self._post, self._cancel)
        self._groups: SerialGroups | None = None
        self._declined: set[Key] = set()
        self._terms = Terms(
            run=supplies.run,
            started=past[0].time if past else supplies.clock(),
            machine=supplies.machine,
            contexts=frozenset(supplies.facts.grants.contexts),
            known=supplies.facts.grants.known,
            approvals_end=approvals.ask is None,
        )

    def cancel(self) -> None:
        """Cancel the run, as Ctrl-C does; may be called from a signal handler."""
        self._inbox.put(_Wish.CANCEL)

    def look(self) -> None:
        """See whether jobs have been approved from outside; may be called as `cancel` may."""
        self._inbox.put(_Wish.LOOK)

    def add(self, workflows: tuple[Workflow, ...], *, first_number: int) -> None:
        """Let workflows join the run, beside those in it (DYN-007); may be called by any thread.

        A job runs meanwhile, as its end ends the run. No workflow may have the name of another;
        no job has a number from `first_number` on.
        """
        self._inbox.put(_Addition(workflows=workflows, first_number=first_number))

    def run(self) -> WorkflowStatus:
        """Run to the end and return how it ended.

        Raises SamoError where the journal cannot be written: nothing of the run is left running.
        """
        with ExitStack() as stack:
            self._journal = stack.enter_context(Journal(self._supplies.folder.journal))
            stack.enter_context(self._slots)
            stack.callback(self._end_processes)
            stack.callback(self._supplies.executor.close)
            stack.callback(self._give_groups_back)
            # What a thread of ours dies of is a bug of ours, and raised here.
            self._workers = stack.enter_context(Workers(limit=_MANY))
            stack.callback(self._break_off)
            status = self._loop()
            self._journal.sync()
        return status

    def _loop(self) -> WorkflowStatus:
        if self._is_new:
            self._take(*opening(self._supplies, self._terms.started))
        self._look()
        while True:
            self._follow_groups()
            events = decide(self._state, self._terms, self._supplies.clock())
            if not events:
                self._wait()
                continue
            self._take(*events)
            if isinstance(last := events[-1], RunFinished):
                return last.status

    def _wait(self) -> None:
        """Wait for what changes the state, or for whoever is asked for an approval."""
        before = self._state
        if not self._terms.approvals_end and before.rests:
            self._ask()
            return
        while self._state is before:
            self._answer(self._message())

    def _message(self) -> _Message:
        """Return what comes next.

        A signal that arrives just before a wait begins does not end it, and its handler runs when
        the wait is over: so none lasts long.
        """
        while True:
            with suppress(Empty):
                return self._inbox.get(timeout=_LONGEST_WAIT_S)

    def _answer(self, message: _Message) -> None:
        match message:
            case _Wish.LOOK:
                self._look()
            case _Wish():
                self._state = replace(self._state, is_canceled=True)
                self._cancel.set()
            case TurnCame():
                self._take_turn(message)
            case _Addition():
                self._join(message.workflows, message.first_number)
            case _:
                self._take(message)
                if isinstance(message, StepOutput):
                    self._pieces.release()

    def _join(self, workflows: tuple[Workflow, ...], first_number: int) -> None:
        self._jobs.join(workflows)
        self._state = extended(self._state, workflows, first_number=first_number)
        self._take(*joining(workflows, self._supplies, self._supplies.clock()))

    def _follow_groups(self) -> None:
        """See which serial groups the run has now, and which ones it needs (WF-033)."""
        groups = self._state.serial_groups
        if not groups:
            return
        if self._groups is None:
            from samo.engine.serial import groups_of  # noqa: PLC0415 - few runs have one

            self._groups = groups_of(self._supplies, self._inbox.put, self._cancel)
        self._groups.follow(self._state, self._workers)
        elsewhere = groups - self._groups.ours
        if elsewhere != self._state.elsewhere:
            self._state = replace(self._state, elsewhere=elsewhere)

    def _take_turn(self, came: TurnCame) -> None:
        assert self._groups is not None
        self._groups.note(came)
        if came.key not in self._state.waiting:
            return
        if came.status is not None:
            end = {"status": came.status, "duration_s": 0.0, "reason": came.reason}
            self._take(self._of_job(JobFinished, came.key, **end))
        elif not came.is_ours:
            self._take(self._of_job(JobQueued, came.key, reason=came.reason))
        else:
            self._follow_groups()

    def _give_groups_back(self) -> None:
        if self._groups is not None:
            self._groups.close()

    def _take(self, *events: Event) -> None:
        """Believe what happens at one time: on disk first, then told, then acted upon.

        All that a run tells of itself comes by here, and no secret passes (ENV-013).
        """
        events = tuple(masked_event(event, self._supplies.secrets) for event in events)
        state = reduce(apply, events, self._state)
        # Output is in the step's log already.
        if kept := [event for event in events if not isinstance(event, StepOutput)]:
            self._journal.append(*kept)
        self._state = state
        for event in events:
            for reader in self._readers:
                reader(event)
            self._act(event)

    def _act(self, event: Event) -> None:
        match event:
            case JobStarted():
                job = self._state.running[event.workflow, event.job]
                self._workers.start(partial(self._run_job, job, event))
            case ApprovalRequested():
                self._approve(event)
            case WorkflowStarted() if event.attempt > 1:
                self._forget(event)

    def _forget(self, start: WorkflowStarted) -> None:
        """Drop from the workspace what the jobs that run again had put there (WS-012)."""
        root = self._supplies.folder.workspace(start.workflow)
        if root.exists():
            from samo.stores.workspaces import Workspace  # noqa: PLC0415 - few runs have one

            Workspace(root).forget(set(start.jobs) - set(start.kept))

    def _approve(self, request: ApprovalRequested) -> None:
        given, key = self._approvals, (request.workflow, request.job)
        if given.all or request.job in given.names:
            self._take(self._approval(key, "the call"))
        elif given.ask is not None:
            self._declined.discard(key)
            self._terms = replace(self._terms, approvals_end=False)

    def _look(self) -> None:
        """Take the approvals that somebody has left in the run's folder."""
        for key, by in [*left_word(self._state, self._supplies.folder)]:
            self._take(self._approval(key, by))

    def _ask(self) -> None:
        """Ask for each approval once; a run in which none is given any more ends on hold."""
        before = self._state
        for key in held(self._state):
            if key not in self._declined and key not in self._state.approved:
                self._ask_for(key)
        while not self._inbox.empty():
            self._answer(self._inbox.get())
        if self._state is before and self._declined.issuperset(held(self._state)):
            self._terms = replace(self._terms, approvals_end=True)

    def _ask_for(self, key: Key) -> None:
        ask = self._approvals.ask
        assert ask is not None
        try:
            answer = ask(key[1])
        except KeyboardInterrupt:  # Ctrl-C at the question is one at the run
            self.cancel()
            answer = False
        if answer is None:
            self._look()
        elif answer:
            self._take(self._approval(key, "the user"))
        else:
            self._declined.add(key)

    def _approval(self, key: Key, by: str) -> Event:
        return self._of_job(ApprovalGiven, key, by=by)

    def _of_job(self, kind: Callable[..., Event], key: Key, **values: Any) -> Event:  # noqa: ANN401
        """Return an event of a job that does not run; `values` are those of its kind."""
        workflow, job = key
        return kind(
            time=self._supplies.clock(),
            run=self._supplies.run,
            workflow=workflow,
            attempt=self._state.attempt(workflow),
            job=job,
            **values,
        )

    def _run_job(self, job: Job, start: JobStarted) -> None:
        started = self._supplies.clock()
        outcome = Outcome(status=JobStatus.INFRASTRUCTURE_FAIL, reason="samo itself broke off")
        try:
            outcome = self._jobs.run(job, start)
        finally:
            self._inbox.put(self._job_end(start, outcome, started))

    def _job_end(self, start: JobStarted, outcome: Outcome, started: float) -> JobFinished:
        now = self._supplies.clock()
        return JobFinished(
            time=now,
            run=self._supplies.run,
            workflow=start.workflow,
            attempt=start.attempt,
            job=start.job,
            status=outcome.status,
            duration_s=now - started,
            reason=outcome.reason,
        )

    def _post(self, event: Event) -> None:
        """Take an event from a job's thread; output waits until what came before is shown."""
        if self._is_over:
            return
        if isinstance(event, StepOutput):
            self._pieces.acquire()
        self._inbox.put(event)

    def _end_processes(self) -> None:
        """End what left its process group by `setsid`."""
        end_marked(self._supplies.marker)
        self._cancel.close()

    def _break_off(self) -> None:
        """End what still runs, where the loop was left before the run was over."""
        self._is_over = True
        self._cancel.set()
        self._pieces.release(threading.active_count())  # each waits for one at most
