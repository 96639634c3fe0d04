from dataclasses import replace

import pytest
from engine_plans import (
    HERE,
    RUN,
    approval,
    ended,
    follow,
    job,
    key,
    names,
    play,
    requires,
    step,
    terms,
    workflow,
)

from samo.engine.resources import Resources
from samo.engine.schedule import decide
from samo.engine.state import apply, begin
from samo.pipeline.event import (
    ApprovalGiven,
    ApprovalRequested,
    JobFinished,
    JobQueued,
    JobStarted,
    RunFinished,
    WorkflowFinished,
)
from samo.pipeline.job import JobName, JobType, MachineExecutor
from samo.pipeline.status import JobStatus, WorkflowStatus


def statuses(events, name="w"):
    [end] = [e for e in events if isinstance(e, WorkflowFinished) and e.workflow == name]
    return {str(job): str(status) for job, status in end.jobs}


def run_status(events):
    return str(events[-1].status)


def test_a_job_starts_when_its_own_requirements_end_and_not_when_a_wave_does():
    state = begin([workflow(job("a"), job("slow"), job("b", "a"))])
    _, state = step(state, terms())
    state = apply(state, ended("a"))

    events, _ = step(state, terms())

    assert events == [
        JobQueued(time=1000.0, run=RUN, workflow="w", job=JobName("b")),
        JobStarted(time=1000.0, run=RUN, workflow="w", job=JobName("b"), number=3),
    ]


def test_jobs_start_in_the_order_of_the_file_as_long_as_there_is_room():
    large = {"resource_class": "large"}
    state = begin([workflow(job("a", **large), job("b", **large), job("c", **large))])

    events, state = step(state, terms())

    assert names(events) == ["a", "b"]
    assert names(events, JobQueued) == ["a", "b", "c"]
    assert decide(state, terms(), 1000.0) == []
    assert names(decide(apply(state, ended("b")), terms(), 1000.0)) == ["c"]


def test_a_small_job_may_pass_a_large_one_that_does_not_fit():
    jobs = (job("a", resource_class="large"), job("b", resource_class="xlarge"), job("c"))
    events, _ = step(begin([workflow(*jobs)]), terms())

    assert names(events) == ["a", "c"]


def test_a_job_larger_than_the_machine_gets_all_of_it():
    tiny = terms(machine=Resources(cores=2, memory_mib=1024))
    events, _ = step(begin([workflow(job("a", resource_class="2xlarge"), job("b"))]), tiny)

    assert names(events) == ["a"]


def test_memory_is_room_too():
    given = terms(machine=Resources(cores=64, memory_mib=10 * 1024))
    jobs = (job("a", resource_class="large"), job("b", resource_class="large"))
    events, _ = step(begin([workflow(*jobs)]), given)

    assert names(events) == ["a"]


def test_a_machine_job_takes_what_its_class_has_on_machines():
    machine = MachineExecutor(image="ubuntu", place=HERE)
    jobs = [job(name, resource_class="large", executor=machine) for name in ("a", "b", "c")]
    events, _ = step(begin([workflow(*jobs)]), terms())

    assert names(events) == ["a", "b"]  # 15 GB each, where a container has 8


def test_the_nodes_of_a_job_take_room_together():
    state = begin([workflow(job("a", resource_class="large", parallelism=2), job("b"))])
    events, _ = step(state, terms())

    assert names(events) == ["a"]


def test_a_failure_ends_what_needed_success_and_starts_what_wanted_failure():
    jobs = (
        job("a"),
        job("b", "a"),
        job("c", "b"),
        job("mend", requires=requires(a=JobStatus.FAILED)),
        job("after", requires=requires(c=JobStatus.NOT_RUN)),
    )
    events = play([workflow(*jobs)], lambda name: "failed" if name == "a" else "success")

    assert statuses(events) == {
        "a": "failed",
        "b": "not_run",
        "c": "not_run",
        "mend": "success",
        "after": "success",
    }
    assert names(events, JobFinished) == ["a", "mend", "after"]  # what never ran has no end
    assert run_status(events) == "failed"  # WF-040


def test_a_failure_does_not_stop_unrelated_jobs():
    events = play(
        [workflow(job("a"), job("b"), job("c", "b"))],
        lambda name: "failed" if name == "a" else "success",
    )

    assert statuses(events) == {"a": "failed", "b": "success", "c": "success"}


@pytest.mark.parametrize("status", [JobStatus.INFRASTRUCTURE_FAIL, JobStatus.TIMEDOUT])
def test_our_own_ways_to_fail_count_as_failed(status):
    jobs = (job("a"), job("mend", requires=requires(a=JobStatus.FAILED)))
    events = play([workflow(*jobs)], lambda name: status if name == "a" else "success")

    assert statuses(events) == {"a": str(status), "mend": "success"}
    assert run_status(events) == "failed"


def test_an_approval_that_nobody_gives_leaves_the_run_on_hold():
    events = play([workflow(job("a"), approval("ok", "a"), job("b", "ok"))])

    assert statuses(events) == {"a": "success", "ok": "on_hold", "b": "blocked"}
    assert run_status(events) == "on_hold"


def test_an_approval_that_may_still_come_is_waited_for():
    state = begin([workflow(approval("ok"), job("b", "ok"))])
    events, state = step(state, terms(approvals_end=False))

    assert events == [ApprovalRequested(time=1000.0, run=RUN, workflow="w", job=JobName("ok"))]
    assert decide(state, terms(approvals_end=False), 1000.0) == []


def test_an_approval_given_lets_the_run_go_on():
    state = begin([workflow(approval("ok"), job("b", "ok"))])
    _, state = step(state, terms(approvals_end=False))
    given = ApprovalGiven(time=1000.0, run=RUN, workflow="w", job=JobName("ok"), by="me")

    events, state = step(apply(state, given), terms())

    assert names(events, JobFinished) == ["ok"]
    assert names(step(state, terms())[0]) == ["b"]


def test_a_workflow_ends_as_soon_as_its_own_jobs_have():
    state = begin([workflow(job("a"), name="one"), workflow(job("b"), name="two")])
    _, state = step(state, terms())
    state = apply(state, ended("a", workflow="one"))

    events, state = step(state, terms())

    assert [(e.workflow, e.status) for e in events] == [("one", WorkflowStatus.SUCCESS)]
    events, state = step(apply(state, ended("b", workflow="two")), terms())
    assert [type(e) for e in events] == [WorkflowFinished, RunFinished]
    assert state.is_final


def test_a_run_is_as_bad_as_its_worst_workflow():
    workflows = [workflow(job("a"), name="one"), workflow(approval("b"), name="two")]
    events = play(workflows, lambda _: "failed")

    assert run_status(events) == "failed"


def test_a_context_that_is_not_granted_keeps_the_job_from_running():
    jobs = (job("a", contexts=("prod", "team")), job("b", "a"))
    given = terms(contexts=frozenset({"team"}), known=("prod",))
    events = play([workflow(*jobs)], given=given)

    assert statuses(events) == {"a": "unauthorized", "b": "not_run"}
    [end] = [event for event in events if isinstance(event, JobFinished)]
    assert end.reason == "context 'prod' not granted (samo run --context prod grants it)"
    assert run_status(events) == "unauthorized"


def test_contexts_that_nobody_knows_are_told_with_the_nearest_name_or_where_to_define_them():
    given = terms(contexts=frozenset({"team"}), known=("prod",))
    events = play([workflow(job("a", contexts=("prdo", "x", "teams")))], given=given)

    [end] = [event for event in events if isinstance(event, JobFinished)]
    where = "define it in ~/.config/samo/contexts.toml, or by samo run --context-file FILE"
    assert end.reason.split("; ") == [
        "context 'prdo' not granted (did you mean 'prod'?)",
        f"context 'x' not granted ({where})",
        "context 'teams' not granted (did you mean 'team'?)",
    ]


def test_a_no_op_succeeds_without_running():
    events = play([workflow(job("a", type=JobType.NO_OP), job("b", "a"))])

    assert statuses(events) == {"a": "success", "b": "success"}
    assert names(events) == ["b"]


def test_a_serial_group_holds_one_job_at_a_time():
    state = begin([workflow(job("a", serial_group="g"), job("b", serial_group="g"), job("c"))])
    events, state = step(state, terms())

    assert names(events) == ["a", "c"]
    assert names(step(apply(state, ended("a")), terms())[0]) == ["b"]


def grouped(name):
    shared = {"serial_group": "one", "job_group": name}
    return (
        job(f"{name}-start", type=JobType.NO_OP, **shared),
        job(f"{name}-a", f"{name}-start", **shared),
        job(f"{name}-b", f"{name}-start", **shared),
        job(f"{name}-end", f"{name}-a", f"{name}-b", type=JobType.NO_OP, **shared),
    )


def test_a_job_group_holds_its_serial_group_until_the_last_of_its_jobs_has_ended():
    state = begin([workflow(*grouped("x"), *grouped("y"), job("z", serial_group="one"))])
    _, state = step(state, terms())
    events, state = step(state, terms())
    assert names(events) == ["x-a", "x-b"]

    events, state = step(apply(state, ended("x-a", JobStatus.FAILED)), terms())
    assert events == []

    events, state = step(apply(state, ended("x-b")), terms())
    assert names(events, JobFinished) == ["y-start"]
    assert names(step(state, terms())[0]) == ["y-a", "y-b"]


def test_a_job_group_waits_for_the_job_that_has_its_serial_group():
    state = begin([workflow(job("z", serial_group="one"), *grouped("x"))])
    events, state = step(state, terms())
    assert names(events) == ["z"]

    events, state = step(state, terms())
    assert events == []
    assert names(step(apply(state, ended("z")), terms())[0], JobFinished) == ["x-start"]


def test_a_cancel_ends_what_has_not_begun_and_waits_for_what_runs():
    jobs = (job("a"), job("b", "a"), approval("ok"), job("c", resource_class="xlarge"))
    state = begin([workflow(*jobs)])
    _, state = step(state, terms())
    state = replace(state, is_canceled=True)

    events, state = step(state, terms())
    assert [(e.job, e.status) for e in events] == [
        ("ok", JobStatus.CANCELED),
        ("c", JobStatus.CANCELED),
    ]

    state = apply(state, ended("a", JobStatus.CANCELED))
    events, state = step(state, terms())
    assert statuses(events) == {
        "a": "canceled",
        "b": "not_run",
        "ok": "canceled",
        "c": "canceled",
    }
    assert run_status(events) == "canceled"


def test_a_cancel_before_anything_began_still_ends_the_run():
    state = replace(begin([workflow(job("a"), job("b", "a"))]), is_canceled=True)
    events, state = step(state, terms())
    more, state = step(state, terms())

    assert names(events, JobFinished) == ["a"]
    assert statuses(more) == {"a": "canceled", "b": "not_run"}


def test_job_numbers_go_on_from_the_first():
    state = begin([workflow(job("a"), job("b"))], first_number=41)
    events, state = step(state, terms())

    assert [e.number for e in events if isinstance(e, JobStarted)] == [41, 42]
    assert state.next_number == 43


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (ended("b"), "JobFinished of job 'b', which is success"),
        (ended("x"), "JobFinished of job 'x', which is unknown"),
        (
            JobStarted(time=1.0, run=RUN, workflow="w", job=JobName("a"), number=1),
            "JobStarted of job 'a', which is blocked",
        ),
    ],
)
def test_an_event_that_cannot_have_happened_is_refused(event, message):
    state = follow(begin([workflow(job("a"), job("b"))]), [ended("b")])

    with pytest.raises(ValueError, match=message):
        apply(state, event)


def test_the_key_of_a_job_is_its_workflow_and_its_name():
    assert list(begin([workflow(job("a"))]).jobs) == [key("a")]
