"""Problems as text for people, JSON for programs, and annotations for GitHub."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from samo.cli.terminal_text import one_line
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, Related


def text_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Return a line for each problem: `PATH:LINE:COLUMN: error: message (hint)`."""
    return (one_line(str(problem)) for problem in problems)


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain data; it has no position where the call is wrong."""
    return {
        "kind": problem.kind,
        "message": problem.message,
        **_position(problem.place),
        "hint": problem.hint,
        "related": [_related_json(each) for each in problem.related],
    }


def github_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Return a workflow command for each problem, which GitHub shows beside the line.

    Columns count characters; GitHub leaves open what it counts.
    """
    for problem in problems:
        properties = {"title": str(problem.kind)}
        if place := problem.place:
            properties = {
                "file": place.path,
                "line": str(place.line),
                "col": str(place.column),
                **properties,
            }
        given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        yield f"::{problem.severity} {given}::{_data(full_message(problem))}"


def full_message(problem: Problem) -> str:
    """Return the fact and the remedy, for formats that tell the place apart."""
    return f"{problem.message} ({problem.hint})" if problem.hint else problem.message


def pretty_json(answer: object) -> str:
    """Return JSON for people and programs; in ASCII, so that nothing in it acts on a terminal."""
    return json.dumps(answer, indent=2)


def _related_json(related: Related) -> dict[str, Any]:
    return {"message": related.message, **_position(related.place)}


def _position(place: Place | None) -> dict[str, Any]:
    return {
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
