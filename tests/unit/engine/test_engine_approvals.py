"""A run that ended on hold goes on from its journal when the approval comes."""

from dataclasses import replace

from engine_plans import RUN, approval, ended, job, key, names, play, step, terms, workflow

from samo.engine.state import apply, begin
from samo.pipeline.event import ApprovalGiven, JobFinished
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus, WorkflowStatus

PLAN = [
    workflow(approval("ok"), job("deploy", "ok"), name="one"),
    workflow(approval("ok"), job("fails"), name="two"),
]


def given(name, workflow):
    return ApprovalGiven(time=1000.0, run=RUN, workflow=workflow, job=JobName(name), by="me")


def on_hold():
    state = begin(PLAN)
    events = play(PLAN, lambda _: "failed")
    for event in events:
        state = apply(state, event)
    return state


def test_a_run_on_hold_has_ended_until_an_approval_comes():
    state = on_hold()
    assert state.is_final

    state = apply(state, given("ok", "one"))

    assert not state.is_final
    assert state.open_workflows == ("one",)
    assert state.finished == {"two": WorkflowStatus.FAILED}


def test_what_was_approved_runs_and_nothing_else_runs_again():
    state = apply(on_hold(), given("ok", "one"))
    events, state = step(state, terms())
    assert names(events, JobFinished) == ["ok"]
    events, state = step(state, terms())
    assert names(events) == ["deploy"]

    state = apply(state, ended("deploy", workflow="one"))
    events, state = step(state, terms())
    assert state.finished == {"two": WorkflowStatus.FAILED, "one": WorkflowStatus.SUCCESS}
    assert state.is_final
    assert state.jobs[key("ok", "two")] is JobStatus.ON_HOLD


def test_a_run_does_not_rest_while_a_job_waits_for_a_serial_group_elsewhere():
    state = begin([workflow(approval("ok"), job("a", serial_group="g"))])
    _, state = step(replace(state, elsewhere=frozenset({"g"})), terms())

    assert not state.rests
