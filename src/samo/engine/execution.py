"""The one loop of a run: all that happens comes by one queue, and is on disk before it counts."""

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from enum import Enum
from functools import partial, reduce
from queue import SimpleQueue

from samo.engine.fidelity import opening
from samo.engine.job import Jobs, Supplies
from samo.engine.node import Outcome
from samo.engine.schedule import Terms, decide
from samo.engine.slots import Slots
from samo.engine.state import Key, apply, begin
from samo.engine.workers import Workers
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import (
    ApprovalGiven,
    ApprovalRequested,
    Event,
    JobFinished,
    JobStarted,
    RunFinished,
    StepOutput,
)
from samo.pipeline.job import Job, JobName
from samo.pipeline.status import JobStatus, WorkflowStatus
from samo.stores import Journal
from samo.system import Cancel, end_marked

_PIECES = 64  # of output that wait to be shown: 64 kB each at most, so memory stays bounded
_MANY = 10_000

Reader = Callable[[Event], None]
"""Is told every event of a run, one by one, by one thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Who approves: names given beforehand, everything, or somebody who is asked at the end.

    `ask` is called while nothing else runs; None where nobody can be asked.
    """

    names: frozenset[str] = frozenset()
    all: bool = False
    ask: Callable[[JobName], bool] | None = None


class _Wish(Enum):
    CANCEL = "cancel"


class Execution:
    """One run, from its first event to its last."""

    def __init__(
        self,
        supplies: Supplies,
        *,
        readers: Sequence[Reader],
        approvals: Approvals,
        first_number: int = 1,
    ) -> None:
        """Prepare a run; `first_number` is its first job's CIRCLE_BUILD_NUM."""
        self._supplies = supplies
        self._readers = readers
        self._approvals = approvals
        self._inbox: SimpleQueue[Event | _Wish] = SimpleQueue()
        self._pieces = threading.Semaphore(_PIECES)
        self._is_over = False
        self._cancel = Cancel()
        self._state = begin(supplies.workflows, first_number=first_number)
        self._slots = Slots(supplies.slots)
        self._jobs = Jobs(supplies, self._slots, self._post, self._cancel)
        self._declined: set[Key] = set()
        self._terms = Terms(
            run=supplies.run,
            started=supplies.clock(),
            machine=supplies.machine,
            contexts=frozenset(supplies.facts.contexts),
            approvals_end=approvals.ask is None,
        )

    def cancel(self) -> None:
        """Cancel the run, as Ctrl-C does; may be called from a signal handler."""
        self._inbox.put(_Wish.CANCEL)

    def run(self) -> WorkflowStatus:
        """Run to the end and return how it ended.

        Raises SamoError where the journal cannot be written: nothing of the run is left running.
        """
        with ExitStack() as stack:
            self._journal = stack.enter_context(Journal(self._supplies.folder.journal))
            stack.enter_context(self._slots)
            stack.callback(self._end_processes)
            # What a thread of ours dies of is a bug of ours, and raised here.
            self._workers = stack.enter_context(Workers(limit=_MANY))
            stack.callback(self._break_off)
            status = self._loop()
            self._journal.sync()
        return status

    def _loop(self) -> WorkflowStatus:
        self._take(*opening(self._supplies, self._terms.started))
        while True:
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
        if not self._terms.approvals_end and not before.running:
            self._ask()
            return
        while self._state is before:
            self._answer(self._inbox.get())

    def _answer(self, message: Event | _Wish) -> None:
        if isinstance(message, _Wish):
            self._state = replace(self._state, is_canceled=True)
            self._cancel.set()
            return
        self._take(message)
        if isinstance(message, StepOutput):
            self._pieces.release()

    def _take(self, *events: Event) -> None:
        """Believe what happens at one time: on disk first, then told, then acted upon."""
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
                key = (event.workflow, event.job)
                job = self._state.running[key]
                self._workers.start(partial(self._run_job, key, job, event.number))
            case ApprovalRequested():
                self._approve(event)

    def _approve(self, request: ApprovalRequested) -> None:
        given = self._approvals
        if given.all or request.job in given.names:
            self._take(self._approval((request.workflow, request.job), "the call"))

    def _ask(self) -> None:
        """Ask for each approval once; a run in which none is given any more ends on hold."""
        ask = self._approvals.ask
        assert ask is not None
        jobs = self._state.jobs
        held = [key for key in self._state.waiting if jobs[key] is JobStatus.ON_HOLD]
        given = [key for key in held if key not in self._declined and self._asked(key, ask)]
        self._declined.update(key for key in held if key not in given)
        for key in given:
            self._take(self._approval(key, "the user"))
        if not given:
            self._terms = replace(self._terms, approvals_end=True)
        while not self._inbox.empty():
            self._answer(self._inbox.get())

    def _asked(self, key: Key, ask: Callable[[JobName], bool]) -> bool:
        try:
            return ask(key[1])
        except KeyboardInterrupt:  # Ctrl-C at the question is one at the run
            self.cancel()
            return False

    def _approval(self, key: Key, by: str) -> ApprovalGiven:
        return ApprovalGiven(
            time=self._supplies.clock(),
            run=self._supplies.run,
            workflow=key[0],
            job=key[1],
            by=by,
        )

    def _run_job(self, key: Key, job: Job, number: int) -> None:
        started = self._supplies.clock()
        outcome = Outcome(status=JobStatus.INFRASTRUCTURE_FAIL, reason="samo itself broke off")
        try:
            outcome = self._jobs.run(key, job, number)
        finally:
            self._inbox.put(self._job_end(key, outcome, started))

    def _job_end(self, key: Key, outcome: Outcome, started: float) -> JobFinished:
        now = self._supplies.clock()
        return JobFinished(
            time=now,
            run=self._supplies.run,
            workflow=key[0],
            job=key[1],
            status=outcome.status,
            duration_s=now - started,
            reason=self._supplies.secrets.masked(outcome.reason),
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
