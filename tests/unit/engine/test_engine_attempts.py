"""Workflows that are rerun by themselves (WF-032)."""

from dataclasses import replace

import pytest
from engine_plans import (
    RUN,
    approval,
    ended,
    follow,
    job,
    names,
    play,
    requires,
    step,
    terms,
    workflow,
)

from samo.engine.schedule import most_starts
from samo.engine.state import begin
from samo.pipeline.event import (
    JobQueued,
    JobStarted,
    RunFinished,
    WorkflowFinished,
    WorkflowStarted,
)
from samo.pipeline.job import JobName, JobType
from samo.pipeline.status import JobStatus, WorkflowStatus


def rerun(*jobs, times=2, name="w"):
    return replace(workflow(*jobs, name=name), max_auto_reruns=times)


def failing(**left):
    """Let jobs fail so many times, then succeed."""

    def outcome(name):
        left[name] = left.get(name, 0) - 1
        return "failed" if left[name] >= 0 else "success"

    return outcome


def attempts(events):
    """How each attempt ended, and what its jobs came to."""
    ends = [event for event in events if isinstance(event, WorkflowFinished)]
    return [
        (end.attempt, str(end.status), {str(job): str(status) for job, status in end.jobs})
        for end in ends
    ]


def test_what_failed_and_what_it_blocked_runs_again_and_the_rest_is_kept():
    plan = rerun(job("a"), job("b"), job("c", "a", "b"))
    events = play([plan], failing(b=1))

    assert names(events) == ["a", "b", "b", "c"]
    assert attempts(events) == [
        (1, "failed", {"a": "success", "b": "failed", "c": "not_run"}),
        (2, "success", {"a": "success", "b": "success", "c": "success"}),
    ]
    assert events[-1].status is WorkflowStatus.SUCCESS


def test_the_next_attempt_begins_at_once_and_says_what_it_keeps():
    state = begin([rerun(job("a"), job("b"))])
    _, state = step(state, terms())
    events, state = step(follow(state, [ended("a"), ended("b", JobStatus.FAILED)]), terms())

    assert [type(event) for event in events] == [WorkflowFinished, WorkflowStarted]
    assert events[1] == WorkflowStarted(
        time=1000.0,
        run=RUN,
        workflow="w",
        attempt=2,
        jobs=(JobName("a"), JobName("b")),
        kept=(JobName("a"),),
    )
    again = {"time": 1000.0, "run": RUN, "workflow": "w", "attempt": 2, "job": JobName("b")}
    assert step(state, terms())[0] == [JobQueued(**again), JobStarted(**again, number=3)]


def test_a_workflow_is_rerun_as_often_as_it_says_and_no_more():
    events = play([rerun(job("a"), times=2)], failing(a=9))

    assert names(events) == ["a", "a", "a"]
    assert [status for _, status, _ in attempts(events)] == ["failed"] * 3
    assert events[-1].status is WorkflowStatus.FAILED


def test_each_workflow_is_rerun_for_itself():
    plans = [rerun(job("a"), name="one"), workflow(job("b"), name="two")]
    events = play(plans, failing(a=1, b=1))

    assert names(events) == ["a", "b", "a"]
    assert events[-1].status is WorkflowStatus.FAILED


def test_a_job_that_mended_a_failure_is_kept_and_one_that_never_can_run_stays_out():
    plan = rerun(
        job("a"),
        job("fine"),
        job("mend", requires=requires(a=JobStatus.FAILED)),
        job("other", requires=requires(fine=JobStatus.FAILED)),
    )
    events = play([plan], failing(a=1))

    assert names(events) == ["a", "fine", "mend", "a"]
    assert attempts(events)[-1] == (
        2,
        "success",
        {"a": "success", "fine": "success", "mend": "success", "other": "not_run"},
    )


def test_a_job_that_would_mend_does_not_run_where_the_rerun_succeeds():
    plan = rerun(job("a"), job("mend", requires=requires(a=JobStatus.FAILED)))
    events = play([plan], failing(a=1, mend=1))

    assert names(events) == ["a", "mend", "a"]
    assert attempts(events)[-1][2] == {"a": "success", "mend": "not_run"}


def test_an_approval_that_was_given_is_kept():
    plan = rerun(approval("ok"), job("a", "ok"))
    state = begin([plan])
    _, state = step(state, terms())
    state = follow(state, [ended("ok")])
    _, state = step(state, terms())
    events, state = step(follow(state, [ended("a", JobStatus.FAILED)]), terms())

    assert events[1].kept == (JobName("ok"),)
    assert names(step(state, terms())[0]) == ["a"]


def test_a_canceled_workflow_is_not_rerun_and_is_canceled_though_a_job_had_failed():
    state = begin([rerun(job("a"), job("b"))])
    _, state = step(state, terms())
    state = replace(follow(state, [ended("a", JobStatus.FAILED)]), is_canceled=True)
    events, _ = step(follow(state, [ended("b", JobStatus.CANCELED)]), terms())

    assert [type(event) for event in events] == [WorkflowFinished, RunFinished]
    assert events[-1].status is WorkflowStatus.CANCELED


def test_a_no_op_that_has_succeeded_is_kept_too():
    plan = rerun(job("start", type=JobType.NO_OP), job("a", "start"))
    events = play([plan], failing(a=1))

    assert names(events) == ["a", "a"]
    [again] = [event for event in events if isinstance(event, WorkflowStarted)]
    assert again.kept == (JobName("start"),)


@pytest.mark.parametrize(("times", "starts"), [(0, 2), (1, 4), (5, 12)])
def test_each_rerun_may_start_each_job(times, starts):
    assert most_starts([rerun(job("a"), job("b"), times=times)]) == starts
