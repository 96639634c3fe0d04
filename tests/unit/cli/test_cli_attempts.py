"""Attempts of one workflow, and runs that go on after they ended, are told apart everywhere."""

import io

import pytest
from cli_runs import LINT, RUN, TESTS, common

from samo.cli.api_json import run_json
from samo.cli.console_plain import Plain
from samo.cli.past_run import tally_of
from samo.cli.tally import Tally
from samo.cli.verdict import detail, verdict
from samo.pipeline.event import (
    ApprovalGiven,
    ApprovalRequested,
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
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus
from samo.stores import Journal, Runs
from samo.stores.history import History

SUCCESS, FAILED = JobStatus.SUCCESS, JobStatus.FAILED


def of(time, job=None, attempt=1, **step):
    return {**common(time, job, **step), "workflow": "build", "attempt": attempt}


def job_events(time, job, attempt, status):
    step = {"step": 0, "name": "try"}
    ended = StepStatus.SUCCESS if status is SUCCESS else StepStatus.FAILED
    return [
        JobStarted(**of(time, job, attempt), number=attempt),
        StepStarted(**of(time, job, attempt, **step)),
        StepOutput(**of(time, job, attempt, **step), text="trying\n"),
        StepFinished(**of(time + 1, job, attempt, **step), status=ended, duration_s=1.0),
        JobFinished(**of(time + 1, job, attempt), status=status, duration_s=1.0),
    ]


def ending(time, attempt, status, *jobs):
    return WorkflowFinished(**of(time, attempt=attempt), status=status, duration_s=1.0, jobs=jobs)


RERUN = [
    RunStarted(**common(0), number=7, branch="main", rerun_of=3),
    WorkflowStarted(**of(0), jobs=(LINT, TESTS)),
    *job_events(0, LINT, 1, SUCCESS),
    *job_events(1, TESTS, 1, FAILED),
    ending(2, 1, WorkflowStatus.FAILED, (LINT, SUCCESS), (TESTS, FAILED)),
    WorkflowStarted(**of(2, attempt=2), jobs=(LINT, TESTS), kept=(LINT,)),
    *job_events(2, TESTS, 2, SUCCESS),
    ending(3, 2, WorkflowStatus.SUCCESS, (LINT, SUCCESS), (TESTS, SUCCESS)),
    RunFinished(**common(3), status=WorkflowStatus.SUCCESS, duration_s=3.0),
]
CONTINUED = [
    RunStarted(**common(0), number=7, branch="main", rerun_of=3),
    WorkflowStarted(**of(0), jobs=(LINT, TESTS), kept=(TESTS,)),
    ApprovalRequested(**of(0, LINT)),
    ending(1, 1, WorkflowStatus.ON_HOLD, (LINT, JobStatus.ON_HOLD), (TESTS, SUCCESS)),
    RunFinished(**common(1), status=WorkflowStatus.ON_HOLD, duration_s=1.0),
    ApprovalGiven(**of(9, LINT), by="me"),
    JobFinished(**of(9, LINT), status=SUCCESS, duration_s=0.0),
]


def counted(events):
    tally = Tally()
    tally.note_all(events)
    return tally


def from_history(directory, events):
    runs = Runs(directory / "runs")
    folder = runs.create(RunId(RUN))
    with Journal(folder.journal) as journal:
        journal.append(*(event for event in events if not isinstance(event, StepOutput)))
    with History.open(directory / "history.db") as history:
        history.catch_up(runs)
        return tally_of(history.run(RUN))


@pytest.mark.parametrize("events", [RERUN, CONTINUED[:5]])
def test_the_history_tells_it_as_the_events_did(tmp_path, events):
    read = from_history(tmp_path, events)

    assert [line.text for line in detail(read)] == [line.text for line in detail(counted(events))]
    assert run_json(read, "r1") == run_json(counted(events), "r1")


def test_each_attempt_is_told_with_what_it_kept():
    assert [line.text for line in verdict(counted(RERUN))] == [
        "",
        "workflow build: failed in 1.0 s",
        "  lint   success        1.0 s",
        "  tests  failed         1.0 s  step 'try' failed",
        "",
        "workflow build, attempt 2: success in 1.0 s",
        "  lint   success        1.0 s  kept from attempt 1",
        "  tests  success        1.0 s",
        "",
        "run 7: success in 3.0 s",
    ]


def test_plain_lines_name_the_attempt():
    stream = io.StringIO()
    with Plain(stream, {}) as console:
        for event in RERUN:
            console(event)

    lines = stream.getvalue().splitlines()
    assert lines[0] == "run 7 of branch main, run 3 once more"
    assert [line for line in lines if "attempt" in line][:5] == [
        "workflow build failed: attempt 2 runs 1 of 2 jobs",
        "[tests (attempt 2)] > try",
        "[tests (attempt 2)]   trying",
        "[tests (attempt 2)] = try: success, 1.0 s",
        "[tests (attempt 2)] success in 1.0 s",
    ]


def test_a_run_that_goes_on_has_not_ended():
    tally = counted(CONTINUED)

    assert tally.end is None
    assert [(job.name, job.status, job.reason) for job in tally.jobs()] == [
        (LINT, SUCCESS, ""),
        (TESTS, SUCCESS, "kept from run 3"),
    ]
    assert tally.workflows["build"].status is WorkflowStatus.RUNNING


def test_what_was_before_is_counted_and_not_shown():
    stream = io.StringIO()
    with Plain(stream, {}) as console:
        console.recall(CONTINUED[:5])
        console(CONTINUED[5])

    assert stream.getvalue().splitlines()[0] == "[lint] approved by me"
    assert "  tests  success               kept from run 3" in stream.getvalue()


def test_what_a_queued_job_waits_for_is_told_until_it_starts():
    begin = [RERUN[0], RERUN[1], JobQueued(**of(0, LINT), reason="waits")]

    assert counted(begin).job("build", LINT).reason == "waits"
    started = JobStarted(**of(0, LINT), number=1)
    assert counted([*begin, started]).job("build", LINT).reason == ""
