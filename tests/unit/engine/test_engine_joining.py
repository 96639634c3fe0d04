"""Workflows that join a run while it goes on (DYN-007)."""

from dataclasses import replace

from engine_plans import RUN, approval, ended, follow, job, names, step, terms, workflow

from samo.engine.state import begin, extended
from samo.pipeline.event import JobFinished, WorkflowFinished, WorkflowStarted
from samo.pipeline.status import JobStatus, WorkflowStatus


def joined(state, *jobs, first_number=10, time=1000.0):
    """The state with a workflow `more` that joins at the time."""
    state = extended(state, [workflow(*jobs, name="more")], first_number=first_number)
    return follow(state, [WorkflowStarted(time=time, run=RUN, workflow="more", jobs=())])


def test_a_workflow_that_joins_starts_beside_those_that_run():
    _, state = step(begin([workflow(job("a"), job("b", "a"))]), terms())
    events, state = step(joined(state, job("c"), job("d", "c")), terms())

    assert names(events) == ["c"]
    assert state.next_number == 11
    assert state.open_workflows == ("w", "more")
    events, _ = step(follow(state, [ended("a")]), terms())
    assert names(events) == ["b"]


def test_the_run_ends_with_the_last_of_them_and_is_as_good_as_the_worst():
    _, state = step(begin([workflow(job("a"))]), terms())
    _, state = step(joined(state, job("c")), terms())
    events, state = step(follow(state, [ended("a")]), terms())
    assert [type(event) for event in events] == [WorkflowFinished]

    events, state = step(follow(state, [ended("c", JobStatus.FAILED, "more")]), terms())
    assert state.is_final
    assert events[-1].status is WorkflowStatus.FAILED


def test_each_workflow_is_as_old_as_itself():
    given = replace(terms(), started=900.0)
    _, state = step(begin([workflow(job("a"))]), given)
    state = follow(joined(state, approval("ok"), time=990.0), [ended("a")])
    _, state = step(state, given)

    events, _ = step(state, given)
    assert [event.duration_s for event in events] == [100.0, 10.0, 100.0]


def test_a_cancel_meets_what_joins_later_too():
    _, state = step(begin([workflow(job("a"))]), terms())
    state = replace(joined(state, job("c"), job("d", "c")), is_canceled=True)
    events, state = step(state, terms())

    assert names(events, kind=JobFinished) == ["c"]
    assert state.jobs["more", "d"] is JobStatus.NOT_RUN
