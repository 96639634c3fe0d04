"""The commands, jobs and executors that a file or an orb declares, by name (CFG-005, ORB-007)."""

import re
from collections.abc import Mapping

from samo.config.decode import is_absent, shown
from samo.config.document import Entry, MapNode, Node, ScalarNode
from samo.config.library import Element, Kind
from samo.config.parameters import read_parameters
from samo.config.problems import Problems
from samo.pipeline.problem import ProblemKind

_SECTIONS = {Kind.COMMAND: "commands", Kind.JOB: "jobs", Kind.EXECUTOR: "executors"}
_KINDS_WITHOUT_TAGS = (Kind.JOB,)
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_JOB_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ -]*")


def read_elements(
    root: MapNode, problems: Problems, *, is_old: bool = False
) -> Mapping[Kind, Mapping[str, Element]]:
    """Return what a file declares; a file of version 2 (`is_old`) has nothing but jobs."""
    kinds = _KINDS_WITHOUT_TAGS if is_old else tuple(Kind)
    return {kind: _section(kind, root, problems) for kind in kinds}


def _section(kind: Kind, root: MapNode, problems: Problems) -> Mapping[str, Element]:
    section = _SECTIONS[kind]
    node = root.get(section)
    if node is None or is_absent(node):
        return {}
    if not isinstance(node, MapNode):
        message = f"'{section}' must be a mapping, found {shown(node)}"
        problems.add(ProblemKind.SCHEMA, message, node.place, f"write 'NAME:' of each {kind}")
        return {}
    return {entry.key: _element(kind, entry, problems) for entry in node}


def _element(kind: Kind, entry: Entry, problems: Problems) -> Element:
    title = f"{kind} '{entry.key}'"
    body: Node = entry.node
    pattern = _JOB_NAME if kind is Kind.JOB else _NAME
    if not pattern.fullmatch(entry.key):
        message = f"the name of the {title} deviates from CircleCI's grammar"
        hint = "a letter first, then letters, digits, '_' and '-'; capitals in jobs only"
        problems.warn(ProblemKind.SCHEMA, message, entry.place, hint)
    if not isinstance(body, MapNode) and not _is_alias(body):
        message = f"the {title} must be a mapping, found {shown(body)}"
        place = entry.place if is_absent(body) else body.place
        problems.add(ProblemKind.SCHEMA, message, place, "indent its keys below its name")
    parameters = body.get("parameters") if isinstance(body, MapNode) else None
    return Element(
        kind=kind,
        name=entry.key,
        place=entry.place,
        body=body,
        parameters=read_parameters(parameters, kind=kind, title=title, problems=problems),
    )


def _is_alias(node: Node) -> bool:
    return isinstance(node, ScalarNode) and isinstance(node.value, str)
