"""What the events of a run add up to, as the consoles and `samo show` tell it."""

from collections.abc import Iterable
from dataclasses import field, replace
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import (
    ApprovalGiven,
    ApprovalRequested,
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
from samo.stores import RunFolder


@dataclass(slots=True)
class StepTally:
    """A step so far; `status` is None while it runs."""

    name: str
    node: int
    step: int
    started: float
    status: StepStatus | None = None
    duration_s: float = 0.0
    exit_code: int | None = None
    reason: str = ""

    @property
    def failed(self) -> bool:
        """Whether the step has ended otherwise than well, by its own doing."""
        return self.status not in (None, StepStatus.SUCCESS, StepStatus.CANCELED)


@dataclass(slots=True)
class JobTally:
    """A job so far; times are in Unix seconds."""

    workflow: str
    name: JobName
    attempt: int = 1
    status: JobStatus = JobStatus.BLOCKED
    number: int = 0
    started: float = 0.0
    duration_s: float = 0.0
    reason: str = ""
    steps: dict[tuple[int, int], StepTally] = field(default_factory=dict)

    def is_called(self, name: str) -> bool:
        """Whether a user who writes this name, `JOB` or `WORKFLOW/JOB`, means this job."""
        return name in (self.name, f"{self.workflow}/{self.name}")


@dataclass(slots=True)
class WorkflowTally:
    """An attempt of a workflow so far."""

    name: str
    started: float
    attempt: int = 1
    status: WorkflowStatus = WorkflowStatus.RUNNING
    duration_s: float = 0.0
    jobs: dict[JobName, JobTally] = field(default_factory=dict)


def log_of(folder: RunFolder, job: JobTally, step: StepTally) -> Path:
    """Return where a step's output is kept."""
    return folder.of_attempt(job.attempt).log(job.workflow, job.name, step.node, step.step)


@dataclass(slots=True)
class Tally:
    """A run so far: `note` each event, in order.

    `workflows` has the last attempt of each workflow, `earlier` those before it, `told` says how
    many of the differences a console has shown already.
    """

    start: RunStarted | None = None
    end: RunFinished | None = None
    workflows: dict[str, WorkflowTally] = field(default_factory=dict)
    earlier: list[WorkflowTally] = field(default_factory=list)
    differences: list[DifferenceNoted] = field(default_factory=list)
    told: int = 0

    def note(self, event: Event) -> None:
        """Add an event; kinds that change none of this are passed over."""
        match event:
            case RunStarted():
                self.start = event
            case RunFinished():
                self.end = event
            case DifferenceNoted():
                self.differences.append(event)
            case WorkflowStarted() | WorkflowFinished():
                self._note_workflow(event)
            case JobQueued() | JobStarted() | JobFinished() | ApprovalRequested():
                self._note_job(event)
            case ApprovalGiven():
                self._reopen(event)
            case StepStarted() | StepFinished():
                self._note_step(event)
            case _:
                pass

    def note_all(self, events: Iterable[Event]) -> None:
        """Add events, in order."""
        for event in events:
            self.note(event)

    def job(self, workflow: str, name: JobName) -> JobTally:
        """Return a job's tally, begun if need be."""
        if workflow not in self.workflows:
            self.workflows[workflow] = WorkflowTally(workflow, 0.0)
        jobs = self.workflows[workflow].jobs
        if name not in jobs:
            jobs[name] = JobTally(workflow, name)
        return jobs[name]

    def jobs(self) -> list[JobTally]:
        """Return all jobs of the last attempts, in the order of the workflows."""
        return [job for workflow in self.workflows.values() for job in workflow.jobs.values()]

    def tell(self, event: Event) -> list[DifferenceNoted]:
        """Return the differences that are to be shown now that `event` has come: each once.

        Those of a run come together, before anything of it starts.
        """
        if len(self.differences) == self.told or isinstance(event, DifferenceNoted):
            return []
        untold = self.differences[self.told :]
        self.told = len(self.differences)
        return untold

    def attempts(self) -> list[WorkflowTally]:
        """Return all attempts of all workflows, those of one workflow in their order."""
        return [
            each
            for last in self.workflows.values()
            for each in (*(early for early in self.earlier if early.name == last.name), last)
        ]

    def label(self, workflow: str, job: JobName, node: int = 0, attempt: int = 1) -> str:
        """Return what names a job beyond doubt: its workflow stands first only where needed."""
        bearers = sum(job in each.jobs for each in self.workflows.values())
        name = f"{workflow}/{job}" if bearers > 1 else job
        again = f" (attempt {attempt})" if attempt > 1 else ""
        return f"{name}:{node}{again}" if node else f"{name}{again}"

    def _note_workflow(self, event: WorkflowStarted | WorkflowFinished) -> None:
        match event:
            case WorkflowStarted():
                self._begin(event)
            case WorkflowFinished():
                for name, status in event.jobs:
                    self.job(event.workflow, name).status = status
                workflow = self.workflows[event.workflow]
                workflow.status = event.status
                workflow.duration_s = event.duration_s

    def _reopen(self, event: ApprovalGiven) -> None:
        """Let a run that ended on hold go on."""
        self.end = None
        workflow = self.workflows[event.workflow]
        workflow.status = WorkflowStatus.RUNNING
        workflow.duration_s = 0.0

    def _begin(self, event: WorkflowStarted) -> None:
        before = self.workflows.get(event.workflow)
        if before is not None:
            self.earlier.append(before)
        jobs = {name: JobTally(event.workflow, name, attempt=event.attempt) for name in event.jobs}
        for name in event.kept:
            jobs[name] = self._kept(event, name, before)
        self.workflows[event.workflow] = WorkflowTally(
            event.workflow, event.time, attempt=event.attempt, jobs=jobs
        )

    def _kept(
        self, event: WorkflowStarted, name: JobName, before: WorkflowTally | None
    ) -> JobTally:
        """Return a job as it was: in the attempt before, or in the run that is rerun."""
        job = JobTally(event.workflow, name, status=JobStatus.SUCCESS)
        if before is not None and name in before.jobs:
            job = replace(before.jobs[name], steps={})
        job.attempt = event.attempt
        origin = kept_from(event, self.start.rerun_of if self.start else 0)
        job.reason = job.reason or f"kept from {origin}"
        return job

    def _note_job(self, event: JobQueued | JobStarted | JobFinished | ApprovalRequested) -> None:
        job = self.job(event.workflow, event.job)
        match event:
            case JobQueued():
                job.status = JobStatus.QUEUED
                job.reason = event.reason
            case JobStarted():
                job.status = JobStatus.RUNNING
                job.reason = ""
                job.number = event.number
                job.started = event.time
            case ApprovalRequested():
                job.status = JobStatus.ON_HOLD
            case JobFinished():
                job.status = event.status
                job.duration_s = event.duration_s
                job.reason = event.reason

    def _note_step(self, event: StepStarted | StepFinished) -> None:
        steps = self.job(event.workflow, event.job).steps
        key = (event.node, event.step)
        if isinstance(event, StepStarted) or key not in steps:
            steps[key] = StepTally(event.name, event.node, event.step, event.time)
        if isinstance(event, StepFinished):
            step = steps[key]
            step.status = event.status
            step.duration_s = event.duration_s
            step.exit_code = event.exit_code
            step.reason = event.reason
