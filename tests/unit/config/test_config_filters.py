"""Filters of invocations: patterns for branches and tags, or one expression."""

import pytest
from config_texts import kinds, with_workflow, workflow_of

from samo.pipeline.job import Condition, Filters, Patterns
from samo.pipeline.place import Place

AT = Place("c.yml", 1, 1)


def filters_of(text, **how):
    return workflow_of(f"- a: {{filters: {text}}}", **how).jobs[0].filters


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("{}", Filters()),
        ("{branches: , tags: }", Filters()),
        ("{branches: {only: main}}", Filters(branches=Patterns(only=("main",), place=AT))),
        (
            "{branches: {ignore: [/.*/, x]}, tags: {only: /^v.*/}}",
            Filters(
                branches=Patterns(ignore=("/.*/", "x"), place=AT),
                tags=Patterns(only=("/^v.*/",), place=AT),
            ),
        ),
        (
            "{branches: {only: << pipeline.git.branch >>, ignore: 1}}",
            Filters(branches=Patterns(only=("main",), ignore=("1",), place=AT)),
        ),
    ],
)
def test_filters_hold_patterns(text, filters):
    assert filters_of(text) == filters


def test_patterns_stand_where_their_key_does():
    assert str(filters_of("{branches: {only: main}}").branches.place) == "c.yml:5:21"


@pytest.mark.parametrize(
    ("expression", "is_true"),
    [
        ('pipeline.git.branch == "main"', True),
        ("pipeline.git.tag matches /^v.*/", False),
        ('pipeline.git.tag != "x"', False),
        ('pipeline.git.branch == "<< pipeline.git.branch >>"', True),
    ],
)
def test_an_expression_alone_decides(expression, is_true):
    found = filters_of(f"'{expression}'")

    assert found == Filters(expression=Condition(text=expression, holds=is_true, place=AT))


def test_an_expression_may_ask_for_values_of_the_matrix():
    declared = "  t: {parameters: {n: {type: integer}}, docker: [{image: x}], steps: [checkout]}\n"
    jobs = "- t: {filters: matrix.n > 1, matrix: {parameters: {n: [1, 2]}}}"
    found = [job.filters.expression.holds for job in workflow_of(jobs, declared=declared).jobs]

    assert found == [False, True]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{branches: {onyl: x}}", "6:30 schema"),
        ("{branches: x}", "6:29 schema"),
        ("{branches: {only: {a: b}}}", "6:36 schema"),
        ("{branch: {only: x}}", "6:19 schema"),
        ("[x]", "6:18 schema"),
        ("{tags: {only: '/v(/'}}", "6:32 filter"),
        ("{tags: {ignore: [a, '/v(/']}}", "6:38 filter"),
        ("'pipeline.number starts-with \"1\"'", "6:35 expression-type"),
        ("pipeline.git.branch > 3", "6:38 expression-type"),
        ("pipeline.git.brunch", "6:18 interpolation"),
        ("(true", "6:23 expression-syntax"),
    ],
)
def test_a_wrong_filter_is_told_at_its_place(text, place):
    assert kinds(with_workflow(f"- a:\n    filters: {text}")) == [place]
