"""Steps: the built-in ones with all their keys, and lists of steps expanded."""

import pytest
from config_texts import compiled, kinds, problems, steps_of, warnings, with_steps

from samo.pipeline.place import Place
from samo.pipeline.step import (
    AddSshKeys,
    AttachWorkspace,
    Checkout,
    PersistToWorkspace,
    RestoreCache,
    Run,
    SaveCache,
    SetupRemoteDocker,
    StoreArtifacts,
    StoreTestResults,
    When,
)

AT = Place("c.yml", 5, 13)


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        ("run: make", Run(name="make", command="make", place=AT)),
        (
            (
                "run: {command: make, name: Make, shell: [bash, -e], environment: {A: 1}, "
                "working_directory: ~/x, no_output_timeout: 1.5m, when: always, "
                "max_auto_reruns: 2, auto_rerun_delay: 10s}"
            ),
            Run(
                name="Make",
                command="make",
                shell="bash -e",
                environment=(("A", "1"),),
                working_directory="~/x",
                no_output_timeout_s=90.0,
                max_auto_reruns=2,
                auto_rerun_delay_s=10.0,
                when=When.ALWAYS,
                place=AT,
            ),
        ),
        (
            "run: {command: serve, background: true}",
            Run(name="serve", command="serve", background=True, place=AT),
        ),
        ("checkout", Checkout(place=AT)),
        ("checkout: ", Checkout(place=AT)),
        ("checkout: {path: a, method: full}", Checkout(path="a", method="full", place=AT)),
        (
            "save_cache: {key: k, paths: [a, ~/b], when: on_fail}",
            SaveCache(key="k", paths=("a", "~/b"), when=When.ON_FAIL, place=AT),
        ),
        (
            "restore_cache: {name: N, key: a, keys: [b, c]}",
            RestoreCache(name="N", keys=("a", "b", "c"), place=AT),
        ),
        (
            "persist_to_workspace: {root: ., paths: ['*']}",
            PersistToWorkspace(root=".", paths=("*",), place=AT),
        ),
        ("attach_workspace: {at: /tmp/w}", AttachWorkspace(at="/tmp/w", place=AT)),
        (
            "store_artifacts: {path: out, destination: d}",
            StoreArtifacts(path="out", destination="d", place=AT),
        ),
        ("store_test_results: {path: out}", StoreTestResults(path="out", place=AT)),
        ("add_ssh_keys", AddSshKeys(place=AT)),
        ("add_ssh_keys: {fingerprints: ['a:b']}", AddSshKeys(fingerprints=("a:b",), place=AT)),
        (
            "setup_remote_docker: {version: '24', docker_layer_caching: true}",
            SetupRemoteDocker(version="24", docker_layer_caching=True, place=AT),
        ),
    ],
)
def test_a_built_in_step_has_all_its_keys(step, wanted):
    item = f"{{{step}}}" if ":" in step else step

    assert steps_of(f"[{item}]") == (wanted,)


def test_a_step_stands_where_its_key_does():
    assert [str(step.place) for step in steps_of("[checkout, {run: x}]")] == [
        "c.yml:5:13",
        "c.yml:5:24",
    ]


def test_a_run_without_a_name_is_named_by_its_whole_command():
    assert steps_of('["checkout", {run: "one\\ntwo"}]')[1].name == "one\ntwo"


@pytest.mark.parametrize(
    ("step", "place"),
    [
        ("nope", "5:13 unknown-reference"),
        ("{run: make, name: x}", "5:25 schema"),
        ("{}", "5:13 schema"),
        ("[run]", "5:13 schema"),
        ("42", "5:13 schema"),
        ("run", "5:13 schema"),
        ("{run: {name: x}}", "5:14 schema"),
        ("{run: {command: x, foo: 1}}", "5:32 schema"),
        ("{run: {command: x, when: sometimes}}", "5:38 schema"),
        ("{run: {command: [x]}}", "5:29 schema"),
        ("{run: {command: x, no_output_timeout: soon}}", "5:51 schema"),
        (f"{{run: {{command: x, no_output_timeout: {'9' * 400}h}}}}", "5:51 schema"),
        ("{run: {command: x, max_auto_reruns: 6}}", "5:49 schema"),
        ("{run: {command: x, auto_rerun_delay: 5s}}", "5:32 schema"),
        ("{run: {command: x, max_auto_reruns: 1, auto_rerun_delay: 11m}}", "5:70 schema"),
        ("{run: {command: x, max_auto_reruns: 1, background: true}}", "5:32 schema"),
        ("{save_cache: {key: a}}", "5:14 schema"),
        ("{restore_cache: {name: a}}", "5:14 schema"),
        ("{persist_to_workspace: {root: a, paths: []}}", "5:53 schema"),
        ("{store_test_results: out}", "5:34 schema"),
        ("{checkout: {method: deep}}", "5:33 schema"),
        ("{when: {steps: [checkout]}}", "5:14 schema"),
        ("{when: {condition: true}}", "5:14 schema"),
        ("{steps: checkout}", "5:21 schema"),
    ],
)
def test_a_wrong_step_is_told_at_its_place(step, place):
    assert kinds(with_steps(f"[{step}]")) == [place]


def test_two_keys_in_a_step_hint_at_the_indentation():
    with pytest.raises(Exception, match="indent what belongs to 'run' deeper than it"):
        compiled(with_steps("[{run: , command: make}]"))


def test_all_that_is_wrong_with_a_list_is_told():
    assert kinds(with_steps("[nope, {run: }, {checkout: {x: 1}}]")) == [
        "5:13 unknown-reference",
        "5:20 schema",
        "5:40 schema",
    ]


COMMANDS = """\
commands:
  outer: {steps: [{run: before}, inner, {run: after}]}
  inner: {steps: [{run: within}]}
"""


def test_the_steps_of_a_command_stand_where_it_was_called():
    commands = [step.command for step in steps_of("[{run: a}, outer, {run: z}]", COMMANDS)]

    assert commands == ["a", "before", "within", "after", "z"]


def test_a_command_named_like_a_built_in_step_replaces_it():
    head = "commands:\n  checkout: {steps: [{run: mine}]}\n"

    assert [step.command for step in steps_of("[checkout]", head)] == ["mine"]


def test_the_losing_branch_is_gone():
    steps = (
        "[{when: {condition: false, steps: [{run: a}]}}, {unless: {condition: false, steps: "
        "[{run: b}, {when: {condition: 1, steps: [checkout]}}]}}]"
    )
    assert [step.name for step in steps_of(steps)] == ["b", "Checkout code"]


def test_steps_may_be_handed_on_through_conditions():
    head = """\
commands:
  c:
    parameters: {s: {type: steps, default: []}}
    steps:
      - when: {condition: << parameters.s >>, steps: << parameters.s >>}
"""
    assert [step.name for step in steps_of("[c, {c: {s: [{run: a}]}}]", head)] == ["a"]


def test_a_loop_of_commands_is_told_at_the_call_that_closes_it():
    head = "commands:\n  a: {steps: [b]}\n  b: {steps: [{when: {condition: true, steps: [a]}}]}\n"

    assert problems(with_steps("[a]", head)) == [
        "8:48 graph: commands call each other without end: a -> b -> a"
    ]


def test_a_loop_through_steps_given_is_a_loop_too():
    head = """\
commands:
  a: {steps: [{b: {s: [a]}}]}
  b: {parameters: {s: {type: steps}}, steps: [{steps: << parameters.s >>}]}
"""
    assert kinds(with_steps("[a]", head)) == ["7:24 graph"]


def test_what_has_no_effect_is_warned_of():
    steps = (
        "[{save_cache: {key: a, paths: [b]}}, {restore_cache: {key: a, paths: [b]}},"
        " {deploy: {command: x}}, install_signing_bundle]"
    )

    assert warnings(with_steps(steps)) == [
        "5:74 no-effect: 'paths' has no effect in 'restore_cache'",
        "5:89 deprecated: the step 'deploy' is deprecated",
        (
            "5:112 unsupported-locally: "
            "'install_signing_bundle' has no effect outside of CircleCI's macOS machines"
        ),
    ]
