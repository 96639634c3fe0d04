"""Every case is tried: what it compiles to, what it selects, what running it does."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conformance_cases import NOWHERE, Case, Mark, cases, read_case, read_marks
from conformance_orbs import orbs_of
from conformance_plain import plain_facts
from conformance_runs import CHECKS, carry_out

from samo.config import (
    Arguments,
    Continuation,
    Source,
    arguments_from_text,
    compile_pipeline,
)
from samo.config.render import render_pipeline
from samo.config.review import review
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.problem import Problem, SamoError
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values, select
from samo.trigger.overrides import overridden, overrides_from_text

SPECIFICATION = Path(__file__).parents[3] / "shared" / "spec" / "circleci-semantics.md"
PATH = "config.yml"
ID = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize("case", cases("compile"), ids=str)
def test_compile(case):
    pipeline, problems = compiled(case)
    expect = case.expect

    assert_problems(problems, expect.get("problems", []), case.marks)
    if "compiled" in expect:
        assert plain_facts(pipeline, like=expect["compiled"]) == expect["compiled"]
    if "processed" in expect:
        assert render_pipeline(pipeline) == expect["processed"]
    if "conditions" in expect:
        held = {each.name: each.condition.holds for each in pipeline.workflows if each.condition}
        assert held == expect["conditions"]
    if "warnings" in expect:
        assert_warnings(review(**inputs(case)).warnings, expect["warnings"], case.marks)


@pytest.mark.parametrize("case", cases("select"), ids=str)
def test_select(case):
    pipeline, problems = compiled(case)
    assert problems == ()

    selection = select(pipeline, trigger(case))
    chosen = {each.name: [job.name for job in each.jobs] for each in selection.workflows}
    lines = [
        (f"{each.workflow}/{each.job}".rstrip("/"), each.place.line)
        for each in selection.exclusions
    ]

    assert chosen == case.expect["selected"]
    excluded = zip(case.expect["excluded"], case.marks, strict=True)
    assert lines == [(name, mark.line) for name, mark in excluded]


@pytest.mark.integration
@pytest.mark.parametrize("case", cases("run"), ids=str)
def test_run(case, tmp_path):
    done = carry_out(case, tmp_path)

    for mark in case.marks:
        assert f"config.yml:{mark.line}:{mark.column}: error: " in done.stderr
    for name, expected in case.expect.items():
        check = CHECKS.get(name)
        found = check(done, expected) if check else getattr(done, name)
        assert found == expected, f"{name}\n{done.transcript}"


def test_every_rule_is_a_row_of_the_specification():
    if not SPECIFICATION.is_file():
        pytest.skip("the specification is not here")
    rows = set(
        re.findall(r"^(?:- \*\*|\| )([A-Z]+-\d{3})", SPECIFICATION.read_text(), re.MULTILINE)
    )
    rules = {case.rule for kind in ("compile", "select", "run") for case in cases(kind)}

    assert {rule for rule in rules if "-ACCEPTED-" not in rule} - rows == set()


def test_pointers_are_taken_out_of_a_config():
    assert read_marks("a: ▸b\n ▹c▸\n") == ("a: b\n c\n", (Mark(1, 4), Mark(2, None), Mark(2, 3)))


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "nonsense"},
        {"expected": {}},
        {"expect": {}},
        {"expect": {"exit": 0, "problems": []}},
        {"expect": {"problems": ["schema"]}},
        {"config": "▸"},
    ],
    ids=str,
)
def test_a_malformed_case_fails(change):
    whole = {"rule": "ERR-001", "title": "t", "config": "", "expect": {"problems": []}}

    with pytest.raises(ValueError, match="here"):
        read_case(whole | change, "here")


def compiled(case: Case) -> tuple[Pipeline | None, tuple[Problem, ...]]:
    try:
        return compile_pipeline(**inputs(case)), ()
    except SamoError as error:
        return None, error.problems


def inputs(case: Case) -> dict[str, Any]:
    facts = RepositoryFacts(branch=case.call.get("branch", ""), received_at="2026-01-01T00:00:00Z")
    values = overridden(
        pipeline_values(trigger(case), facts, number=1, id=ID),
        overrides_from_text(case.call.get("values", [])),
    )
    source = Source(path=PATH, text=case.config)
    told = {"source": source, "values": values, "arguments": arguments(case, values)}
    return {**told, "orbs": orbs_of(case.call.get("orbs", {}), told)}


def arguments(case: Case, values: Mapping[str, object]) -> Arguments | Continuation:
    passed = arguments_from_text(case.call.get("params", []))
    if "setup" not in case.call:
        return passed
    source = Source(path="setup.yml", text=case.call["setup"])
    return Continuation(
        parameters=case.call.get("parameters", {}),
        trigger=passed,
        changed=compile_pipeline(source, values=values, arguments=passed).changed_parameters,
    )


def trigger(case: Case) -> Trigger:
    schedule = case.call.get("schedule", "")
    kind = TriggerKind.SCHEDULE if schedule else TriggerKind.PUSH
    branch, tag = case.call.get("branch", ""), case.call.get("tag", "")
    return Trigger(kind, branch if branch or tag else "main", tag, schedule)


def assert_problems(
    problems: tuple[Problem, ...], expected: list[str], marks: tuple[Mark, ...]
) -> None:
    """Compare kinds and places exactly, and look for the text after the kind in the message."""
    lines = "\n".join(str(problem) for problem in problems)
    kinds = [line.removeprefix(NOWHERE).partition(": ")[0] for line in expected]
    left = iter(marks)

    assert [problem.kind for problem in problems] == kinds, lines
    for problem, line in zip(problems, expected, strict=True):
        mark = None if line.startswith(NOWHERE) else next(left)
        assert _seen(problem, mark) == mark, lines
        assert line.partition(": ")[2] in str(problem)


def assert_warnings(
    warnings: tuple[Problem, ...], texts: list[str], marks: tuple[Mark, ...]
) -> None:
    assert [_seen(warning, mark) for warning, mark in zip(warnings, marks, strict=True)] == [*marks]
    for warning, text in zip(warnings, texts, strict=True):
        assert text in str(warning)


def _seen(problem: Problem, mark: Mark | None) -> Mark | None:
    if problem.place is None:
        return None
    exact = mark is None or mark.column is not None
    return Mark(problem.place.line, problem.place.column if exact else None)
