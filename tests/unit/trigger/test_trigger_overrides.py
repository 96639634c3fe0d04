"""Pipeline values that a call gives: their forms, their types, and which of them are refused."""

import pytest

from samo.config import Source
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, UsageError
from samo.trigger import RepositoryFacts, Trigger, TriggerKind, pipeline_values
from samo.trigger.overrides import (
    Override,
    overridden,
    overrides_from_source,
    overrides_from_text,
)

VALUES = pipeline_values(Trigger(TriggerKind.API, "main"), RepositoryFacts(), number=7, id="an-id")


def from_file(text):
    return overrides_from_source(Source(path="values.yml", text=text))


def refusal_of(overrides):
    with pytest.raises(UsageError) as caught:
        overridden(VALUES, overrides)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("pull_request", "pull_request"),
        ("", ""),
        ("a=b", "a=b"),
        ("12", 12),
        ("-3", -3),
        ("true", True),
        ("null", None),
        ('"12"', "12"),
        ('"a" or "b"', '"a" or "b"'),
        ("1.5", "1.5"),
        ("007", "007"),
        ("True", "True"),
        ("[1]", "[1]"),
    ],
)
def test_a_value_of_the_call_is_json_where_it_has_that_form_and_else_text(text, value):
    assert overrides_from_text([f"pipeline.name={text}"]) == (Override("pipeline.name", value),)


@pytest.mark.parametrize("text", ["pipeline.name", "=x", ""])
def test_a_value_of_the_call_has_a_name_and_an_equals_sign(text):
    with pytest.raises(UsageError) as caught:
        overrides_from_text([text])

    assert str(caught.value) == (
        f"error: '{text}' gives no pipeline value (write --value NAME=VALUE)"
    )


def test_values_of_a_file_have_their_types_and_whole_names_or_names_within_names():
    text = """\
pipeline.event.name: pull_request
pipeline:
  number: 12
  event.github:
    pull_request: {draft: false, number: 3, title: "3"}
  deploy.target_version: 1.10
"""
    assert from_file(text) == (
        Override("pipeline.event.name", "pull_request", Place("values.yml", 1, 1)),
        Override("pipeline.number", 12, Place("values.yml", 3, 3)),
        Override(
            "pipeline.event.github.pull_request.draft",
            value=False,
            place=Place("values.yml", 5, 20),
        ),
        Override("pipeline.event.github.pull_request.number", 3, Place("values.yml", 5, 34)),
        Override("pipeline.event.github.pull_request.title", "3", Place("values.yml", 5, 45)),
        Override("pipeline.deploy.target_version", "1.10", Place("values.yml", 6, 3)),
    )


def test_a_file_may_be_json():
    assert from_file('{"pipeline.event.action": null, "pipeline.number": 1}') == (
        Override("pipeline.event.action", None, Place("values.yml", 1, 2)),
        Override("pipeline.number", 1, Place("values.yml", 1, 33)),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "",
            (
                "values.yml:1:1: error: pipeline values are a mapping, found nothing"
                " (write 'pipeline.event.name: push')"
            ),
        ),
        (
            "- pipeline.event.name",
            (
                "values.yml:1:1: error: pipeline values are a mapping, found a list"
                " (write 'pipeline.event.name: push')"
            ),
        ),
        (
            "pipeline:\n  name: [a]",
            (
                "values.yml:2:3: error: 'pipeline.name' is a list, which no pipeline value can be"
                " (give one value)"
            ),
        ),
    ],
)
def test_a_file_without_a_mapping_of_values_is_refused(text, problem):
    with pytest.raises(ConfigError) as caught:
        from_file(text)

    assert str(caught.value) == problem


def test_the_last_value_given_stands_and_all_others_stay():
    given = [Override("pipeline.event.name", "push"), Override("pipeline.event.name", "x")]

    assert overridden(VALUES, given) == {**VALUES, "pipeline.event.name": "x"}


def test_a_value_that_is_null_here_can_be_given():
    given = [Override("pipeline.event.github.sender.login", "me")]

    assert overridden(VALUES, given)["pipeline.event.github.sender.login"] == "me"


def test_a_name_that_no_value_has_is_refused_with_the_nearest():
    assert refusal_of([Override("pipeline.evnt.name", "x", Place("v.yml", 2, 1))]) == (
        "v.yml:2:1: error: there is no pipeline value 'pipeline.evnt.name'"
        " (did you mean 'pipeline.event.name'?)"
    )


def test_a_parameter_is_no_value():
    assert refusal_of([Override("pipeline.parameters.deploy", 1)]) == (
        "error: 'pipeline.parameters.deploy' is a parameter of the pipeline"
        " (write --param deploy=VALUE)"
    )


def test_branch_and_tag_are_those_of_the_call():
    assert refusal_of(
        [Override("pipeline.git.tag", "v1"), Override("pipeline.git.branch", "x")]
    ) == (
        "error: 'pipeline.git.tag' is null for this call (write --tag to have another)\n"
        "error: 'pipeline.git.branch' is \"main\" for this call (write --branch to have another)"
    )


def test_a_branch_that_agrees_with_the_call_may_be_given_too():
    given = [Override("pipeline.git.branch", "main"), Override("pipeline.git.tag", None)]

    assert overridden(VALUES, given) == VALUES
