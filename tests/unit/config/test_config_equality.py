"""`equal`, where what is compared is more than one value: maps, lists and executors."""

import pytest
from config_texts import DOCKER, problems, steps_of

HEAD = (
    "executors:\n"
    "  linux: &linux {docker: [{image: cimg/base:stable}], resource_class: small}\n"
    "  large: &large {docker: [{image: cimg/base:stable}], resource_class: large}\n"
    "  old: {parameters: {tag: {type: string}}, docker: [{image: 'base:<< parameters.tag >>'}]}\n"
    "commands:\n"
    "  c:\n"
    "    parameters: {e: {type: executor, default: linux}}\n"
    "    steps: [{when: {condition: {equal: CONDITION}, steps: [checkout]}}]\n"
)


def holds(condition, call="c"):
    return len(steps_of(f"[{call}]", HEAD.replace("CONDITION", condition))) == 1


@pytest.mark.parametrize(
    ("condition", "call"),
    [
        ("[*linux, << parameters.e >>]", "c"),
        ("[*large, << parameters.e >>]", "c: {e: large}"),
        ("[<< parameters.e >>, << parameters.e >>]", "c: {e: {name: old, tag: '1'}}"),
        ("[{a: 1, b: [x, 2]}, {b: [x, 2], a: 1}]", "c"),
        ("[[], []]", "c"),
    ],
)
def test_what_holds_the_same_is_equal(condition, call):
    assert holds(condition, call)


@pytest.mark.parametrize(
    ("condition", "call"),
    [
        ("[*linux, << parameters.e >>]", "c: {e: large}"),
        ("[*linux, << parameters.e >>]", "c: {e: {name: old, tag: '1'}}"),
        ("[linux, << parameters.e >>]", "c"),
        ("[{a: 1}, {a: '1'}]", "c"),
        ("[{a: 1}, {a: 1, b: 2}]", "c"),
        ("[[1, 2], [2, 1]]", "c"),
        ("[[1, [2]], [[1, 2]]]", "c"),
        ("[[], {}]", "c"),
    ],
)
def test_what_differs_anywhere_is_not(condition, call):
    assert not holds(condition, call)


def test_only_so_many_values_are_compared():
    items = ", ".join(["1"] * 1000)
    text = f"[{{when: {{condition: {{equal: [[{items}], 1]}}, steps: []}}}}]"

    assert problems(f"version: 2.1\njobs:\n  build:\n    {DOCKER}\n    steps: {text}\n") == [
        "5:41 logic: 'equal' compares up to 1,000 values"
    ]
