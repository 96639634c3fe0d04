"""A serial group that another run on this machine has (WF-033)."""

from dataclasses import replace

from engine_plans import RUN, approval, ended, follow, job, key, names, step, terms, workflow

from samo.engine.serial import wanted_groups
from samo.engine.state import begin
from samo.pipeline.event import JobFinished, JobQueued
from samo.pipeline.job import JobName, JobType
from samo.pipeline.status import JobStatus

ELSEWHERE = frozenset({"g"})


def begun(*jobs):
    return replace(begin([workflow(*jobs)]), elsewhere=ELSEWHERE)


def test_a_job_is_queued_until_the_run_has_its_group():
    events, state = step(begun(job("a", serial_group="g"), job("b")), terms())
    assert names(events, JobQueued) == ["a", "b"]
    assert names(events) == ["b"]
    assert wanted_groups(state) == {"g": key("a")}

    state = replace(state, elsewhere=frozenset())
    assert names(step(state, terms())[0]) == ["a"]


def test_a_job_group_asks_for_its_serial_group_before_it_begins():
    shared = {"serial_group": "g", "job_group": "x"}
    state = begun(
        job("start", type=JobType.NO_OP, **shared), job("a", "start", **shared), approval("ok")
    )
    events, state = step(state, terms(approvals_end=False))
    assert names(events, JobFinished) == []
    assert wanted_groups(state) == {"g": key("start")}

    events, state = step(replace(state, elsewhere=frozenset()), terms())
    assert names(events, JobFinished) == ["start"]
    assert state.held() == {"g": key("x")}


def test_a_job_that_waits_for_another_run_keeps_its_run_from_ending():
    _, state = step(begun(job("a", serial_group="g")), terms())

    assert step(state, terms())[0] == []


def test_a_canceled_run_wants_no_group():
    _, state = step(begun(job("a", serial_group="g")), terms())

    assert wanted_groups(replace(state, is_canceled=True)) == {}


def test_what_a_job_waits_for_is_told_by_a_second_event():
    _, state = step(begun(job("a", serial_group="g")), terms())
    told = JobQueued(time=1.0, run=RUN, workflow="w", job=JobName("a"), reason="waits")

    assert follow(state, [told]).jobs[key("a")] is JobStatus.QUEUED


def test_a_job_that_a_later_pipeline_has_outdated_takes_along_what_required_it():
    _, state = step(begun(job("a", serial_group="g"), job("b", "a")), terms())
    state = follow(state, [ended("a", JobStatus.NOT_RUN)])

    assert state.jobs[key("b")] is JobStatus.NOT_RUN
    assert step(state, terms())[1].is_final
