"""What the history tells about runs; times are in Unix seconds."""

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus
from samo.stores.results import TestResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run, what CircleCI's API calls a pipeline; `stopped_at` is None while it runs.

    Texts are "" where the run has none: `tag` on a branch, `branch` on a tag. `rerun_of` is the
    number of the run whose pipeline ran once more, 0 for a pipeline's first.
    """

    number: int
    id: str
    status: WorkflowStatus
    created_at: float
    stopped_at: float | None
    duration_s: float
    branch: str
    tag: str
    revision: str
    config: str
    rerun_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """A step; `node` is what the API calls `index`, `status` is None while it runs."""

    step: int
    node: int
    name: str
    status: StepStatus | None
    exit_code: int | None
    started_at: float
    duration_s: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job of a workflow; a job that never ran has no `job_number`, and did not start."""

    name: JobName
    job_number: int | None
    status: JobStatus
    started_at: float | None
    duration_s: float
    reason: str
    steps: tuple[StepRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRecord:
    """An attempt of a workflow and its jobs, in the file's order.

    `stopped_at` is None while it runs. A job that it kept is as it was before.
    """

    name: str
    attempt: int = 1
    status: WorkflowStatus
    created_at: float
    stopped_at: float | None
    duration_s: float
    jobs: tuple[JobRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRecord:
    """What was not as in the cloud; texts are "" where it concerns the run, and no line of it."""

    rule: str
    message: str
    workflow: str
    job: JobName
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetails:
    """All that the history knows of one run, but its artifacts and tests."""

    run: RunRecord
    workflows: tuple[WorkflowRecord, ...]
    differences: tuple[DifferenceRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactRecord:
    """A stored artifact; `path` is its path in the folder of that node of the job."""

    workflow: str
    attempt: int = 1
    job: JobName
    node: int
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRecord:
    """A test's result, and the node of the job that stored it."""

    __test__ = False  # pytest would collect a class of this name

    workflow: str
    attempt: int = 1
    job: JobName
    node: int
    test: TestResult
