"""Jobs: their types and keys, and what an invocation adds to them."""

import pytest
from config_texts import DOCKER, compiled, job_of, kinds, problems, with_workflow, workflow_of

from samo.pipeline.job import JobType


def text_of(body):
    return f"version: 2.1\njobs:\n  build:\n    {DOCKER}\n    steps: []\n    {body}\n"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("requires: [a]", "6:5 schema"),
        ("parallelism: 0", "6:18 schema"),
        ("parallelism: '2'", "6:18 schema"),
        ("retention: 7d", "6:16 schema"),
        ("retention: {caches: 12h}", "6:25 schema"),
        ("environment: 1", "6:18 schema"),
        ("shell: {a: b}", "6:12 schema"),
        ("working_directory: [x]", "6:24 schema"),
        ("resource_class: << parameters.x >>", "6:21 param-undeclared"),
        ("parameters: {name: {type: string, default: x}}", "6:18 schema"),
        ("parameters: x", "6:17 schema"),
    ],
)
def test_a_wrong_key_of_a_job_is_told_at_its_place(body, place):
    assert kinds(text_of(body)) == [place]


def test_a_job_without_steps_is_told_at_its_name():
    assert kinds(f"version: 2.1\njobs:\n  build: {{{DOCKER}}}\n") == ["3:3 schema"]


@pytest.mark.parametrize("body", ["", "[]", "text and more"])
def test_a_job_that_is_none_causes_no_other_error(body):
    text = f"version: 2.1\njobs:\n  a: {body}\nworkflows: {{w: {{jobs: [a]}}}}\n"

    assert [kind.partition(" ")[2] for kind in kinds(text)] in (
        ["schema"],
        ["unknown-reference"] * 2,
    )


@pytest.mark.parametrize(
    ("body", "job_type"),
    [
        ("{type: no-op}", JobType.NO_OP),
        ("{type: approval, steps: [checkout]}", JobType.APPROVAL),
        ("{type: release, plan_name: p}", JobType.RELEASE),
        ("{type: lock, key: k}", JobType.LOCK),
        ("{type: unlock, key: k}", JobType.UNLOCK),
    ],
)
def test_jobs_of_other_types_have_neither_executor_nor_steps(body, job_type):
    job = workflow_of("- gate", declared=f"  gate: {body}\n").jobs[0]

    assert (job.type, job.executor, job.steps) == (job_type, None, ())


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("{type: release}", "10:3 schema"),
        ("{type: lock}", "10:3 schema"),
        ("{type: test}", "10:16 schema"),
        ("{type: no-op, plan_name: p}", "10:23 schema"),
    ],
)
def test_a_wrong_job_of_another_type_is_told_at_its_place(body, place):
    assert kinds(with_workflow("- gate", declared=f"  gate: {body}\n")) == [place]


def test_pre_and_post_steps_stand_around_the_jobs_own():
    job = workflow_of(
        "- a: {pre-steps: [{run: x}], post-steps: [{run: {command: y, when: always}}]}"
    )

    assert [step.name for step in job.jobs[0].steps] == ["x", "Checkout code", "y"]


def test_the_same_job_has_other_arguments_in_each_invocation():
    declared = (
        f"  say: {{parameters: {{w: {{type: string}}}}, {DOCKER}, "
        "steps: [{run: << parameters.w >>}]}\n"
    )
    workflow = workflow_of("- say: {w: a, name: x}\n- say: {w: b, name: y}", declared=declared)

    assert [(job.name, job.declared_name, job.steps[0].command) for job in workflow.jobs] == [
        ("x", "say", "a"),
        ("y", "say", "b"),
    ]


def test_contexts_and_serial_groups_are_the_invocations():
    workflow = workflow_of(
        "- a: {context: one}\n- b: {context: [one, two]}\n"
        "- c: {context: '<< pipeline.git.branch >>-c', serial-group: << pipeline.git.branch >>/x}"
    )
    assert [(job.contexts, job.serial_group) for job in workflow.jobs] == [
        (("one",), ""),
        (("one", "two"), ""),
        (("main-c",), "main/x"),
    ]


def test_an_approval_needs_no_declaration():
    hold = workflow_of("- hold: {type: approval, requires: [a]}\n- a").jobs[0]

    assert (hold.name, hold.type, [each.job for each in hold.requires]) == (
        "hold",
        JobType.APPROVAL,
        ["a"],
    )


@pytest.mark.parametrize(
    ("item", "line"),
    [
        ("nope", "5:7 unknown-reference: unknown job 'nope'"),
        (
            "hold: {type: build}",
            "5:20 schema: no job 'hold' is defined, which its type cannot replace",
        ),
        ("a: {type: approval}", "5:17 schema: the job 'a' is of type build, found 'approval'"),
        ("hold: {type: approval, x: 1}", "5:30 param-unexpected: "),
        ("a: {when: always}", "5:11 param-unexpected: job 'a' has no parameter 'when'"),
        ("a: {serial-group: 'a b'}", "5:25 schema: 'serial-group' cannot be 'a b'"),
        ("a: {override-with: x/y}", "5:26 unknown-reference: unknown job 'x/y'"),
        ("a: {override-with: b}", "5:26 unknown-reference: unknown job 'b'"),
        ("a: {override-with: [x/y]}", "5:26 schema: 'override-with' of 'a' must be text"),
        ("{a: , b: }", "5:13 schema: an item has one key, found 'a' and 'b'"),
        ("a: [b]", "5:10 schema: 'a' must be a mapping, found a list"),
        ("{a: {name: [x]}}", "5:18 schema: 'name' of 'a' must be text, found a list"),
        ("~", "5:7 schema: an item must be a job's name, or a mapping with one, found nothing"),
    ],
)
def test_a_wrong_invocation_is_told_at_its_place(item, line):
    assert [each[: len(line)] for each in problems(with_workflow(f"- {item}"))] == [line]


def test_a_version_2_job_runs_without_a_workflow():
    text = f"version: 2\njobs:\n  build: {{{DOCKER}, steps: [{{run: echo << x}}, checkout]}}\n"
    workflow = compiled(text).workflows[0]

    assert (workflow.name, [job.name for job in workflow.jobs]) == ("build", ["build"])
    assert workflow.jobs[0].steps[0].command == "echo << x"


def test_the_retention_of_caches_has_no_effect():
    assert job_of(f"{DOCKER}\n    steps: []\n    retention: {{caches: 7d}}").parallelism == 1


def test_a_key_for_a_number_with_nothing_behind_it_is_as_good_as_none():
    assert job_of(f"parallelism:\n    {DOCKER}\n    steps: []").parallelism == 1
