"""Parameters: declared, bound, checked by type; and what each scope sees."""

import pytest
from config_texts import (
    DOCKER,
    compiled,
    job_of,
    problems,
    steps_of,
    warnings,
    with_steps,
    workflow_of,
)

from samo.config import arguments_from_text

COMMAND = """\
commands:
  greet:
    parameters:
      to: {type: string, default: world}
      times: {type: integer, default: 1}
      loud: {type: boolean, default: false}
      tone: {type: enum, enum: [warm, cool], default: warm}
      after: {type: steps, default: []}
    steps:
      - run: << parameters.to >> << parameters.times >> << parameters.loud >> << parameters.tone >>
      - steps: << parameters.after >>
"""


def commands_of(steps, head=COMMAND, **how):
    return [step.command for step in steps_of(steps, head, **how)]


def test_defaults_stand_where_no_argument_does():
    assert commands_of("[greet]") == ["world 1 false warm"]


def test_arguments_are_rendered_into_text():
    steps = "[{greet: {to: you, times: 3, loud: yes, tone: cool, after: [{run: bye}]}}]"

    assert commands_of(steps) == ["you 3 true cool", "bye"]


def test_an_empty_text_is_an_argument():
    assert commands_of("[{greet: {to: ''}}]") == [" 1 false warm"]


@pytest.mark.parametrize(
    ("argument", "line"),
    [
        ("to: 3.10", "5:26 param-type: parameter 'to' must be a string, found number 3.10"),
        ("times: '1'", "5:29 param-type: parameter 'times' must be an integer, found '1'"),
        ("times: 1.5", "5:29 param-type: parameter 'times' must be an integer, found number 1.5"),
        ("loud: 'true'", "5:28 param-type: parameter 'loud' must be a boolean, found 'true'"),
        ("tone: Warm", "5:28 param-type: parameter 'tone' must be one of warm, cool, found 'Warm'"),
        ("after: ''", "5:29 param-type: parameter 'after' must be a list of steps, found ''"),
        ("too: x", "5:22 param-unexpected: command 'greet' has no parameter 'too'"),
    ],
)
def test_a_wrong_argument_is_told_at_its_place(argument, line):
    assert problems(with_steps(f"[{{greet: {{{argument}}}}}]", COMMAND)) == [line]


def test_a_missing_argument_is_told_at_the_invocation():
    head = "commands:\n  c: {parameters: {x: {type: string}}, steps: [{run: << parameters.x >>}]}\n"

    assert problems(with_steps("[c]", head)) == [
        "5:13 param-missing: command 'c' needs the argument 'x'"
    ]


def test_a_called_command_does_not_see_its_callers_parameters():
    text = f"""\
version: 2.1
commands:
  c: {{steps: [{{run: << parameters.x >>}}]}}
jobs:
  build:
    parameters: {{x: {{type: string, default: a}}}}
    {DOCKER}
    steps: [c]
"""
    assert problems(text) == ["3:21 param-undeclared: parameter 'x' is not declared here"]


def test_steps_mean_what_they_mean_where_they_were_given():
    head = """\
commands:
  outer:
    parameters: {word: {type: string}}
    steps: [{inner: {body: [{run: << parameters.word >>}]}}]
  inner:
    parameters: {body: {type: steps}, word: {type: string, default: inner}}
    steps: [{steps: << parameters.body >>}]
"""
    assert commands_of("[{outer: {word: mine}}]", head) == ["mine"]


def test_a_pipeline_value_that_is_null_is_an_empty_text_as_an_argument():
    assert commands_of("[{greet: {to: << pipeline.git.tag >>}}]") == [" 1 false warm"]


def test_a_value_keeps_its_type_on_the_way_through_parameters():
    head = "parameters: {n: {type: integer, default: 4}}\n"
    job = job_of(f"parallelism: << pipeline.parameters.n >>\n    {DOCKER}\n    steps: []", head)

    assert job.parallelism == 4


def test_an_unused_job_need_not_have_its_arguments():
    declared = (
        f"  spare: {{parameters: {{v: {{type: string}}}}, {DOCKER}, "
        "parallelism: << parameters.v >>, steps: [{run: << parameters.v >>}]}\n"
    )
    assert [job.name for job in workflow_of("- a", declared=declared).jobs] == ["a"]


def pipeline_with(declaration):
    return f"version: 2.1\nparameters:\n  p: {declaration}\n" + with_steps("[]").partition("\n")[2]


@pytest.mark.parametrize(
    ("declaration", "line"),
    [
        ("{type: string}", "3:3 schema: pipeline parameter 'p' needs a default"),
        (
            "{type: steps, default: []}",
            "3:3 schema: pipeline parameter 'p' cannot be of type steps",
        ),
        ("{default: x}", "3:3 schema: parameter 'p' needs 'type'"),
        ("x", "3:6 schema: parameter 'p' must be a mapping with 'type', found 'x'"),
        ("{type: enum, default: x}", "3:3 schema: enum parameter 'p' needs the list of its values"),
        (
            "{type: enum, enum: [a], default: x}",
            "3:39 param-type: parameter 'p' must be one of a, found 'x'",
        ),
        (
            "{type: string, default: << pipeline.parameters.q >>}",
            "3:30 interpolation: pipeline parameter 'q' is unknown here",
        ),
        (
            "{type: string, default: x, min: 1}",
            "3:33 schema: unknown key 'min' in parameter 'p'",
        ),
    ],
)
def test_a_wrong_declaration_is_told_at_its_place(declaration, line):
    assert [each[: len(line)] for each in problems(pipeline_with(declaration))] == [line]


def test_a_wrong_declaration_causes_no_errors_where_it_is_used():
    text = pipeline_with("{type: number, default: 1}").replace(
        "steps: []", "steps: [{run: << pipeline.parameters.p >>}]"
    )
    assert [line.partition(":")[0] for line in problems(text)] == ["3"]


@pytest.mark.parametrize(
    ("declaration", "argument", "value"),
    [
        ("{type: boolean, default: false}", "p=true", "true"),
        ("{type: integer, default: 1}", "p=-12", "-12"),
        ("{type: string, default: x}", "p=a=b", "a=b"),
        ("{type: string, default: x}", "p=", ""),
        ("{type: enum, enum: [1, b], default: b}", "p=1", "1"),
    ],
)
def test_a_triggers_argument_is_read_by_the_declared_type(declaration, argument, value):
    text = pipeline_with(declaration).replace(
        "steps: []", "steps: [{run: 'v << pipeline.parameters.p >>'}]"
    )
    run = compiled(text, params=[argument]).workflows[0].jobs[0].steps[0]

    assert run.command == f"v {value}"


@pytest.mark.parametrize(
    ("declaration", "argument", "line"),
    [
        (
            "{type: boolean, default: false}",
            "p=yes",
            "param-type: pipeline parameter 'p' must be true or false, found 'yes'",
        ),
        (
            "{type: integer, default: 1}",
            "p=1.5",
            "param-type: pipeline parameter 'p' must be a whole number, found '1.5'",
        ),
        (
            "{type: enum, enum: [a, b], default: b}",
            "p=c",
            "param-type: pipeline parameter 'p' must be one of a, b, found 'c'",
        ),
        (
            "{type: string, default: x}",
            "q=1",
            "param-unexpected: the pipeline has no parameter 'q'",
        ),
    ],
)
def test_a_triggers_wrong_argument_has_no_place(declaration, argument, line):
    assert problems(pipeline_with(declaration), params=[argument]) == [line]


def test_more_than_the_cloud_takes_from_a_trigger_is_told_and_taken():
    text = pipeline_with("{type: string, default: x}").replace(
        "steps: []", "steps: [{run: 'v << pipeline.parameters.p >>'}]"
    )
    many = ["p=x"] * 101

    assert warnings(text, arguments=arguments_from_text(["p=" + "x" * 512])) == []
    assert warnings(text, arguments=arguments_from_text(["p=" + "x" * 513])) == [
        "param-type: pipeline parameter 'p' or its value is long"
    ]
    assert warnings(text, arguments=arguments_from_text(many)) == [
        "param-unexpected: 101 pipeline parameters are passed"
    ]


def test_where_nothing_stands_behind_an_argument_its_default_holds():
    declared = "parameters: {a: {type: string, default: x}}"
    head = f"commands:\n  c: {{{declared}, steps: [run: << parameters.a >>]}}\n"

    assert steps_of("[{c: {a: }}]", head)[0].command == "x"


def test_an_argument_with_nothing_behind_it_does_not_stand_for_one_that_is_needed():
    head = "commands:\n  c: {parameters: {a: {type: string}}, steps: [run: << parameters.a >>]}\n"

    assert problems(with_steps("[{c: {a: }}]", head)) == [
        "5:21 param-type: parameter 'a' must be a string, found nothing"
    ]
