"""What the events of a run add up to, as rows of the history: a fold, and its end."""

from collections.abc import Iterable
from dataclasses import field
from typing import Any

from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import (
    ApprovalGiven,
    ApprovalRequested,
    ArtifactStored,
    DifferenceNoted,
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
    kept_from,
)
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus

Row = dict[str, Any]
_WorkflowEvent = (
    WorkflowStarted | WorkflowFinished | JobQueued | JobStarted | JobFinished | ApprovalRequested
)


@dataclass(slots=True)
class Rows:
    """The rows of one run so far, in the order of its events; `run` is {} before it begins."""

    run: Row = field(default_factory=dict)
    workflows: dict[tuple[str, int], Row] = field(default_factory=dict)
    jobs: dict[tuple[str, int, JobName], Row] = field(default_factory=dict)
    steps: dict[tuple[str, int, JobName, int, int], Row] = field(default_factory=dict)
    differences: list[Row] = field(default_factory=list)
    artifacts: list[Row] = field(default_factory=list)
    last_time: float = 0.0

    def note(self, event: Event) -> None:
        """Add an event; kinds that change none of this are passed over."""
        self.last_time = event.time
        match event:
            case RunStarted() | RunFinished():
                self._note_run(event)
            case WorkflowStarted() | WorkflowFinished():
                self._note_workflow(event)
            case JobQueued() | JobStarted() | JobFinished() | ApprovalRequested():
                self._note_job(event)
            case ApprovalGiven():
                self._reopen(event)
            case StepStarted() | StepFinished():
                self._note_step(event)
            case ArtifactStored() | DifferenceNoted():
                self._note_other(event)
            case _:
                pass

    def break_off(self) -> None:
        """End all that is open where the last event left it: nobody goes on with the run."""
        for row in (self.run, *self.workflows.values()):
            if row["stopped_at"] is None:
                _stop(row, WorkflowStatus.CANCELED, self.last_time - row["created_at"])
        for row in self.jobs.values():
            if not row["status"].is_final:
                row["status"] = JobStatus.CANCELED
                row["duration_s"] = self.last_time - (row["started_at"] or self.last_time)
        for row in self.steps.values():
            if row["status"] is None:
                row["status"] = StepStatus.CANCELED
                row["duration_s"] = self.last_time - row["started_at"]

    def _note_run(self, event: RunStarted | RunFinished) -> None:
        match event:
            case RunStarted():
                self.run = {
                    "id": event.run,
                    "number": event.number,
                    "branch": event.branch,
                    "tag": event.tag,
                    "revision": event.revision,
                    "config": event.config,
                    "rerun_of": event.rerun_of,
                    **_begun(event.time),
                }
            case RunFinished() if self.run:
                _stop(self.run, event.status, event.duration_s)

    def _note_workflow(self, event: WorkflowStarted | WorkflowFinished) -> None:
        row = self.workflows.setdefault(
            (event.workflow, event.attempt),
            {"name": event.workflow, "attempt": event.attempt, **_begun(event.time)},
        )
        match event:
            case WorkflowStarted():
                for name in event.jobs:
                    self._job(event, name)
                for name in event.kept:
                    self._keep(event, name)
            case WorkflowFinished():
                _stop(row, event.status, event.duration_s)
                for name, status in event.jobs:
                    self._job(event, name)["status"] = status

    def _reopen(self, event: ApprovalGiven) -> None:
        """Let a run that ended on hold go on."""
        for row in (self.run, self.workflows[event.workflow, event.attempt]):
            row.update(status=WorkflowStatus.RUNNING, stopped_at=None, duration_s=0.0)

    def _keep(self, event: WorkflowStarted, name: JobName) -> None:
        """Let a job be as it was: in the attempt before, or in the run that is rerun."""
        row = self._job(event, name)
        before = self.jobs.get((event.workflow, event.attempt - 1, name))
        row.update(before or {}, attempt=event.attempt, status=JobStatus.SUCCESS)
        origin = kept_from(event, self.run.get("rerun_of", 0))
        row["reason"] = row["reason"] or f"kept from {origin}"

    def _note_job(self, event: JobQueued | JobStarted | JobFinished | ApprovalRequested) -> None:
        row = self._job(event, event.job)
        match event:
            case JobQueued():
                row["status"] = JobStatus.QUEUED
                row["reason"] = event.reason
            case ApprovalRequested():
                row["status"] = JobStatus.ON_HOLD
            case JobStarted():
                row["status"] = JobStatus.RUNNING
                row["reason"] = ""
                row["job_number"] = event.number
                row["started_at"] = event.time
            case JobFinished():
                row["status"] = event.status
                row["duration_s"] = event.duration_s
                row["reason"] = event.reason

    def _note_step(self, event: StepStarted | StepFinished) -> None:
        key = (event.workflow, event.attempt, event.job, event.node, event.step)
        match event:
            case StepStarted():
                self.steps[key] = _begun_step(event)
            case StepFinished():
                row = self.steps.setdefault(key, _begun_step(event))
                row["status"] = event.status
                row["duration_s"] = event.duration_s
                row["exit_code"] = event.exit_code
                row["reason"] = event.reason

    def _note_other(self, event: ArtifactStored | DifferenceNoted) -> None:
        where = {"workflow": event.workflow, "job": event.job}
        match event:
            case ArtifactStored():
                stored = {"node": event.node, "path": event.path, "size_bytes": event.size_bytes}
                self.artifacts.append({**where, "attempt": event.attempt, **stored})
            case DifferenceNoted():
                told = {"rule": event.rule, "message": event.message, "place": event.place}
                self.differences.append({**where, **told})

    def _job(self, event: _WorkflowEvent, name: JobName) -> Row:
        blank = {
            "workflow": event.workflow,
            "attempt": event.attempt,
            "name": name,
            "job_number": None,
            "status": JobStatus.BLOCKED,
            "started_at": None,
            "duration_s": 0.0,
            "reason": "",
        }
        return self.jobs.setdefault((event.workflow, event.attempt, name), blank)


def fold(events: Iterable[Event]) -> Rows:
    """Return what the events add up to."""
    rows = Rows()
    for event in events:
        rows.note(event)
    return rows


def _begun(time: float) -> Row:
    running = WorkflowStatus.RUNNING
    return {"status": running, "created_at": time, "stopped_at": None, "duration_s": 0.0}


def _stop(row: Row, status: WorkflowStatus, duration_s: float) -> None:
    row["status"] = status
    row["stopped_at"] = row["created_at"] + duration_s
    row["duration_s"] = duration_s


def _begun_step(event: StepStarted | StepFinished) -> Row:
    return {
        "workflow": event.workflow,
        "attempt": event.attempt,
        "job": event.job,
        "step": event.step,
        "node": event.node,
        "name": event.name,
        "status": None,
        "exit_code": None,
        "started_at": event.time,
        "duration_s": 0.0,
        "reason": "",
    }
