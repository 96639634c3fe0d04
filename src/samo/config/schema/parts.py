"""What the schemas of all parts of a config are made of.

A schema is written for editors: they show its descriptions, complete its keys, and mark what no
config may hold. So what only an invocation knows is let pass: wherever a value may be a tag, a
text with `<<` in it is accepted (PAR-030), and a key without a value counts as left out.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

TAG: Schema = {"type": "string", "pattern": "<<"}
NAME: Schema = {"type": ["string", "number", "boolean"]}
"""A text that has to be there; a number or a boolean is one as it is written."""

TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
FLAG: Schema = {"anyOf": [{"type": ["boolean", "null"]}, TAG]}
TEXTS: Schema = {"anyOf": [{"type": "array", "items": NAME}, {"type": "null"}, TAG]}
TEXT_OR_TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": NAME}]}


def ref(name: str) -> Schema:
    """Return a reference to one of the schema's definitions."""
    return {"$ref": f"#/definitions/{name}"}


def told(schema: Schema, description: str) -> Schema:
    """Return a schema with what an editor shows of it; a reference may have nothing beside it."""
    inner = {"allOf": [schema]} if "$ref" in schema else schema
    return {**inner, "description": description}


def choice(options: Iterable[str]) -> Schema:
    """Return the schema of one of several words."""
    return {"anyOf": [{"enum": [*map(str, options), None]}, TAG]}


def integer(least: int, most: int | None = None) -> Schema:
    """Return the schema of a whole number."""
    limits = {"minimum": least} if most is None else {"minimum": least, "maximum": most}
    return {"anyOf": [{"type": "integer", **limits}, TAG]}


def matching(pattern: re.Pattern[str]) -> Schema:
    """Return the schema of a text that a pattern fits as a whole."""
    return {"anyOf": [{"type": "string", "pattern": f"^(?:{pattern.pattern})$"}, TAG]}


def or_null(schema: Schema) -> Schema:
    """Return the schema of what may be left empty."""
    return {"anyOf": [schema, {"type": "null"}]}


def mapping(
    keys: Iterable[str], properties: Mapping[str, Schema], required: Iterable[str] = ()
) -> Schema:
    """Return the schema of a mapping with the keys that its decoder takes, and no others.

    `properties` has one for each: where the language grows, the schema cannot be made without it.
    """
    keys = tuple(keys)
    assert set(keys) == set(properties), f"to describe: {set(keys) ^ set(properties)}"
    closed: Schema = {
        "type": "object",
        "properties": {key: properties[key] for key in keys},
        "additionalProperties": False,
    }
    return {**closed, "required": list(required)} if required else closed


def named(schema: Schema, description: str) -> Schema:
    """Return the schema of a section: names, each with what `schema` says."""
    section = {"type": ["object", "null"], "additionalProperties": schema}
    return told(section, description)
