"""What becomes of a run whose process was killed: its journal is ended, and what it left running.

The journal has all that was believed, so that the end follows from it: what ran has failed with
its machine, what waited is canceled, and what could not begin is not run.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path

from samo.engine.job import marker_of
from samo.engine.schedule import workflow_status, worst
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import (
    ApprovalGiven,
    ApprovalRequested,
    Event,
    JobFinished,
    JobQueued,
    JobStarted,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
    WorkflowFinished,
    WorkflowStarted,
)
from samo.pipeline.job import JobName
from samo.pipeline.problem import SamoError
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus
from samo.stores import Journal, RunFolder, Runs, read_journal
from samo.system import end_marked, try_lock

KILLED = "samo was killed while the job ran"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """A run that had broken off, as what it has ended, and how many of its processes still ran."""

    number: int
    status: WorkflowStatus
    processes: int


def recover(runs: Runs, snapshots: Path) -> Iterator[Recovered]:
    """End all runs that broke off; what had not even begun is removed.

    One whose journal is damaged is left as it is, so that it keeps no command from its work.
    """
    with runs.starting():
        locks = [(folder, _lock(folder)) for folder in runs.broken()]
        broken = [(folder, lock) for folder, lock in locks if lock is not None]
    try:
        for folder, _ in broken:
            yield from _recovered(folder, runs, snapshots)
    finally:
        for _, lock in broken:
            os.close(lock)


def _lock(folder: RunFolder) -> int | None:
    folder.path.mkdir(exist_ok=True)  # half removed, perhaps
    return try_lock(folder.lock)


def _recovered(folder: RunFolder, runs: Runs, snapshots: Path) -> Iterator[Recovered]:
    processes = end_marked(marker_of(folder.id)) if folder.id else 0
    shutil.rmtree(snapshots / str(folder.number), ignore_errors=True)
    try:
        events = list(read_journal(folder.journal)) if folder.journal.exists() else []
    except SamoError:
        runs.close(folder)  # no kill has damaged it: the history says that it is left out
        return
    if not events:
        runs.discard(folder)
        return
    endings = endings_of(events)
    with Journal(folder.journal) as journal:
        journal.append(*endings)
        journal.sync()
    runs.close(folder)
    if endings:
        [*_, last] = endings
        assert isinstance(last, RunFinished)
        yield Recovered(number=folder.number, status=last.status, processes=processes)


def endings_of(events: Iterable[Event]) -> list[Event]:
    """Return the events that end a run at the moment when it was last heard of.

    None where it has ended; one that ended on hold is canceled by `cancellation_of`.
    """
    told = _Told.of(events)
    return [] if told.is_over else [*told.endings()]


def cancellation_of(events: Iterable[Event], now: float) -> list[Event]:
    """Return the events that cancel a run which has ended on hold; none where nothing waits."""
    told = _Told.of(events)
    told.last_time = now
    for workflow in told.workflows.values():
        if JobStatus.ON_HOLD in workflow.jobs.values():
            workflow.status = None
            told.is_over = False
    return [] if told.is_over else [*told.endings()]


@dataclass(slots=True)
class _Workflow:
    """The last attempt of a workflow so far; it has a `status` when it has ended."""

    start: WorkflowStarted
    jobs: dict[JobName, JobStatus]
    status: WorkflowStatus | None = None


@dataclass(slots=True)
class _Told:
    """What a journal tells of its run; `running` and `steps` are what has begun and not ended."""

    start: RunStarted | None = None
    is_over: bool = False
    last_time: float = 0.0
    workflows: dict[str, _Workflow] = field(default_factory=dict)
    running: dict[tuple[str, JobName], JobStarted] = field(default_factory=dict)
    steps: dict[tuple[str, JobName, int, int], StepStarted] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "_Told":
        """Return what the events tell."""
        told = cls()
        for event in events:
            told.note(event)
        return told

    def note(self, event: Event) -> None:
        """Add the next event."""
        self.last_time = event.time
        self.is_over = isinstance(event, RunFinished)
        match event:
            case RunStarted():
                self.start = event
            case WorkflowStarted():
                jobs = dict.fromkeys(event.jobs, JobStatus.BLOCKED)
                jobs.update(dict.fromkeys(event.kept, JobStatus.SUCCESS))
                self.workflows[event.workflow] = _Workflow(event, jobs)
            case WorkflowFinished():
                self.workflows[event.workflow].jobs.update(event.jobs)
                self.workflows[event.workflow].status = event.status
            case JobQueued() | JobStarted() | JobFinished() | ApprovalRequested():
                self._note_job(event)
            case ApprovalGiven():
                self.workflows[event.workflow].status = None
            case StepStarted():
                self.steps[event.workflow, event.job, event.node, event.step] = event
            case StepFinished():
                self.steps.pop((event.workflow, event.job, event.node, event.step), None)

    def _note_job(self, event: JobQueued | JobStarted | JobFinished | ApprovalRequested) -> None:
        key = (event.workflow, event.job)
        self.running.pop(key, None)
        match event:
            case JobQueued():
                status = JobStatus.QUEUED
            case JobStarted():
                status = JobStatus.RUNNING
                self.running[key] = event
            case ApprovalRequested():
                status = JobStatus.ON_HOLD
            case JobFinished():
                status = event.status
        self.workflows[event.workflow].jobs[event.job] = status

    def endings(self) -> Iterator[Event]:
        """Yield what ends all that has not ended, the run last."""
        assert self.start is not None
        for step in self.steps.values():
            yield self._step_end(step)
        for workflow in self.workflows.values():
            if workflow.status is None:
                yield from self._workflow_end(workflow)
        ends = [each.status for each in self.workflows.values() if each.status]
        yield RunFinished(
            time=self.last_time,
            run=self.start.run,
            status=worst(ends or [WorkflowStatus.CANCELED]),
            duration_s=self.last_time - self.start.time,
        )

    def _workflow_end(self, workflow: _Workflow) -> Iterator[Event]:
        cut = [name for name, status in workflow.jobs.items() if not status.is_final]
        for name in cut:
            if workflow.jobs[name] is JobStatus.BLOCKED:
                workflow.jobs[name] = JobStatus.NOT_RUN
                continue
            end = self._job_end(workflow.start, name)
            workflow.jobs[name] = end.status
            yield end
        broke_off = any(workflow.jobs[name] is not JobStatus.NOT_RUN for name in cut)
        status = workflow_status(list(workflow.jobs.values()))
        if broke_off or (cut and status is WorkflowStatus.SUCCESS):
            status = WorkflowStatus.CANCELED  # what is blocked may have been about to begin
        workflow.status = status
        yield WorkflowFinished(
            time=self.last_time,
            run=workflow.start.run,
            workflow=workflow.start.workflow,
            attempt=workflow.start.attempt,
            status=workflow.status,
            duration_s=self.last_time - workflow.start.time,
            jobs=tuple(workflow.jobs.items()),
        )

    def _job_end(self, owner: WorkflowStarted, name: JobName) -> JobFinished:
        start = self.running.get((owner.workflow, name))
        return JobFinished(
            time=self.last_time,
            run=owner.run,
            workflow=owner.workflow,
            attempt=owner.attempt,
            job=name,
            status=JobStatus.INFRASTRUCTURE_FAIL if start else JobStatus.CANCELED,
            duration_s=self.last_time - start.time if start else 0.0,
            reason=KILLED if start else "",
        )

    def _step_end(self, start: StepStarted) -> StepFinished:
        return StepFinished(
            time=self.last_time,
            run=start.run,
            workflow=start.workflow,
            attempt=start.attempt,
            job=start.job,
            node=start.node,
            step=start.step,
            name=start.name,
            status=StepStatus.CANCELED,
            duration_s=self.last_time - start.time,
        )
