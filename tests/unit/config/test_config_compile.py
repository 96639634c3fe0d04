"""Whole files: versions, keys of the top level, the order of errors, warnings, arguments."""

import pytest
from config_texts import DOCKER, compiled, kinds, problems, warnings, with_steps, with_workflow

from samo.config import arguments_from_text
from samo.pipeline.job import DockerExecutor, Image, Job
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, UsageError
from samo.pipeline.step import Checkout

AT = Place("c.yml", 1, 1)
BUILD = f"jobs: {{build: {{{DOCKER}, steps: [checkout]}}}}\n"


@pytest.mark.parametrize("version", ["2", "2.0", "2.1", "'2.1'"])
def test_a_job_build_is_a_workflow_of_its_own(version):
    image = Image(image="cimg/base:stable", place=AT)
    job = Job(
        name="build",
        declared_name="build",
        executor=DockerExecutor(images=(image,), place=AT),
        steps=(Checkout(place=AT),),
        place=AT,
    )
    assert compiled(f"version: {version}\n{BUILD}") == Pipeline(
        path="c.yml",
        version=version.strip("'"),
        workflows=(Workflow(name="build", jobs=(job,), place=AT),),
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["1:1 schema: the file is empty"]),
        ("- a\n", ["1:1 schema: a config must be a mapping, found a list"]),
        ("42\n", ["1:1 schema: a config must be a mapping, found integer 42"]),
        (f"version: 3\n{BUILD}", ["1:10 version: unknown version integer 3"]),
        (BUILD, ["1:1 version: the config has no 'version'"]),
        (
            "version: 2.1\n",
            ["1:1 graph: there is no workflow, and no job 'build' to run without one"],
        ),
        (
            "version: 2.1\njobs: {}\n",
            ["2:1 graph: there is no workflow, and no job 'build' to run without one"],
        ),
        (
            f"version: 2\norbs: {{}}\nparameters: {{}}\n{BUILD}",
            [
                "2:1 schema: 'orbs' needs version 2.1, found version 2",
                "3:1 schema: 'parameters' needs version 2.1, found version 2",
            ],
        ),
        (
            "version: 2.1\njobs: []\n",
            [
                "2:1 graph: there is no workflow, and no job 'build' to run without one",
                "2:7 schema: 'jobs' must be a mapping, found an empty list",
            ],
        ),
        (
            f"version: 2.1\nworkflows: []\n{BUILD}",
            ["2:12 schema: 'workflows' must be a mapping, found an empty list"],
        ),
        (
            f"version: 2.1\nsetup: maybe\n{BUILD}",
            ["2:8 schema: 'setup' must be true or false, found 'maybe'"],
        ),
    ],
)
def test_a_wrong_file_is_told_at_its_place(text, lines):
    assert problems(text) == lines


def test_an_empty_config_of_version_2_runs_nothing():
    assert compiled("version: 2\njobs: {}\n").workflows == ()


def test_unknown_keys_of_the_top_level_are_dropped():
    head = "x-anchors: {a: &a [checkout]}\norbs:\ncommands:\nexecutors:\nparameters:\n"

    assert problems(f"version: 2.1\n{head}{BUILD}") == []


def test_unknown_tags_and_expressions_are_plain_text_in_version_2():
    text = f"version: 2\njobs: {{build: {{{DOCKER}, steps: [{{run: cat <<EOF}}]}}}}\n"

    assert compiled(text).workflows[0].jobs[0].steps[0].command == "cat <<EOF"


def test_conditions_and_matrices_need_version_21():
    text = with_workflow("- a: {matrix: {parameters: {}}}", keys="when: true").replace(
        "2.1", "2", 1
    )

    assert kinds(text) == ["5:11 schema", "6:5 schema"]


def test_a_setup_pipeline_has_one_active_workflow():
    text = "setup: true\n" + with_workflow("- a") + "  \n"
    second = text.replace(
        "jobs:\n  a:", "  v: {jobs: [a]}\n  u: {when: false, jobs: [a]}\njobs:\n  a:"
    )

    assert compiled(text).is_setup
    assert kinds(second) == ["7:3 dynamic"]


def test_errors_stand_in_the_order_of_the_file_each_once():
    text = f"""\
version: 2.1
commands:
  c: {{steps: [nope]}}
jobs:
  a: {{{DOCKER}, steps: [c, c, {{run: << parameters.x >>}}]}}
  b: {{steps: [c]}}
workflows:
  v: {{jobs: [a, a, d]}}
  w: {{when: << pipeline.y >>, jobs: [a, b]}}
"""
    assert kinds(text) == [
        "3:15 unknown-reference",
        "5:64 param-undeclared",
        "6:3 schema",
        "8:20 unknown-reference",
        "9:13 interpolation",
    ]


def test_what_only_a_call_makes_wrong_names_the_way_to_it():
    head = """\
commands:
  c: {parameters: {w: {type: string}}, steps: [{run: {command: x, when: << parameters.w >>}}]}
workflows: {w: {jobs: [build]}}
"""
    with pytest.raises(ConfigError) as caught:
        compiled(with_steps("[{c: {w: later}}]", head))

    assert str(caught.value) == (
        "c.yml:7:73: error: 'when' of 'run' must be one of on_success, on_fail, always, "
        "found 'later' (in workflow 'w', job 'build', command 'c')"
    )


def test_a_message_is_one_line_whatever_it_quotes():
    text = f'version: 2.1\njobs: {{build: {{{DOCKER}, steps: ["a\\n\\e[31mb"]}}}}\n'

    assert problems(text) == ["2:61 unknown-reference: unknown step 'a [31mb'"]


def test_what_nothing_uses_is_warned_of():
    text = with_steps("[checkout]", "commands: {c: {steps: [d]}, d: {steps: []}}\n")

    assert warnings(text) == ["6:12 unused: the command 'c' is not used"]


def test_names_that_deviate_from_the_grammar_are_warned_of():
    body = "{parameters: {X: {type: string}}, steps: [run: << parameters.X >>]}"
    head = f"commands: {{My.cmd: {body}}}\n"
    found = warnings(with_steps("[My.cmd: {X: a}]", head))

    assert [line.partition(": ")[0] for line in found] == ["6:12 schema", "6:34 schema"]


def test_arguments_are_split_at_the_first_equals_sign():
    assert arguments_from_text(["a=b=c", "d="]).texts == (("a", "b=c"), ("d", ""))


@pytest.mark.parametrize("param", ["a", "=b", ""])
def test_what_is_no_argument_is_a_wrong_call(param):
    with pytest.raises(UsageError) as caught:
        arguments_from_text(["x=y", param])

    assert str(caught.value) == (
        f"error: '{param}' gives no pipeline parameter a value (write --param NAME=VALUE)"
    )
