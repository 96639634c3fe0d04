"""Orbs: inline ones, handed-in ones, and those that are not at hand."""

import pytest
from config_texts import DOCKER, VALUES, compiled, kinds, problems, steps_of, with_steps

from samo.config import Source, required_orbs

INLINE = """\
orbs:
  o:
    commands:
      greet:
        parameters: {to: {type: string, default: you}}
        steps: [{run: hi << parameters.to >>}, helper]
      helper: {steps: [{run: help on << pipeline.git.branch >>}]}
    executors:
      small: {docker: [{image: small}], environment: {E: orb}}
    jobs:
      test: {executor: small, steps: [greet]}
"""


def test_bare_names_within_an_orb_are_the_orbs_own():
    head = INLINE + "commands:\n  helper: {steps: [{run: mine}]}\n"
    steps = steps_of("[{o/greet: {to: me}}, helper]", head)

    assert [step.command for step in steps] == ["hi me", "help on main", "mine"]


def test_jobs_and_executors_of_an_orb_have_one_slash():
    text = (
        f"version: 2.1\n{INLINE}jobs:\n  mine: {{executor: o/small, steps: [checkout]}}\n"
        "  alias: o/test\nworkflows:\n  w:\n    jobs: [mine, o/test, alias]\n"
    )
    jobs = compiled(text).workflows[0].jobs

    assert [(job.name, job.executor.images[0].image, job.environment) for job in jobs] == [
        ("mine", "small", (("E", "orb"),)),
        ("o/test", "small", (("E", "orb"),)),
        ("alias", "small", (("E", "orb"),)),
    ]


def test_what_a_caller_passes_has_the_callers_meaning():
    head = (
        "orbs: {o: {commands: {c: {parameters: {s: {type: steps}}, "
        "steps: [{steps: << parameters.s >>}]}, say: {steps: [{run: orb}]}}}}\n"
        "commands: {say: {steps: [{run: mine}]}}\n"
    )
    assert [step.command for step in steps_of("[{o/c: {s: [say]}}]", head)] == ["mine"]


@pytest.mark.parametrize(
    ("orb", "step", "places"),
    [
        ("{commands: {}}", "o/nope", ["5:13 unknown-reference"]),
        ("{}", "p/nope", ["5:13 unknown-reference"]),
        ("{orbs: {q: {commands: {c: {steps: []}}}}}", "o/q/c", ["5:13 unknown-reference"]),
        ("{commands: {c: {steps: [mine]}}}", "o/c", ["6:35 unknown-reference"]),
        ("{workflows: {}}", "checkout", ["6:12 schema"]),
        (
            "{commands: {c: {steps: [{run: << pipeline.parameters.p >>}]}}}",
            "o/c",
            ["6:41 interpolation"],
        ),
        ("ns/orb", "o/c", ["6:11 orb-resolve"]),
        ("ns/orb@latest", "o/c", ["6:11 orb-resolve"]),
        ("ns/orb@1.2.3", "o/c", ["6:11 orb-resolve"]),
        ("[x]", "o/c", ["6:8 schema"]),
    ],
)
def test_what_is_wrong_with_an_orb_is_told_once(orb, step, places):
    head = f"orbs: {{o: {orb}}}\ncommands: {{mine: {{steps: []}}}}\n"
    parameters = "parameters: {p: {type: string, default: x}}\n"

    assert kinds(with_steps(f"[{step}]", head + parameters)) == places


def test_an_orb_that_is_not_at_hand_is_taken_to_have_all():
    text = (
        "version: 2.1\norbs: {o: ns/orb@1}\njobs:\n"
        "  a: {executor: o/e, steps: [o/c, {o/d: {x: 1}}]}\n"
        "workflows: {w: {jobs: [a, o/j: {requires: [a], y: 2}]}}\n"
    ).replace("o/j: {requires: [a], y: 2}", "{o/j: {requires: [a], y: 2}}")

    assert problems(text) == ["2:11 orb-resolve: the orb 'ns/orb@1' is not at hand"]


ORB = """\
version: 2.1
description: An orb
examples: {x: {}}
commands:
  say: {parameters: {w: {type: string, default: hi}}, steps: [{run: << parameters.w >>}]}
"""


def test_an_orb_handed_in_is_used():
    orbs = {"ns/orb@1": Source(path="orb.yml", text=ORB)}

    assert steps_of("[o/say]", "orbs: {o: ns/orb@1}\n", orbs=orbs)[0].command == "hi"


def test_problems_within_an_orb_have_its_path():
    orbs = {
        "ns/orb@1": Source(path="orb.yml", text=ORB.replace("<< parameters.w", "<< parameters.v"))
    }
    with pytest.raises(
        Exception, match=r"^orb.yml:5:69: error: parameter 'v' is not declared here"
    ):
        compiled(with_steps("[o/say]", "orbs: {o: ns/orb@1}\n"), orbs=orbs)


def test_required_orbs_are_references_with_their_tags_replaced():
    text = (
        "version: 2.1\nparameters: {v: {type: string, default: '2.0'}}\n"
        "orbs: {a: ns/a@<< pipeline.parameters.v >>, b: {orbs: {c: ns/c@1}}, d: ns/c@1}\n"
        f"jobs: {{build: {{{DOCKER}, steps: []}}}}\n"
    )
    assert required_orbs(Source(path="c", text=text), values=VALUES) == ("ns/a@2.0", "ns/c@1")


def test_each_reference_is_read_once_however_many_ways_lead_to_it():
    orbs = {
        f"ns/o@{n}.0.0": Source(
            path=f"o{n}", text=f"orbs: {{a: ns/o@{n + 1}.0.0, b: ns/o@{n + 1}.0.0}}"
        )
        for n in range(19)
    }
    orbs["ns/o@19.0.0"] = Source(path="o19", text="commands: {c: {steps: []}}")

    assert problems(with_steps("[checkout]", "orbs: {o: ns/o@0.0.0}\n"), orbs=orbs) == []


def test_a_chain_of_orbs_that_is_too_long_is_refused():
    orbs = {
        f"ns/o@{n}.0.0": Source(path=f"o{n}", text=f"orbs: {{a: ns/o@{n + 1}.0.0}}")
        for n in range(30)
    }

    assert problems(with_steps("[checkout]", "orbs: {o: ns/o@0.0.0}\n"), orbs=orbs) == [
        "6:11 orb-resolve: more than 20 orbs import one another in a row"
    ]


@pytest.mark.parametrize(
    ("text", "found"), [("", "nothing"), ("[x]", "a list"), ("x", "'x'"), ("~", "nothing")]
)
def test_an_orb_that_is_no_mapping_is_told_at_its_reference(text, found):
    orbs = {"ns/o@1": Source(path="o", text=text)}

    assert problems(with_steps("[o/c]", "orbs: {o: ns/o@1}\n"), orbs=orbs) == [
        f"6:11 orb-resolve: the orb 'ns/o@1' must be a mapping, found {found}"
    ]


def test_a_missing_orb_is_told_at_each_of_its_aliases():
    assert kinds(with_steps("[a/c, b/c]", "orbs: {a: ns/o@1, b: ns/o@1}\n")) == [
        "6:11 orb-resolve",
        "6:22 orb-resolve",
    ]
