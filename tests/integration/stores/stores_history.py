"""Journals of runs for tests of the history, and what it tells of them."""

from samo.pipeline.event import (
    ApprovalRequested,
    ArtifactStored,
    DifferenceNoted,
    JobFinished,
    JobQueued,
    JobStarted,
    RunFinished,
    RunId,
    RunStarted,
    StepFinished,
    StepStarted,
    WorkflowFinished,
    WorkflowStarted,
)
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus
from samo.stores import Journal
from samo.stores.history import History
from samo.stores.records import (
    DifferenceRecord,
    JobRecord,
    RunDetails,
    RunRecord,
    StepRecord,
    WorkflowRecord,
)

LINT, TESTS, DEPLOY = (JobName(name) for name in ("lint", "tests", "deploy"))


def write(runs, run_id, make):
    folder = runs.create(RunId(run_id))
    with Journal(folder.journal) as journal:
        for event in make(folder):
            journal.append(event)
    return folder


def job(folder, name, **values):
    return {"time": 1001.0, "run": folder.id, "workflow": "build", "job": name, **values}


def started(folder):
    return RunStarted(
        time=1000.0,
        run=folder.id,
        number=folder.number,
        branch="main",
        revision="1a2b",
        config=".circleci/config.yml",
    )


def begin(folder):
    return [
        started(folder),
        WorkflowStarted(time=1000.0, run=folder.id, workflow="build", jobs=(LINT, TESTS, DEPLOY)),
        DifferenceNoted(time=1000.0, run=folder.id, rule="EXE-009", message="no container"),
        JobQueued(**job(folder, LINT)),
        JobStarted(**job(folder, LINT), number=7),
        StepStarted(**job(folder, LINT), step=0, name="ruff"),
    ]


def end(folder):
    return [
        StepFinished(
            **job(folder, LINT, time=1003.0),
            step=0,
            name="ruff",
            status=StepStatus.FAILED,
            duration_s=2.0,
            exit_code=1,
            reason="because",
        ),
        ArtifactStored(**job(folder, LINT), node=1, step=1, name="a", path="x.txt", size_bytes=5),
        JobFinished(
            **job(folder, LINT, time=1003.0), status=JobStatus.FAILED, duration_s=2.5, reason="r"
        ),
        ApprovalRequested(**job(folder, TESTS)),
        WorkflowFinished(
            time=1004.0,
            run=folder.id,
            workflow="build",
            status=WorkflowStatus.FAILED,
            duration_s=4.0,
            jobs=(
                (LINT, JobStatus.FAILED),
                (TESTS, JobStatus.ON_HOLD),
                (DEPLOY, JobStatus.BLOCKED),
            ),
        ),
        RunFinished(time=1005.0, run=folder.id, status=WorkflowStatus.FAILED, duration_s=5.0),
    ]


def whole(folder):
    return [*begin(folder), *end(folder)]


def caught_up(path, runs, ask):
    with History.open(path) as history:
        history.catch_up(runs)
        return ask(history)


def run_record(number, run_id, **values):
    blank = {
        "status": WorkflowStatus.FAILED,
        "created_at": 1000.0,
        "stopped_at": 1005.0,
        "duration_s": 5.0,
        "branch": "main",
        "tag": "",
        "revision": "1a2b",
        "config": ".circleci/config.yml",
    }
    return RunRecord(number=number, id=run_id, **{**blank, **values})


RUFF = StepRecord(
    step=0,
    node=0,
    name="ruff",
    status=StepStatus.FAILED,
    exit_code=1,
    started_at=1001.0,
    duration_s=2.0,
    reason="because",
)


def never_ran(name, status):
    return JobRecord(
        name=name,
        job_number=None,
        status=status,
        started_at=None,
        duration_s=0.0,
        reason="",
        steps=(),
    )


DETAILS = RunDetails(
    run=run_record(1, "aaaa"),
    workflows=(
        WorkflowRecord(
            name="build",
            status=WorkflowStatus.FAILED,
            created_at=1000.0,
            stopped_at=1004.0,
            duration_s=4.0,
            jobs=(
                JobRecord(
                    name=LINT,
                    job_number=7,
                    status=JobStatus.FAILED,
                    started_at=1001.0,
                    duration_s=2.5,
                    reason="r",
                    steps=(RUFF,),
                ),
                never_ran(TESTS, JobStatus.ON_HOLD),
                never_ran(DEPLOY, JobStatus.BLOCKED),
            ),
        ),
    ),
    differences=(
        DifferenceRecord(rule="EXE-009", message="no container", workflow="", job=JobName("")),
    ),
)
