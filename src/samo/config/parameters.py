"""Declarations of parameters (PAR-001 to PAR-008)."""

import re
from collections.abc import Mapping
from enum import StrEnum

from samo.config.decode import Fields, is_absent, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.problems import Problems
from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind

RESERVED = (
    "name", "requires", "context", "type", "filters", "matrix", "pre-steps", "post-steps",
    "serial-group", "override-with",
)  # fmt: skip
"""The keys of a job's invocation, which no parameter of a job may bear (PAR-008)."""

PARAMETER_KEYS = ("type", "description", "default", "enum")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_PIPELINE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


class ParameterType(StrEnum):
    """The types of the language; there is no number, list or map (PAR-004)."""

    STRING = "string"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    ENUM = "enum"
    EXECUTOR = "executor"
    STEPS = "steps"
    ENV_VAR_NAME = "env_var_name"


PIPELINE_TYPES = (
    ParameterType.STRING,
    ParameterType.BOOLEAN,
    ParameterType.INTEGER,
    ParameterType.ENUM,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A declared parameter; `type` is None where the declaration is wrong: then any value fits.

    `default` is as written, its tags still in it; None where an argument is required.
    """

    name: str
    type: ParameterType | None
    default: Node | None
    options: tuple[object, ...] = ()
    place: Place


def read_parameters(
    node: Node | None, *, kind: str, title: str, problems: Problems
) -> Mapping[str, Parameter]:
    """Return the parameters that an element declares; `kind` is job, command or executor."""
    if node is None or is_absent(node):
        return {}
    if not isinstance(node, MapNode):
        message = f"'parameters' of {title} must be a mapping, found {shown(node)}"
        problems.add(ProblemKind.SCHEMA, message, node.place)
        return {}
    for entry in node:
        _check_name(entry, kind, problems)
    return {entry.key: _read(entry, kind, problems) for entry in node}


def _check_name(entry: Entry, kind: str, problems: Problems) -> None:
    if kind == "job" and entry.key in RESERVED:
        message = f"'{entry.key}' is reserved: every invocation of a job has it"
        problems.add(ProblemKind.SCHEMA, message, entry.place, "name the parameter otherwise")
    pattern = _PIPELINE_NAME if kind == "pipeline" else _NAME
    if not pattern.fullmatch(entry.key):
        message = f"the parameter name '{entry.key}' deviates from CircleCI's grammar"
        letters = "letters, digits, '_', '-' and '.'"
        if kind != "pipeline":
            letters = "lower-case letters, digits, '_' and '-'"
        problems.warn(ProblemKind.SCHEMA, message, entry.place, f"{letters}, a letter first")


def _read(entry: Entry, kind: str, problems: Problems) -> Parameter:
    title = f"parameter '{entry.key}'"
    if not isinstance(entry.node, MapNode):
        message = f"{title} must be a mapping with 'type', found {shown(entry.node)}"
        place = entry.place if is_absent(entry.node) else entry.node.place
        problems.add(ProblemKind.SCHEMA, message, place)
        return Parameter(name=entry.key, type=None, default=None, place=entry.place)
    fields = Fields(entry.node, title, entry.place, problems)
    fields.allow(PARAMETER_KEYS)
    parameter_type = _type(fields, entry, kind, problems)
    default = entry.node.get("default")
    if kind == "pipeline" and default is None:
        message = f"pipeline {title} needs a default"
        problems.add(ProblemKind.SCHEMA, message, entry.place, "add 'default:'")
        parameter_type = None
    options = _options(fields, entry, parameter_type, problems)
    if parameter_type is ParameterType.ENUM and not options:
        parameter_type = None
    return Parameter(
        name=entry.key, type=parameter_type, default=default, options=options, place=entry.place
    )


def _type(fields: Fields, entry: Entry, kind: str, problems: Problems) -> ParameterType | None:
    if not fields.require("type"):
        return None
    chosen = fields.choice("type", tuple(ParameterType), "")
    if not chosen:
        return None
    found = ParameterType(chosen)
    allowed = PIPELINE_TYPES if kind in ("pipeline", "executor") else tuple(ParameterType)
    if found in allowed:
        return found
    message = f"{kind} parameter '{entry.key}' cannot be of type {found}"
    problems.add(ProblemKind.SCHEMA, message, entry.place, f"one of {', '.join(allowed)}")
    return None


def _options(
    fields: Fields, entry: Entry, parameter_type: ParameterType | None, problems: Problems
) -> tuple[object, ...]:
    node = fields.node.get("enum")
    if parameter_type is not ParameterType.ENUM:
        return ()
    if node is None or (isinstance(node, ListNode) and not node.items):
        message = f"enum parameter '{entry.key}' needs the list of its values"
        place = entry.place if node is None else node.place
        problems.add(ProblemKind.SCHEMA, message, place, "add 'enum: [...]'")
        return ()
    if not isinstance(node, ListNode):
        message = f"'enum' of parameter '{entry.key}' must be a list, found {shown(node)}"
        problems.add(ProblemKind.SCHEMA, message, node.place)
        return ()
    for item in node.items:
        if not isinstance(item, ScalarNode) or is_absent(item):
            message = f"a value of enum parameter '{entry.key}' must be text, found {shown(item)}"
            problems.add(ProblemKind.SCHEMA, message, item.place)
    return tuple(item.value for item in node.items if isinstance(item, ScalarNode))
