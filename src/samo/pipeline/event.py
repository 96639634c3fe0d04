"""All that happens to a run: typed events, and their form as JSON."""

import dataclasses
import json
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NewType

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus

RunId = NewType("RunId", str)
_NO_JOB = JobName("")


@dataclass(frozen=True, slots=True, kw_only=True)
class _RunEvent:
    """`time` is in Unix seconds; JSON shows it in ISO 8601."""

    time: float
    run: RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class _WorkflowEvent(_RunEvent):
    """`attempt` counts from 1 how often the workflow has begun in its run (WF-032)."""

    workflow: str
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _JobEvent(_WorkflowEvent):
    job: JobName


@dataclass(frozen=True, slots=True, kw_only=True)
class _StepEvent(_JobEvent):
    """`step` counts from 0 within the job, `node` is the parallel copy (CIRCLE_NODE_INDEX)."""

    node: int = 0
    step: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(_RunEvent):
    """The run begins; `number` counts the repository's runs from 1.

    `rerun_of` is the number of the run whose pipeline runs once more, 0 for a pipeline's first.
    """

    number: int
    branch: str = ""
    tag: str = ""
    revision: str = ""
    config: str = ""
    rerun_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(_RunEvent):
    """Nothing more happens in this run."""

    status: WorkflowStatus
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowStarted(_WorkflowEvent):
    """A workflow begins; `jobs` are the names of its jobs, in the file's order.

    Those in `kept` have succeeded before, in an earlier attempt or run, and do not run again.
    """

    jobs: tuple[JobName, ...]
    kept: tuple[JobName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFinished(_WorkflowEvent):
    """A workflow has ended; `jobs` gives the status of each, those that never ran included."""

    status: WorkflowStatus
    duration_s: float
    jobs: tuple[tuple[JobName, JobStatus], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQueued(_JobEvent):
    """All requirements are met; the job waits for room here, or for what `reason` says."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStarted(_JobEvent):
    """The job runs; `number` is its CIRCLE_BUILD_NUM."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished(_JobEvent):
    """The job has ended; `reason` says what became of it where the status alone does not."""

    status: JobStatus
    duration_s: float
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(_StepEvent):
    """A step begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutput(_StepEvent):
    """A piece of a step's output, masked, as it came: not necessarily whole lines."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished(_StepEvent):
    """A step has ended; `exit_code` is None where no process ended by itself."""

    status: StepStatus
    duration_s: float
    exit_code: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(_JobEvent):
    """An approval job is on hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGiven(_JobEvent):
    """An approval job was approved, by `by`."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheRestored(_StepEvent):
    """A cache was unpacked: `key` is the stored key that matched."""

    key: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSaved(_StepEvent):
    """A cache was stored under `key`."""

    key: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePersisted(_StepEvent):
    """A layer was added to the workspace."""

    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceAttached(_StepEvent):
    """The layers of the upstream jobs were laid out."""

    layers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactStored(_StepEvent):
    """A file was kept as an artifact under `path`."""

    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TestsStored(_StepEvent):
    """Test results were read: how many, and how many of them failed (errors included)."""

    __test__ = False  # pytest would collect a class of this name

    total: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceNoted(_RunEvent):
    """Something in this run is not as in the cloud; `rule` is the specification's row.

    `place` is where the config asks for it (`PATH:LINE:COLUMN`), "" where no line of it does.
    """

    rule: str
    message: str
    workflow: str = ""
    job: JobName = _NO_JOB
    place: str = ""


Event = (
    RunStarted
    | RunFinished
    | WorkflowStarted
    | WorkflowFinished
    | JobQueued
    | JobStarted
    | JobFinished
    | StepStarted
    | StepOutput
    | StepFinished
    | ApprovalRequested
    | ApprovalGiven
    | CacheRestored
    | CacheSaved
    | WorkspacePersisted
    | WorkspaceAttached
    | ArtifactStored
    | TestsStored
    | DifferenceNoted
)

_TYPES: dict[str, type[Any]] = {
    "run.started": RunStarted,
    "run.finished": RunFinished,
    "workflow.started": WorkflowStarted,
    "workflow.finished": WorkflowFinished,
    "job.queued": JobQueued,
    "job.started": JobStarted,
    "job.finished": JobFinished,
    "step.started": StepStarted,
    "step.output": StepOutput,
    "step.finished": StepFinished,
    "approval.requested": ApprovalRequested,
    "approval.given": ApprovalGiven,
    "cache.restored": CacheRestored,
    "cache.saved": CacheSaved,
    "workspace.persisted": WorkspacePersisted,
    "workspace.attached": WorkspaceAttached,
    "artifact.stored": ArtifactStored,
    "tests.stored": TestsStored,
    "difference.noted": DifferenceNoted,
}
_NAMES = {cls: name for name, cls in _TYPES.items()}
_FIELDS = {cls: tuple(each.name for each in dataclasses.fields(cls)) for cls in _NAMES}
_VALUES = {cls: attrgetter(*names) for cls, names in _FIELDS.items()}
_ENCODER = json.JSONEncoder(separators=(",", ":"))


def kept_from(start: WorkflowStarted, rerun_of: int) -> str:
    """Say where the results come from that a workflow keeps as it begins."""
    return f"attempt {start.attempt - 1}" if start.attempt > 1 else f"run {rerun_of}"


@lru_cache(maxsize=1)  # the journal and --events write the same event, one right after the other
def to_line(event: Event) -> str:
    """Return the event as one line of JSON, in ASCII and without the line's end."""
    return _ENCODER.encode(to_json(event))


def to_json(event: Event) -> dict[str, Any]:
    """Return the event as the JSON object that `--events` prints."""
    cls = type(event)
    values: dict[str, Any] = {"type": _NAMES[cls]}
    values.update(zip(_FIELDS[cls], _VALUES[cls](event), strict=True))
    values["time"] = _iso(event.time)
    if isinstance(event, WorkflowFinished):
        values["jobs"] = dict(event.jobs)
    return values


def from_json(values: dict[str, Any]) -> Event:
    """Return the event that `to_json` wrote; unknown fields of newer versions are dropped.

    Raises KeyError or ValueError where the object is no event.
    """
    cls = _TYPES[values["type"]]
    known = {name: values[name] for name in _FIELDS[cls] if name in values}
    known["time"] = datetime.fromisoformat(values["time"]).timestamp()
    if "status" in known:
        known["status"] = _STATUS[cls](known["status"])
    if cls is WorkflowStarted:
        known["jobs"] = tuple(known["jobs"])
        known["kept"] = tuple(known.get("kept", ()))
    if cls is WorkflowFinished:
        known["jobs"] = tuple((name, JobStatus(status)) for name, status in known["jobs"].items())
    event: Event = cls(**known)
    return event


_STATUS: dict[type[Any], type[WorkflowStatus | JobStatus | StepStatus]] = {
    RunFinished: WorkflowStatus,
    WorkflowFinished: WorkflowStatus,
    JobFinished: JobStatus,
    StepFinished: StepStatus,
}


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="microseconds")
