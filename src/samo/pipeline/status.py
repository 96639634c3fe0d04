"""The statuses of workflows, jobs and steps, by the names of CircleCI's API v2."""

from enum import StrEnum


class WorkflowStatus(StrEnum):
    """What a workflow, or a whole run, is in."""

    SUCCESS = "success"
    RUNNING = "running"
    NOT_RUN = "not_run"
    FAILED = "failed"
    ERROR = "error"
    FAILING = "failing"
    ON_HOLD = "on_hold"
    CANCELED = "canceled"
    UNAUTHORIZED = "unauthorized"


class JobStatus(StrEnum):
    """What a job is in."""

    SUCCESS = "success"
    RUNNING = "running"
    NOT_RUN = "not_run"
    FAILED = "failed"
    RETRIED = "retried"
    QUEUED = "queued"
    NOT_RUNNING = "not_running"
    INFRASTRUCTURE_FAIL = "infrastructure_fail"
    TIMEDOUT = "timedout"
    ON_HOLD = "on_hold"
    BLOCKED = "blocked"
    CANCELED = "canceled"
    UNAUTHORIZED = "unauthorized"

    @property
    def is_final(self) -> bool:
        """Whether a job never leaves this status."""
        return self in _FINAL


class StepStatus(StrEnum):
    """How a step ended."""

    SUCCESS = "success"
    FAILED = "failed"
    CANCELED = "canceled"
    TIMEDOUT = "timedout"
    INFRASTRUCTURE_FAIL = "infrastructure_fail"


_FINAL = frozenset(
    {
        JobStatus.SUCCESS,
        JobStatus.NOT_RUN,
        JobStatus.FAILED,
        JobStatus.RETRIED,
        JobStatus.INFRASTRUCTURE_FAIL,
        JobStatus.TIMEDOUT,
        JobStatus.CANCELED,
        JobStatus.UNAUTHORIZED,
    }
)
