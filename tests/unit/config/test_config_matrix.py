"""Matrices: one job for each combination, and the names that they get."""

from math import prod

import pytest
from config_texts import DOCKER, kinds, names_of, requires_of, warnings, with_workflow, workflow_of
from hypothesis import given
from hypothesis import strategies as st

DECLARED = (
    "  test:\n"
    "    parameters: {version: {type: string, default: x}, os: {type: string, default: y}, "
    "n: {type: integer, default: 1}}\n"
    f"    {DOCKER}\n"
    "    steps: [{run: '<< parameters.version >> << parameters.os >> << parameters.n >>'}]\n"
)


def invoked(item, *, more=""):
    return workflow_of(f"- test: {item}{more}", declared=DECLARED)


def test_names_hold_the_values_in_the_order_of_the_parameters_names():
    workflow = invoked("{matrix: {parameters: {version: ['1', '2'], os: [mac]}}}")

    assert names_of(workflow) == ["test-mac-1", "test-mac-2"]


def test_each_combination_is_passed_beside_the_plain_arguments():
    workflow = invoked("{n: 3, matrix: {parameters: {version: ['1', '2'], os: [a, b]}}}")

    assert [job.steps[0].command for job in workflow.jobs] == ["1 a 3", "1 b 3", "2 a 3", "2 b 3"]


def test_a_name_may_hold_values_of_the_matrix():
    item = "{name: 't<< matrix.version >>', matrix: {parameters: {version: ['1', '2']}}}"

    assert names_of(invoked(item)) == ["t1", "t2"]


def test_a_name_without_values_gets_numbers():
    assert names_of(invoked("{name: t, matrix: {parameters: {n: [5, 6]}}}")) == ["t-1", "t-2"]


def test_requirements_may_hold_values_of_the_matrix():
    more = (
        "\n- test: {name: 'd<< matrix.n >>', requires: ['test-<< matrix.n >>'], "
        "matrix: {parameters: {n: [1, 2]}}}"
    )
    workflow = invoked("{matrix: {parameters: {n: [1, 2]}}}", more=more)

    assert requires_of(workflow)["d2"] == ["test-2"]


@pytest.mark.parametrize(("alias", "name"), [("", "test"), ("alias: all, ", "all")])
def test_a_matrix_is_required_as_a_whole(alias, name):
    more = f"\n- a: {{requires: [{name}]}}"
    workflow = invoked(f"{{matrix: {{{alias}parameters: {{n: [1, 2]}}}}}}", more=more)

    assert requires_of(workflow)["a"] == ["test-1", "test-2"]


def test_an_excluded_combination_is_gone():
    item = (
        "{matrix: {parameters: {n: [1, 2], os: [a, b]}, exclude: [{os: b, n: 1}, {os: z, n: 1}]}}"
    )

    assert names_of(invoked(item)) == ["test-1-a", "test-2-a", "test-2-b"]


def test_an_exclusion_that_is_no_full_combination_is_warned_of():
    item = "- test: {matrix: {parameters: {n: [1], os: [a]}, exclude: [{n: 1}]}}"

    assert warnings(with_workflow(item, declared=DECLARED))[0] == (
        "5:64 no-effect: this excludes nothing: it is no full combination"
    )


def test_an_executor_is_known_by_its_name():
    declared = (
        "  test: {parameters: {e: {type: executor}}, executor: << parameters.e >>, steps: []}\n"
        f"executors:\n  one: {{{DOCKER}}}\n"
        f"  two: {{parameters: {{v: {{type: string}}}}, {DOCKER}}}\n"
    )
    jobs = "- test: {matrix: {parameters: {e: [one, {name: two, v: x}]}}}"

    assert names_of(workflow_of(jobs, declared=declared)) == ["test-one", "test-two"]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_there_is_a_job_for_each_combination(sizes):
    names = ["version", "os", "n"][: len(sizes)]
    columns = {
        name: list(range(size)) if name == "n" else [f"'{value}'" for value in range(size)]
        for name, size in zip(names, sizes, strict=True)
    }
    parameters = ", ".join(f"{name}: [{', '.join(map(str, v))}]" for name, v in columns.items())
    jobs = names_of(invoked(f"{{matrix: {{parameters: {{{parameters}}}}}}}"))

    assert len(set(jobs)) == prod(sizes)


@pytest.mark.parametrize(
    ("matrix", "place"),
    [
        ("{}", "5:22 matrix"),
        ("x", "5:22 matrix"),
        ("{parameters: }", "5:22 matrix"),
        ("{parameters: {n: 1}}", "5:39 matrix"),
        ("{parameters: {n: []}}", "5:39 matrix"),
        ("{parameters: {zz: [1]}}", "5:36 param-unexpected"),
        ("{parameters: {n: ['1']}}", "5:40 param-type"),
        ("{parameters: {n: [1]}, include: []}", "5:45 matrix"),
        ("{parameters: {n: [1]}, exclude: [{n: 1}]}", "5:22 matrix"),
    ],
)
def test_a_wrong_matrix_is_told_at_its_place(matrix, place):
    assert kinds(with_workflow(f"- test: {{matrix: {matrix}}}", declared=DECLARED)) == [place]


def test_values_of_a_matrix_are_unknown_in_the_body_of_the_job():
    declared = DECLARED.replace("<< parameters.n >>", "<< matrix.n >>")

    assert kinds(with_workflow("- test", declared=declared)) == ["13:65 interpolation"]
