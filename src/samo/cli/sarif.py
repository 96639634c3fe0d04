"""Problems as SARIF 2.1.0, the exchange format of tools that look at source code."""

import os
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import samo
from samo.cli.problem_formats import full_message
from samo.pipeline.place import Place
from samo.pipeline.problem import Problem, ProblemKind, Related

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_DESCRIPTIONS = {
    ProblemKind.CONFIG_MISSING: "The config cannot be read.",
    ProblemKind.YAML_SYNTAX: "The file is not valid YAML.",
    ProblemKind.YAML_DUPLICATE_KEY: "A key stands twice in one mapping.",
    ProblemKind.VERSION: "The version is missing or unknown.",
    ProblemKind.SCHEMA: "A key or a value is not one that the language has here.",
    ProblemKind.UNKNOWN_REFERENCE: "A name stands for nothing.",
    ProblemKind.PARAM_MISSING: "A required argument is not given.",
    ProblemKind.PARAM_UNEXPECTED: "An argument is given that no parameter takes.",
    ProblemKind.PARAM_TYPE: "A value does not have the type of its parameter.",
    ProblemKind.PARAM_UNDECLARED: "A parameter is referred to and not declared.",
    ProblemKind.INTERPOLATION: "A tag << >> is not closed, or names no value.",
    ProblemKind.LOGIC: "A condition is no logic statement.",
    ProblemKind.EXPRESSION_SYNTAX: "An expression cannot be read.",
    ProblemKind.EXPRESSION_TYPE: "An operator does not take values of this type.",
    ProblemKind.GRAPH: "The jobs of a workflow do not fit together.",
    ProblemKind.MATRIX: "A matrix has no combinations.",
    ProblemKind.FILTER: "A filter is no regular expression.",
    ProblemKind.ORB_RESOLVE: "An orb is not at hand.",
    ProblemKind.DYNAMIC: "A setup pipeline breaks its rules.",
    ProblemKind.UNSUPPORTED_LOCALLY: "Only the cloud can do this.",
    ProblemKind.UNUSED: "Something is declared or saved, and never used.",
    ProblemKind.NO_EFFECT: "Something is written that has no effect.",
    ProblemKind.DEPRECATED: "Something is written in a way that CircleCI gives up.",
}


def sarif_log(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the log of one check; columns count characters, as everywhere in samo."""
    kinds = list(dict.fromkeys(problem.kind for problem in problems))
    driver = {"name": "samo", "version": samo.__version__, "rules": [_rule(kind) for kind in kinds]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, kinds) for problem in problems],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: ProblemKind) -> dict[str, Any]:
    return {"id": kind, "shortDescription": {"text": _DESCRIPTIONS.get(kind, f"{kind}.")}}


def _result(problem: Problem, kinds: list[ProblemKind]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.kind,
        "ruleIndex": kinds.index(problem.kind),
        "level": problem.severity,
        "message": {"text": full_message(problem)},
    }
    if problem.place:
        result["locations"] = [{"physicalLocation": _physical(problem.place)}]
    if problem.related:
        result["relatedLocations"] = [_related(*each) for each in enumerate(problem.related, 1)]
    return result


def _related(number: int, related: Related) -> dict[str, Any]:
    return {
        "id": number,
        "message": {"text": related.message},
        "physicalLocation": _physical(related.place),
    }


def _physical(place: Place) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": _uri(place.path)},
        "region": {"startLine": place.line, "startColumn": place.column},
    }


def _uri(path: str) -> str:
    """Return a path as a URI; a relative one stays relative, to wherever the reader looks."""
    quoted = quote(os.fsencode(path))
    return f"file://{quoted}" if PurePath(path).is_absolute() else quoted
