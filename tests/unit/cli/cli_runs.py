"""A small run, as events, for the tests of what reads them."""

from samo.pipeline.event import (
    ApprovalRequested,
    DifferenceNoted,
    JobFinished,
    JobQueued,
    JobStarted,
    RunFinished,
    RunId,
    RunStarted,
    StepFinished,
    StepOutput,
    StepStarted,
    WorkflowFinished,
    WorkflowStarted,
)
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus

RUN = RunId("r1")
LINT, TESTS, APPROVE, DEPLOY = (JobName(name) for name in ("lint", "tests", "approve", "deploy"))


def common(time, job=None, step=None, name=""):
    values = {"time": 1000.0 + time, "run": RUN}
    if job:
        values |= {"workflow": "build", "job": job}
    if step is not None:
        values |= {"step": step, "name": name}
    return values


def output(text, job=LINT, step=0, name="ruff"):
    return StepOutput(**common(1, job, step, name), text=text)


def started_step(job=LINT, step=0, name="ruff"):
    return StepStarted(**common(1, job, step, name))


def ended_step(job=LINT, step=0, name="ruff"):
    return StepFinished(**common(2, job, step, name), status=StepStatus.SUCCESS, duration_s=1.0)


BEGIN = [
    RunStarted(**common(0), number=7, branch="main", revision="1a2b3c4d5e6f"),
    WorkflowStarted(**common(0), workflow="build", jobs=(LINT, TESTS, APPROVE, DEPLOY)),
    DifferenceNoted(
        **common(0), rule="EXE-009", message="no container", workflow="build", job=LINT
    ),
    DifferenceNoted(
        **common(0), rule="EXE-009", message="no container", workflow="build", job=TESTS
    ),
    DifferenceNoted(**common(0), rule="LOC-011", message="no commit status is sent"),
    JobQueued(**common(0, LINT)),
    JobStarted(**common(0, LINT), number=1),
    JobStarted(**common(0, TESTS), number=2),
    StepStarted(**common(0, LINT, 0, "ruff")),
    StepStarted(**common(0, TESTS, 0, "pytest")),
]
MIDDLE = [
    output("All checks"),
    output("1 passed\n2 fai", TESTS, 0, "pytest"),
    output(" passed\n"),
    output("led", TESTS, 0, "pytest"),
]
END = [
    StepFinished(**common(2, LINT, 0, "ruff"), status=StepStatus.SUCCESS, duration_s=2.0),
    JobFinished(**common(2, LINT), status=JobStatus.SUCCESS, duration_s=2.0),
    ApprovalRequested(**common(2, APPROVE)),
    StepFinished(
        **common(75, TESTS, 0, "pytest"), status=StepStatus.FAILED, duration_s=75.0, exit_code=1
    ),
    JobFinished(**common(75, TESTS), status=JobStatus.FAILED, duration_s=75.0),
    WorkflowFinished(
        **common(75),
        workflow="build",
        status=WorkflowStatus.FAILED,
        duration_s=75.2,
        jobs=(
            (LINT, JobStatus.SUCCESS),
            (TESTS, JobStatus.FAILED),
            (APPROVE, JobStatus.ON_HOLD),
            (DEPLOY, JobStatus.BLOCKED),
        ),
    ),
    RunFinished(**common(75), status=WorkflowStatus.FAILED, duration_s=75.3),
]
WHOLE = [*BEGIN, *MIDDLE, *END]

VERDICT = """\

workflow build: failed in 1 min 15 s
  lint     success        2.0 s
  tests    failed    1 min 15 s  step 'pytest' failed with exit status 1
  approve  on_hold
  deploy   blocked

on hold, waiting for an approval:
  approve: samo approve 7 approve

differs from the cloud:
  no container (EXE-009) [lint, tests]
  no commit status is sent (LOC-011)

run 7: failed in 1 min 15 s (samo show 7)
"""
