"""Workflows: names of jobs, what `requires` finds by them, and schedules."""

import pytest
from config_texts import (
    compiled,
    kinds,
    names_of,
    problems,
    requires_of,
    with_workflow,
    workflow_of,
)
from hypothesis import given
from hypothesis import strategies as st

from samo.pipeline.job import Patterns, Requirement
from samo.pipeline.pipeline import Schedule
from samo.pipeline.place import Place
from samo.pipeline.status import JobStatus

AT = Place("c.yml", 1, 1)


def test_a_job_invoked_again_gets_a_number():
    assert names_of(workflow_of("- a\n- b\n- a\n- a: {name: x}")) == ["a-1", "b", "a-2", "x"]


def test_numbers_leave_out_what_is_taken():
    assert names_of(workflow_of("- a\n- b: {name: a-1}\n- a")) == ["a-2", "a-1", "a-3"]


@given(st.lists(st.sampled_from(["a", "b", "c", "a: {name: x}", "b: {name: x}"]), min_size=1))
def test_names_are_unique(items):
    names = names_of(workflow_of("\n".join(f"- {item}" for item in items)))

    assert len(set(names)) == len(items)


def test_requirements_name_jobs_and_statuses():
    workflow = workflow_of("- a\n- b\n- c: {requires: [a, {b: [failed, canceled]}]}")

    assert workflow.jobs[2].requires == (
        Requirement(job="a", place=AT),
        Requirement(job="b", statuses=frozenset({JobStatus.FAILED, JobStatus.CANCELED}), place=AT),
    )


def test_terminal_stands_for_every_final_status():
    workflow = workflow_of("- a\n- c: {requires: [{a: terminal}]}")

    assert {str(status) for status in workflow.jobs[1].requires[0].statuses} == {
        "success",
        "failed",
        "canceled",
        "unauthorized",
        "not_run",
    }


def test_a_bare_name_means_the_only_other_job_that_bears_it():
    workflow = workflow_of("- a: {requires: [b]}\n- b\n- a: {requires: [a]}")

    assert requires_of(workflow) == {"a-1": ["b"], "b": [], "a-2": ["a-1"]}


@pytest.mark.parametrize(
    ("jobs", "line"),
    [
        (
            "- a: {requires: [nope]}",
            "5:22 graph: 'nope' is the name of no other job here",
        ),
        ("- b: {requires: [b]}", "5:22 graph: the job 'b' requires itself"),
        (
            "- a: {name: x}\n- b: {requires: [a]}",
            "6:22 graph: 'a' is the name of no other job here",
        ),
        ("- a\n- a\n- b: {requires: [a]}", "7:22 graph: 'a' is the name of 2 other jobs"),
        ("- a\n- a\n- a: {requires: [a]}", "7:22 graph: 'a' is the name of 2 other jobs"),
        (
            "- a: {requires: [b]}\n- b: {requires: [c]}\n- c: {requires: [a]}",
            "7:22 graph: jobs of workflow 'w' require each other: a -> b -> c -> a",
        ),
        ("- b\n- a: {requires: [{b: done}]}", "6:26 schema: unknown status: 'done'"),
        ("- b\n- a: {requires: [{b: [terminal]}]}", "6:27 schema: unknown status: 'terminal'"),
        ("- b\n- a: {requires: b}", "6:21 schema: 'requires' must be a list of jobs, found 'b'"),
        (
            "- b\n- a: {requires: [[b]]}",
            "6:22 schema: an item of 'requires' must be a job's name, found a list",
        ),
    ],
)
def test_a_wrong_requirement_is_told_at_its_place(jobs, line):
    assert problems(with_workflow(jobs)) == [line]


def test_nobody_is_blamed_for_requiring_a_job_that_was_mistyped():
    jobs = "- bild\n- a: {requires: [build]}"
    declared = "  build: {docker: [{image: x}], steps: []}\n"

    assert kinds(with_workflow(jobs, declared=declared)) == ["5:7 unknown-reference"]


@pytest.mark.parametrize(
    ("jobs", "keys", "place"),
    [
        ("", "", "3:3 schema"),
        ("", "jobs: []", "4:11 schema"),
        ("", "jobs: a b", "4:11 schema"),
        ("- a", "max_auto_reruns: 6", "6:22 schema"),
        ("- a", "environment: {}", "6:5 schema"),
        ("- a", "triggers: x", "6:15 schema"),
    ],
)
def test_a_wrong_key_of_a_workflow_is_told_at_its_place(jobs, keys, place):
    assert kinds(with_workflow(jobs, keys=keys)) == [place]


def test_a_version_among_the_workflows_is_none():
    text = with_workflow("- a").replace("workflows:\n", "workflows:\n  version: 2\n")

    assert [workflow.name for workflow in compiled(text).workflows] == ["w"]


def test_a_workflow_may_run_on_a_schedule():
    keys = 'triggers: [{schedule: {cron: "0 2 * * 1,2", filters: {branches: {only: main}}}}]'

    assert workflow_of("- a", keys=keys).schedules == (
        Schedule(cron="0 2 * * 1,2", branches=Patterns(only=("main",), place=AT), place=AT),
    )


@pytest.mark.parametrize(
    "cron",
    [
        "0 0 1-5 * *",
        "0 0 * * 1-5",
        "*/5 * * * *",
        "0 0 * * TUE-SAT",
        "0 25 * * *",
        "0 0 * *",
        "0 1-2,4 * * *",
    ],
)
def test_a_schedule_that_circleci_does_not_take_is_told_at_its_place(cron):
    keys = f"triggers: [{{schedule: {{cron: '{cron}', filters: {{branches: {{only: main}}}}}}}}]"

    assert kinds(with_workflow("- a", keys=keys)) == ["6:34 schema"]


@pytest.mark.parametrize("cron", ["0 2 * * *", "0,30 1-5 1,15 jan,2 SUN", "59 23 31 12 7"])
def test_a_schedule_has_five_fields(cron):
    keys = f"triggers: [{{schedule: {{cron: '{cron}', filters: {{branches: {{only: main}}}}}}}}]"

    assert kinds(with_workflow("- a", keys=keys)) == []


def test_a_schedule_needs_filters():
    keys = "triggers: [{schedule: {cron: '0 0 * * *'}}]"

    assert kinds(with_workflow("- a", keys=keys)) == ["6:17 schema"]


def test_a_workflow_may_be_described():
    assert workflow_of("- a", keys="description: what it is for").condition is None
