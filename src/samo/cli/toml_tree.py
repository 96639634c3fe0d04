"""TOML as a located tree, so that one decoder reads configs and settings."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind


def read_toml(path: Path, text: str) -> dict[str, Any]:
    """Return a TOML file's tables; raises ConfigError with the place of a fault."""
    import tomllib  # noqa: PLC0415 - only where there are settings

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+), column (\d+)", str(error))
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        message = f"not valid TOML: {str(error).split(' (at')[0]}"
        raise ConfigError(
            Problem(kind=ProblemKind.SCHEMA, message=message, place=Place(str(path), line, column))
        ) from error


def located(
    value: object,
    path: Path,
    text: str,
    keys: tuple[str, ...] = (),
    *,
    within: Place | None = None,
) -> Node:
    """Return a TOML value as a located tree, so that one decoder reads configs and settings.

    tomllib knows no positions: a key is looked for in the lines below its table's header. What
    is not found, as in a table within a line, stands where `within` does, what it is part of.
    """
    place = _place(path, text, keys) or within or Place(str(path), 1, 1)
    if isinstance(value, dict):
        nodes = {
            key: located(each, path, text, (*keys, key), within=place)
            for key, each in value.items()
        }
        return MapNode(place, {key: Entry(key, node.place, node) for key, node in nodes.items()})
    if isinstance(value, list):
        return ListNode(place, tuple(located(each, path, text, keys) for each in value))
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return ScalarNode(place, shown, value)


def _place(path: Path, text: str, keys: Iterable[str]) -> Place | None:
    *table, key = list(keys) or [""]
    header = f"[{'.'.join(table)}]"
    whole = f"[{'.'.join([*table, key])}]"
    assignment = re.compile(rf"([\"']?){re.escape(key)}\1\s*=")
    inside = not table
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            stripped = re.sub("[\"']", "", stripped)
            inside = stripped.startswith(header)
        if stripped.startswith(whole) or (inside and assignment.match(stripped)):
            return Place(str(path), number, len(line) - len(line.lstrip()) + 1)
    return None
