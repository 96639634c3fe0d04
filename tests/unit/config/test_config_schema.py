"""The JSON schema: it is one, it tells editors what each key is for, and it cannot fall behind."""

import jsonschema
import pytest

from samo.config.builtin_steps import STEP_KEYS
from samo.config.executors import IMAGE_KEYS, MACHINE_KEYS
from samo.config.filters import PATTERN_KEYS
from samo.config.matrix import MATRIX_KEYS
from samo.config.parameters import RESERVED
from samo.config.schema import language_schema
from samo.config.schema.parts import mapping
from samo.config.workflows import WORKFLOW_KEYS

SCHEMA = language_schema()


def test_it_is_a_schema_of_draft_7():
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"

    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_reference_leads_to_a_definition():
    wanted = {each["$ref"] for each in parts(SCHEMA) if "$ref" in each}

    assert wanted == {f"#/definitions/{name}" for name in SCHEMA["definitions"]}


def test_every_key_has_a_description():
    silent = {
        name
        for part in parts(SCHEMA)
        if part.get("additionalProperties") is False
        for name, value in part["properties"].items()
        if value and "description" not in value
    }

    assert silent == set()


def test_the_keys_are_those_that_the_decoders_take():
    closed = [
        set(part["properties"])
        for part in parts(SCHEMA)
        if part.get("additionalProperties") is False
    ]
    tables = [
        *STEP_KEYS.values(),
        IMAGE_KEYS,
        MACHINE_KEYS,
        MATRIX_KEYS,
        PATTERN_KEYS,
        WORKFLOW_KEYS,
    ]

    assert [keys for keys in tables if set(keys) not in closed] == []
    assert set(RESERVED) in [set(part.get("properties", ())) for part in parts(SCHEMA)]


def test_a_key_that_the_schema_does_not_describe_is_a_bug_of_ours():
    with pytest.raises(AssertionError, match="new"):
        mapping(("old", "new"), {"old": {}})


@pytest.mark.parametrize(
    "config",
    [
        {"version": 2.1, "jobs": {"a": {"machine": True, "steps": ["b", {"c/d": {"e": 1}}]}}},
        {"version": "2.0", "anchors": {"any": "thing"}},
        {"version": 2.1, "orbs": {"a": "ns/orb@1.2", "b": "ns/orb@<< pipeline.parameters.v >>"}},
        {"version": 2.1, "workflows": {"version": 2, "w": {"jobs": ["a", {"b": {"any": [1]}}]}}},
        {"version": 2.1, "commands": {"c": {"steps": [{"checkout": {"when": "<< x >>"}}]}}},
    ],
)
def test_it_accepts(config):
    jsonschema.validate(config, SCHEMA, jsonschema.Draft7Validator)


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ({"version": 4}, ["version"]),
        ({"setup": "yes"}, ["setup"]),
        ({"orbs": {"a": "ns/orb"}}, ["orbs", "a"]),
        ({"jobs": {"a": {"docker": [{"image": "a"}]}}}, ["jobs", "a"]),
        ({"workflows": {"w": {"jobs": ["a"], "when": True, "unless": True}}}, ["workflows", "w"]),
        ({"parameters": {"p": {"type": "steps", "default": []}}}, ["parameters", "p", "type"]),
    ],
)
def test_it_refuses_and_says_where(part, path):
    errors = jsonschema.Draft7Validator(SCHEMA).iter_errors({"version": 2.1, **part})

    assert [list(error.absolute_path) for error in errors] == [path]


def parts(schema):
    """Yield every mapping within a schema."""
    inner = schema.values() if isinstance(schema, dict) else schema
    if isinstance(schema, dict):
        yield schema
    for each in inner if isinstance(schema, dict | list) else ():
        if isinstance(each, dict | list):
            yield from parts(each)
