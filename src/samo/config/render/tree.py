"""The fields of a value as a config writes them: what is at its default is left out."""

import dataclasses
from typing import Any

Tree = str | int | list["Tree"] | dict[str, "Tree"]
"""A piece of a document, as YAML and JSON know it."""

_PAIRS = frozenset({"environment", "auth", "aws_auth", "gcp_auth"})


def set_fields(value: Any) -> dict[str, Tree]:  # noqa: ANN401
    """Return the fields that differ from their default, but for places.

    They are called as the keys of a config.
    """
    found: dict[str, Tree] = {}
    for field in dataclasses.fields(value):
        given = getattr(value, field.name)
        if field.name != "place" and given != field.default:
            found[field.name] = dict(given) if field.name in _PAIRS else _plain(given)
    return found


def _plain(value: Any) -> Tree:  # noqa: ANN401
    match value:
        case bool() | int():
            return value
        case tuple():
            return [str(item) for item in value]
    return str(value)
