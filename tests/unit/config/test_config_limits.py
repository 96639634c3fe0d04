"""Hostile configs: whatever multiplies or nests ends in one error."""

import pytest
from config_texts import DOCKER, problems, with_steps, with_workflow


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
    ],
    ids=["aliases", "depth", "size", "calls", "steps", "text", "matrix", "sections"],
)
def test_what_grows_without_bounds_is_refused(text, message):
    found = problems(text)

    assert len(found) == 1
    assert message in found[0]
