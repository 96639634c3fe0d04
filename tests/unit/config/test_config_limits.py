"""Hostile configs: whatever multiplies or nests ends in one error."""

import pytest
from config_texts import DOCKER, compiled, job_of, problems, with_steps, with_workflow

from samo.pipeline.problem import ConfigError


def chain(count, body):
    """Return commands that each do with the one before what `body` says."""
    commands = "".join(
        f"  c{i}: {body.replace('PREVIOUS', f'c{i - 1}')}\n" for i in range(1, count)
    )
    return f"commands:\n  c0: {{steps: [{{run: x}}]}}\n{commands}"


def aliases(depth):
    lines = ["a0: &a0 {run: x}"]
    lines += [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, depth)]
    return "\n".join(lines)


def nested_steps(depth):
    steps = "[]"
    for _ in range(depth):
        steps = f"[{{c: {{s: {steps}}}}}]"
    return steps


TWICE = (
    "commands:\n  c: {parameters: {s: {type: steps}}, steps: ["
    + ", ".join(["{steps: << parameters.s >>}"] * 9)
    + "]}\n"
)
DOUBLED = "<< parameters.x >>" * 2
TEXT = (
    "commands:\n  c0: {parameters: {x: {type: string}}, steps: [{run: << parameters.x >>}]}\n"
    + "".join(
        f"  c{i}: {{parameters: {{x: {{type: string}}}},"
        f" steps: [{{c{i - 1}: {{x: {DOUBLED}}}}}]}}\n"
        for i in range(1, 50)
    )
)
MATRIX = ", ".join(f"p{i}: [a, b, c, d]" for i in range(12))
DECLARED = (
    "  m: {parameters: {"
    + ", ".join(f"p{i}: {{type: string}}" for i in range(12))
    + (f"}}, {DOCKER}, steps: []}}\n")
)
BIG = (
    "commands:\n  big: {steps: [{when: {condition: {or: ["
    + ", ".join(["false"] * 900)
    + "]}, steps: []}}]}\n"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (aliases(40), "aliases make this grow to more than 2,000,000 values"),
        ("a: " + "[" * 5000, "nested more than 250 levels deep"),
        ("a: " + "x" * 3_000_000, "the file has 3,000,003 characters"),
        (with_steps("[c299]", chain(300, "{steps: [PREVIOUS]}")), "steps are nested more than 60"),
        (with_steps(nested_steps(30), TWICE), "the config grows to more than 100,000 steps"),
        (with_steps("[{c49: {x: ab}}]", TEXT), "parameters make this text grow to more than 1,000"),
        (
            with_workflow(f"- m: {{matrix: {{parameters: {{{MATRIX}}}}}}}", declared=DECLARED),
            "the config grows to more than 10,000 jobs",
        ),
        (
            with_steps('["x", {run: "' + "<<# pipeline.number >>" * 60 + '"}]').replace(
                '"x", ', ""
            ),
            "more than 50 sections within each other",
        ),
        (with_steps(f"[{', '.join(['big'] * 900)}]", BIG), "grows to more than 800,000 values"),
    ],
    ids=[
        "aliases", "depth", "size", "calls", "steps", "text", "matrix", "sections", "values",
    ],
)  # fmt: skip
def test_what_grows_without_bounds_is_refused(text, message):
    found = problems(text)

    assert len(found) == 1
    assert message in found[0]


def test_a_file_full_of_problems_is_read_no_further():
    jobs = "".join(f"  j{i}: {{}}\n" for i in range(3000))

    found = problems(f"version: 2.1\njobs:\n{jobs}")

    assert len(found) == 1001
    assert "502:3 schema: more than 1,000 problems: the config was read no further" in found


def test_nobody_is_asked_about_a_name_of_a_thousand_letters():
    name = "n" * 1000
    text = with_steps(f"[{name}]", f"commands:\n  {name}x: {{steps: []}}\n")

    with pytest.raises(ConfigError) as raised:
        compiled(text)

    assert [problem.hint for problem in raised.value.problems] == [
        "neither a built-in step nor a command of this config"
    ]


def test_an_executor_may_be_an_alias_of_many_aliases():
    names = "".join(f"  e{i}: e{i - 1}\n" for i in range(1, 2000))
    head = f"executors:\n  e0: {{{DOCKER}, resource_class: large}}\n{names}"

    assert job_of("executor: e1999\n    steps: []", head).resource_class == "large"


def nested(levels, inner, outer):
    for _ in range(levels):
        inner = outer.replace("INNER", inner)
    return inner


@pytest.mark.parametrize(
    "expression",
    [
        " or ".join(["false"] * 149),
        nested(48, "true", "true and (INNER)"),
        nested(48, "true", "!(INNER)"),
    ],
)
def test_all_that_nests_may_nest_as_deep_as_it_may_at_once(expression):
    condition = nested(98, f"<< {expression} >>", "{and: [INNER]}")
    head = (
        f"commands:\n  c0: {{steps: [{{when: {{condition: {condition}, steps: [checkout]}}}}]}}\n"
        + "".join(f"  c{i}: {{steps: [c{i - 1}]}}\n" for i in range(1, 58))
    )

    assert problems(with_steps("[c57]", head)) == []
