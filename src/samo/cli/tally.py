"""What the events of a run add up to, as the consoles and `samo show` tell it."""

from dataclasses import field

from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import (
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
)
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus


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
    status: JobStatus = JobStatus.BLOCKED
    number: int = 0
    started: float = 0.0
    duration_s: float = 0.0
    reason: str = ""
    steps: dict[tuple[int, int], StepTally] = field(default_factory=dict)


@dataclass(slots=True)
class WorkflowTally:
    """A workflow so far."""

    name: str
    started: float
    status: WorkflowStatus = WorkflowStatus.RUNNING
    duration_s: float = 0.0
    jobs: dict[JobName, JobTally] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """A run so far: `note` each event, in order."""

    start: RunStarted | None = None
    end: RunFinished | None = None
    workflows: dict[str, WorkflowTally] = field(default_factory=dict)
    differences: list[DifferenceNoted] = field(default_factory=list)

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
            case StepStarted() | StepFinished():
                self._note_step(event)
            case _:
                pass

    def job(self, workflow: str, name: JobName) -> JobTally:
        """Return a job's tally, begun if need be."""
        if workflow not in self.workflows:
            self.workflows[workflow] = WorkflowTally(workflow, 0.0)
        jobs = self.workflows[workflow].jobs
        if name not in jobs:
            jobs[name] = JobTally(workflow, name)
        return jobs[name]

    def jobs(self) -> list[JobTally]:
        """Return all jobs, in the order of the workflows."""
        return [job for workflow in self.workflows.values() for job in workflow.jobs.values()]

    def label(self, workflow: str, job: JobName, node: int = 0) -> str:
        """Return what names a job beyond doubt: its workflow stands first only where needed."""
        bearers = sum(job in each.jobs for each in self.workflows.values())
        name = f"{workflow}/{job}" if bearers > 1 else job
        return f"{name}:{node}" if node else name

    def _note_workflow(self, event: WorkflowStarted | WorkflowFinished) -> None:
        match event:
            case WorkflowStarted():
                jobs = {name: JobTally(event.workflow, name) for name in event.jobs}
                self.workflows[event.workflow] = WorkflowTally(
                    event.workflow, event.time, jobs=jobs
                )
            case WorkflowFinished():
                for name, status in event.jobs:
                    self.job(event.workflow, name).status = status
                workflow = self.workflows[event.workflow]
                workflow.status = event.status
                workflow.duration_s = event.duration_s

    def _note_job(self, event: JobQueued | JobStarted | JobFinished | ApprovalRequested) -> None:
        job = self.job(event.workflow, event.job)
        match event:
            case JobQueued():
                job.status = JobStatus.QUEUED
            case JobStarted():
                job.status = JobStatus.RUNNING
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
