"""Logic statements: their truth, and where they are wrong."""

import pytest
from config_texts import problems, steps_of, warnings, with_steps, with_workflow, workflow_of
from hypothesis import given
from hypothesis import strategies as st

from samo.pipeline.job import Condition
from samo.pipeline.place import Place


def holds(condition):
    return len(steps_of(f"[{{when: {{condition: {condition}, steps: [checkout]}}}}]")) == 1


@pytest.mark.parametrize(
    "condition",
    [
        "true",
        "'false'",
        "1",
        "'0'",
        "{equal: [main, << pipeline.git.branch >>]}",
        "{equal: [7, << pipeline.number >>, 7]}",
        "{not: {equal: [1, '1']}}",
        "{not: << pipeline.git.tag >>}",
        "{matches: {pattern: '^ma.*', value: << pipeline.git.branch >>}}",
        "{or: [false, {and: [true, 1]}]}",
        '<< pipeline.git.branch == "main" >>',
    ],
)
def test_these_hold(condition):
    assert holds(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "false",
        "0",
        "''",
        ".nan",
        "<< pipeline.git.tag >>",
        "{matches: {pattern: 'ma', value: << pipeline.git.branch >>}}",
        "{matches: {pattern: '.*', value: << pipeline.git.tag >>}}",
        "{and: [true, '']}",
        "{and: }",
        "{equal: [true, 'true']}",
    ],
)
def test_these_do_not_hold(condition):
    assert not holds(condition)


TRUTHS = st.recursive(
    st.sampled_from([("true", True), ("false", False), ("''", False), ("x", True)]),
    lambda inner: st.one_of(
        inner.map(lambda each: (f"{{not: {each[0]}}}", not each[1])),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda each: (f"{{and: [{', '.join(e[0] for e in each)}]}}", all(e[1] for e in each))
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda each: (f"{{or: [{', '.join(e[0] for e in each)}]}}", any(e[1] for e in each))
        ),
    ),
    max_leaves=8,
)


@given(TRUTHS)
def test_statements_are_what_python_makes_of_them(written):
    text, truth = written

    assert holds(text) == truth


@pytest.mark.parametrize(
    ("condition", "line"),
    [
        ("{xor: [a]}", "5:33 logic: unknown operator 'xor'"),
        ("[a]", "5:32 logic: a condition cannot be a list"),
        ("{and: [true], or: [true]}", "5:46 logic: a condition has exactly one operator"),
        ("{and: []}", "5:38 logic: 'and' takes a list with at least one item"),
        ("{not: [a]}", "5:38 logic: 'not' takes one condition, not a list"),
        ("{matches: {pattern: x}}", "5:42 logic: 'matches' needs a 'pattern' and a 'value'"),
        (
            "{matches: {pattern: '(', value: x}}",
            (
                "5:52 logic: the pattern '(' is no regular expression: "
                "missing ), unterminated subpattern at position 0"
            ),
        ),
    ],
)
def test_a_wrong_statement_is_told_at_its_place(condition, line):
    text = with_steps(f"[{{when: {{condition: {condition}, steps: [checkout]}}}}]")

    assert problems(text) == [line]


def test_a_hundred_levels_are_enough():
    nested = "{not: " * 100 + "true" + "}" * 100
    text = with_steps(f"[{{when: {{condition: {nested}, steps: []}}}}]")

    assert [line.partition(": ")[2] for line in problems(text)] == [
        "nested more than 100 levels deep"
    ]


def test_an_expression_where_a_statement_stands_is_warned_of():
    text = with_steps("[{when: {condition: pipeline.number == 1, steps: [checkout]}}]")

    assert warnings(text) == [
        "5:32 logic: 'pipeline.number == 1' is a text here, and so it always holds"
    ]


def condition_of(keys):
    return workflow_of("- a", keys=keys).condition


@pytest.mark.parametrize(
    ("keys", "text", "is_true"),
    [
        ("when: false", "false", False),
        ("unless: false", "unless false", True),
        ('when: pipeline.git.branch == "main"', 'pipeline.git.branch == "main"', True),
        ("when: << pipeline.git.tag >>", "<< pipeline.git.tag >>", False),
        ("when: {not: {equal: [a, b]}}", "not: {equal: [a, b]}", True),
        ("when: pipeline.git.tag", "pipeline.git.tag", False),
        ("when: '0 == 1 or \"\"'", '0 == 1 or ""', True),
    ],
)
def test_a_workflows_condition_tells_its_text_and_what_it_came_to(keys, text, is_true):
    column = 5 + keys.index(":") + 2
    place = Place("c.yml", 6, column)

    found = condition_of(keys)

    assert found == Condition(text=text, holds=is_true, place=place)
    assert found.place == place


def test_a_text_that_mixes_tags_always_holds_and_is_warned_of():
    text = with_workflow("- a", keys="when: << pipeline.git.tag >> and false")

    assert warnings(text) == [
        "6:11 logic: a text that mixes '<< >>' with other text always holds",
        "9:3 unused: the job 'b' is not used",
        "10:3 unused: the job 'c' is not used",
    ]


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("when: pipeline.git.branch = 'x'", "6:31 expression-syntax"),
        ("when: pipeline.git.brunch", "6:11 interpolation"),
        ("when: {condition: true}", "6:12 logic"),
        ("when: true\n    unless: true", "7:5 schema"),
        ("when: << pipeline.x >>", "6:11 interpolation"),
    ],
)
def test_a_workflows_wrong_condition_is_told_at_its_place(keys, line):
    found = problems(with_workflow("- a", keys=keys))

    assert [each.partition(": ")[0] for each in found] == [line]


def test_an_operator_above_its_argument_has_no_effect():
    condition = "{not: , equal: [a, a]}"
    steps = f"[{{when: {{condition: {condition}, steps: [checkout]}}}}]"

    assert len(steps_of(steps)) == 1
    assert warnings(with_steps(steps)) == [
        "5:33 logic: 'not' has no argument, and so no effect beside 'equal'"
    ]
