import pytest
from engine_plans import RUN, job, play, terms, workflow

from samo.engine.recovery import KILLED, Recovered, cancellation_of, endings_of, recover
from samo.engine.state import apply, begin
from samo.pipeline.event import (
    ApprovalRequested,
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
from samo.stores import Journal, Runs

A, B, C, D = (JobName(name) for name in "abcd")


def of(name=None, time=1000.0):
    return {"time": time, "run": RUN, "workflow": "w"} | ({"job": name} if name else {})


BEGIN = [
    RunStarted(time=1000.0, run=RUN, number=7),
    WorkflowStarted(**of(), jobs=(A, B, C, D)),
    JobQueued(**of(A)),
    JobStarted(**of(A), number=1),
]
BROKEN = [
    *BEGIN,
    JobFinished(**of(A, 1001.0), status=JobStatus.SUCCESS, duration_s=1.0),
    ApprovalRequested(**of(B, 1001.0)),
    JobQueued(**of(C, 1001.0)),
    JobStarted(**of(C, 1001.0), number=2),
    StepStarted(**of(C, 1002.0), step=0, name="x"),
]


def test_what_ran_has_failed_what_waited_is_canceled_and_the_rest_is_not_run():
    assert endings_of(BROKEN) == [
        StepFinished(**of(C, 1002.0), step=0, name="x", status=StepStatus.CANCELED, duration_s=0.0),
        JobFinished(**of(B, 1002.0), status=JobStatus.CANCELED, duration_s=0.0),
        JobFinished(
            **of(C, 1002.0),
            status=JobStatus.INFRASTRUCTURE_FAIL,
            duration_s=1.0,
            reason=KILLED,
        ),
        WorkflowFinished(
            **of(time=1002.0),
            status=WorkflowStatus.CANCELED,
            duration_s=2.0,
            jobs=(
                (A, JobStatus.SUCCESS),
                (B, JobStatus.CANCELED),
                (C, JobStatus.INFRASTRUCTURE_FAIL),
                (D, JobStatus.NOT_RUN),
            ),
        ),
        RunFinished(time=1002.0, run=RUN, status=WorkflowStatus.CANCELED, duration_s=2.0),
    ]


def test_a_run_that_has_ended_has_no_other_end():
    assert endings_of([*BROKEN, *endings_of(BROKEN)]) == []


def test_a_run_of_which_only_the_end_is_missing_ended_as_its_jobs_did():
    done = [
        RunStarted(time=1000.0, run=RUN, number=7),
        WorkflowStarted(**of(), jobs=(A,)),
        JobFinished(**of(A), status=JobStatus.SUCCESS, duration_s=0.0),
    ]

    assert [event.status for event in endings_of(done)] == [WorkflowStatus.SUCCESS] * 2


@pytest.mark.parametrize(
    "told",
    [
        BEGIN[:1],
        BEGIN[:2],
        [*BEGIN[:4], JobFinished(**of(A), status=JobStatus.SUCCESS, duration_s=0.0)],
    ],
    ids=["before its workflows", "before its jobs", "between two jobs"],
)
def test_a_run_that_broke_off_where_no_job_ran_has_not_succeeded(told):
    assert {event.status for event in endings_of(told)} == {WorkflowStatus.CANCELED}


def test_a_run_on_hold_that_is_canceled_keeps_what_has_been_done():
    held = [
        RunStarted(time=1000.0, run=RUN, number=7),
        WorkflowStarted(**of(), jobs=(A, B, C)),
        JobFinished(**of(A), status=JobStatus.SUCCESS, duration_s=0.0),
        ApprovalRequested(**of(B)),
        WorkflowFinished(
            **of(),
            status=WorkflowStatus.ON_HOLD,
            duration_s=1.0,
            jobs=((A, JobStatus.SUCCESS), (B, JobStatus.ON_HOLD), (C, JobStatus.BLOCKED)),
        ),
        RunFinished(time=1000.0, run=RUN, status=WorkflowStatus.ON_HOLD, duration_s=1.0),
    ]

    canceled = cancellation_of(held, 1009.0)

    assert [type(event) for event in canceled] == [JobFinished, WorkflowFinished, RunFinished]
    assert canceled[1].jobs == (
        (A, JobStatus.SUCCESS),
        (B, JobStatus.CANCELED),
        (C, JobStatus.NOT_RUN),
    )
    assert canceled[2].status is WorkflowStatus.CANCELED
    assert cancellation_of([*held, *canceled], 1010.0) == []


def test_a_run_whose_journal_is_damaged_stands_in_the_way_of_no_other(tmp_path):
    runs = Runs(tmp_path / "runs")
    damaged, other = (runs.create(RunId(f"recovered-{number}")) for number in (1, 2))
    damaged.journal.write_text("garbage\n")
    with Journal(other.journal) as journal:
        journal.append(*BROKEN)

    ended = list(recover(runs, tmp_path / "snapshots"))

    assert ended == [Recovered(number=2, status=WorkflowStatus.CANCELED, processes=0)]
    assert damaged.journal.read_text() == "garbage\n"
    assert runs.broken() == ()


def test_wherever_a_journal_breaks_off_its_run_can_be_ended_and_replayed():
    plan = [workflow(job("a"), job("b", "a"), name="one"), workflow(job("c"), name="two")]
    events = [
        RunStarted(time=1000.0, run=RUN, number=7),
        *(
            WorkflowStarted(
                time=1000.0,
                run=RUN,
                workflow=each.name,
                jobs=tuple(one.name for one in each.jobs),
            )
            for each in plan
        ),
        *play(plan, given=terms()),
    ]
    for length in range(1, len(events) + 1):
        told = events[:length]
        state = begin(plan)
        for event in [*told, *endings_of(told)]:
            state = apply(state, event)
        assert state.is_final
