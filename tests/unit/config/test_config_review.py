"""What a review tells beyond errors: places, what comes together, and what must raise no alarm."""

import pytest
from config_texts import DOCKER, VALUES, warnings, with_steps, with_workflow

from samo.config import Source
from samo.config.review import review
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, ProblemKind, Severity

BUILD = f"jobs: {{build: {{{DOCKER}, steps: [checkout]}}}}\n"


def reviewed(text):
    return review(Source(path="c.yml", text=text), values=VALUES)


def test_a_config_with_nothing_to_say_of_has_its_pipeline():
    found = reviewed(f"version: 2.1\n{BUILD}")

    assert found.problems == ()
    assert [workflow.name for workflow in found.pipeline.workflows] == ["build"]


def test_errors_and_warnings_stand_in_the_order_of_the_file():
    found = reviewed(with_steps("[{deploy: make}, nope, {deploy: make}]"))

    assert found.pipeline is None
    assert [(each.severity, each.place.column) for each in found.problems] == [
        (Severity.WARNING, 14),
        (Severity.ERROR, 29),
        (Severity.WARNING, 36),
    ]
    assert [each.place.column for each in found.errors] == [29]
    assert [each.place.column for each in found.warnings] == [14, 36]


@pytest.mark.parametrize("text", ["", "- a", b"\xff", "version: 4", "a: [", "version: 2.1\na: *b"])
def test_what_is_no_config_has_errors_and_no_pipeline(text):
    found = reviewed(text)

    assert (found.pipeline, len(found.errors), found.warnings) == (None, 1, ())


def test_where_there_are_errors_nobody_is_told_of_what_is_unused():
    head = "commands: {c: {steps: [checkout]}}\n"

    assert [each.kind for each in reviewed(with_steps("[nope]", head)).problems] == [
        "unknown-reference"
    ]


def test_the_text_of_an_orb_is_not_warned_of():
    orb = Source(path="orb.yml", text="commands: {c: {steps: [{deploy: x}]}, d: {steps: [nope]}}")
    text = with_steps("[o/c]", "orbs: {o: ns/o@1}\n")
    found = review(Source(path="c.yml", text=text), values=VALUES, orbs={"ns/o@1": orb})

    assert found.problems == ()


def test_an_error_in_an_orb_is_told_with_what_imports_it():
    orb = Source(path="orb.yml", text="commands: {c: {steps: [nope]}}")
    text = with_steps("[o/c]", "orbs: {o: ns/o@1}\n")
    found = review(Source(path="c.yml", text=text), values=VALUES, orbs={"ns/o@1": orb})

    assert found.problems == (
        Problem(
            kind=ProblemKind.UNKNOWN_REFERENCE,
            message="unknown step 'nope'",
            place=Place("orb.yml", 1, 24),
            hint=(
                "neither a built-in step nor a command of this config;"
                " in job 'build', command 'o/c';"
                " used by the orb 'ns/o@1' at c.yml:6:11"
            ),
        ),
    )
    assert [
        (each.message, each.place.path, each.place.line) for each in found.errors[0].related
    ] == [
        ("job 'build'", "c.yml", 3),
        ("command 'o/c'", "c.yml", 5),
        ("the orb 'ns/o@1'", "c.yml", 6),
    ]


def test_a_setup_pipeline_may_save_and_declare_for_the_config_that_follows():
    steps = "[{save_cache: {key: a, paths: [b]}}]"
    head = "setup: true\nparameters: {p: {type: string, default: a}}\n"

    assert warnings(with_steps(steps, head)) == []
    assert len(warnings(with_steps(steps, head.replace("true", "false")))) == 2


def test_a_pipeline_without_any_other_cache_step_is_told_so():
    found = reviewed(with_steps("[{save_cache: {key: a, paths: [b]}}]"))

    assert [each.hint for each in found.warnings] == ["no cache is restored at all"]


@pytest.mark.parametrize(
    ("restored", "saved", "fits"),
    [
        ("v1-", "v1-a", True),
        ("v1-a", "v1-", False),
        ("v1-{{ epoch }}", "v1-abc", True),
        ("v1-{{ epoch }}", "v2-abc", False),
        ("v1-main-x", "v1-{{ .Branch }}-x", True),
        ("v2-main-x", "v1-{{ .Branch }}-x", False),
        ("v1-{{ arch }}", "{{ .Environment.V }}", True),
    ],
)
def test_what_stands_before_templates_tells_whether_keys_can_fit(restored, saved, fits):
    restore = f"{{restore_cache: {{key: '{restored}'}}}}"
    save = f"{{save_cache: {{key: '{saved}', paths: [a]}}}}"

    assert len(warnings(with_steps(f"[{restore}, {save}]"))) == (0 if fits else 2)


def test_a_workspace_that_a_condition_may_fill_is_not_warned_of():
    steps = (
        "[{attach_workspace: {at: a}}, {when: {condition: false,"
        " steps: [{persist_to_workspace: {root: a, paths: [b]}}]}}]"
    )

    assert warnings(with_steps(steps)) == []


def test_a_job_that_attaches_what_it_has_persisted_itself_is_not_warned_of():
    steps = "[{persist_to_workspace: {root: a, paths: [b]}}, {attach_workspace: {at: a}}]"

    assert warnings(with_steps(steps)) == []


def test_a_filter_that_is_an_expression_may_hold_on_a_tag():
    jobs = """
- a: {filters: 'pipeline.git.tag matches /v.*/'}
- b: {requires: [a], filters: {tags: {only: v1}}}
- c
"""
    assert warnings(with_workflow(jobs)) == []


def test_an_empty_tag_filter_is_none():
    jobs = """
- a: {filters: {tags: {}}}
- b: {requires: [a], filters: {tags: {only: v1}}}
- c
"""
    assert warnings(with_workflow(jobs)) == [
        "6:36 no-effect: the tag filter of 'b' has no effect: on a tag it does not run"
    ]


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# cci-ignore", True),
        ("#cci-ignore", True),
        ("# cci-ignore: all", False),
        ("# cci-ignore-end", False),
        ("# cci-ignore-file", True),
    ],
)
def test_a_comment_of_an_editor_silences_the_warning_of_its_line(comment, silent):
    text = f"version: 2.1\n{BUILD}commands:\n  c: {{steps: [checkout]}} {comment}\n"

    assert (warnings(text) == []) is silent


def test_a_thousand_aliases_of_one_fault_are_looked_through_at_once():
    uses = "".join(f"  j{n}: {{{DOCKER}, steps: *s}}\n" for n in range(1000))
    text = f"version: 2.1\nx: &s [nope]\njobs:\n{uses}workflows: {{w: {{jobs: [j1]}}}}\n"
    found = reviewed(text)

    assert [each.hint.partition("; ")[2] for each in found.errors] == [
        "used by the alias at c.yml:4:52 and by at least 9 more"
    ]
