"""`orbs`: inline ones, and those of the registry as far as they were handed in (ORB-001 to 012)."""

import re
from collections.abc import Iterator, Mapping

from samo.config.declarations import read_elements
from samo.config.decode import Fields, is_absent, is_unbound, shown
from samo.config.document import Entry, MapNode, Node, ScalarNode, Source, read_document
from samo.config.library import Library, MissingOrb
from samo.config.scope import Scope, evaluate_scalar
from samo.pipeline.problem import ProblemKind

_KEYS = (
    "version", "description", "display", "orbs", "commands", "executors", "jobs", "examples",
)  # fmt: skip
_REFERENCE = re.compile(
    r"[\w.-]+/[\w.-]+@(?:\d+(?:\.\d+){0,2}|volatile|dev:[\w.\-/]+)|https://\S+", re.ASCII
)
MAX_DEPTH = 20


def read_orbs(
    node: Node | None, scope: Scope, given: Mapping[str, Source], path: str = ""
) -> Mapping[str, Library | MissingOrb]:
    """Return what each alias stands for; `given` are the orbs at hand, by their reference.

    `scope` is that of the text around, `path` the aliases that lead to it.
    """
    if node is None or is_absent(node):
        return {}
    if not isinstance(node, MapNode):
        message = f"'orbs' must be a mapping, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, "write 'ALIAS: NAME@VERSION'")
        return {}
    return {entry.key: _read(entry, scope, given, path) for entry in node}


def references(node: Node | None, scope: Scope) -> Iterator[str]:
    """Return the references to orbs outside of the file, those within inline orbs included."""
    if not isinstance(node, MapNode):
        return
    for entry in node:
        if isinstance(entry.node, ScalarNode):
            reference = evaluate_scalar(entry.node, scope)
            if not is_unbound(reference) and _REFERENCE.fullmatch(reference.text):
                yield reference.text
        elif isinstance(entry.node, MapNode):
            yield from references(entry.node.get("orbs"), scope)


def _read(
    entry: Entry, scope: Scope, given: Mapping[str, Source], path: str
) -> Library | MissingOrb:
    inner_path = f"{path}/{entry.key}"
    match entry.node:
        case MapNode():
            return _library(entry.node, scope, given, inner_path)
        case ScalarNode(value=str()):
            return _referenced(entry.node, scope, given, inner_path)
    message = f"the orb '{entry.key}' must be a reference or an inline orb"
    found = f"{message}, found {shown(entry.node)}"
    scope.problems.add(ProblemKind.SCHEMA, found, entry.place, "write 'NAME@VERSION'")
    return MissingOrb(reference=entry.key)


def _library(node: MapNode, scope: Scope, given: Mapping[str, Source], path: str) -> Library:
    Fields(node, f"orb '{path[1:]}'", node.place, scope.problems).allow(_KEYS)
    library = Library(path=scope.library.path, text=scope.library.text, orb=path)
    orbs = read_orbs(node.get("orbs"), scope.within(library), given, path)
    return Library(
        path=library.path,
        text=library.text,
        orb=path,
        elements=read_elements(node, scope.problems),
        orbs=orbs,
    )


def _referenced(
    node: ScalarNode, scope: Scope, given: Mapping[str, Source], path: str
) -> Library | MissingOrb:
    reference = evaluate_scalar(node, scope)
    missing = MissingOrb(reference=reference.text)
    if is_unbound(reference):
        return missing
    if not _REFERENCE.fullmatch(reference.text):
        message = f"'{reference.text}' is no reference to an orb"
        hint = "NAMESPACE/ORB@VERSION, the version as 1.2.3, 1.2, 1, volatile or dev:LABEL"
        scope.problems.add(ProblemKind.ORB_RESOLVE, message, node.place, hint)
        return missing
    source = given.get(reference.text)
    if source is None or path.count("/") > MAX_DEPTH:
        message = f"the orb '{reference.text}' is not at hand"
        hint = "orbs are not fetched yet: write its elements inline below this alias"
        scope.problems.add(ProblemKind.ORB_RESOLVE, message, node.place, hint)
        return missing
    document = read_document(source, scope.problems)
    if not isinstance(document.root, MapNode):
        message = f"the orb '{reference.text}' must be a mapping"
        scope.problems.add(ProblemKind.ORB_RESOLVE, message, node.place)
        return missing
    around = Library(path=document.path, text=document.text, orb=path)
    return _library(document.root, scope.within(around), given, path)
