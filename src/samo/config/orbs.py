"""`orbs`: what an alias stands for, inline or handed in by its reference (ORB-001 to 013)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from samo.config.declarations import read_elements
from samo.config.decode import Fields, is_absent, is_unbound, shown
from samo.config.document import (
    Document,
    Entry,
    MapNode,
    Node,
    ScalarNode,
    Source,
    read_document,
)
from samo.config.library import Library, MissingOrb
from samo.config.problems import Problems
from samo.config.scope import Budget, Scope, evaluate_scalar
from samo.config.usage import Usage
from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind

ORB_KEYS = (
    "version", "description", "display", "orbs", "commands", "executors", "jobs", "examples",
)  # fmt: skip
REFERENCE = re.compile(
    r"[\w.-]+/[\w.-]+@(?:\d+(?:\.\d+){0,2}|volatile|dev:[\w.\-/]+)|https://[!-~]+", re.ASCII
)
MAX_DEPTH = 20
"""How many orbs may import one another in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrbFault:
    """Why an orb is not at hand; a problem without a place is told at the orb's reference."""

    problems: tuple[Problem, ...]


Orb = Source | Document | OrbFault
"""What is handed in for a reference: a text, a tree (of several files, perhaps), or a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How the text at hand was reached: `path` by aliases, `chain` by references.

    `origin` is where the user's file names the first of these; `libraries` are those read so far.
    """

    given: Mapping[str, Orb]
    libraries: dict[str, Library]
    path: str = ""
    chain: tuple[str, ...] = ()
    origin: Place | None = None


def read_orbs(
    node: Node | None, scope: Scope, given: Mapping[str, Orb]
) -> Mapping[str, Library | MissingOrb]:
    """Return what each alias of the user's file stands for; `given` are the orbs by reference."""
    return _read_all(node, scope, _Way(given=given, libraries={}))


def references(node: Node | None, scope: Scope) -> Iterator[str]:
    """Return the references to orbs outside of the file, those within inline orbs included."""
    if not isinstance(node, MapNode):
        return
    for entry in node:
        if isinstance(entry.node, ScalarNode):
            reference = evaluate_scalar(entry.node, scope)
            if not is_unbound(reference) and is_reference(reference.text):
                yield reference.text
        elif isinstance(entry.node, MapNode):
            yield from references(entry.node.get("orbs"), scope)


def nested_orbs(orb: Document, *, values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the references of the orbs that an orb imports itself, each once (ORB-010)."""
    if not isinstance(orb.root, MapNode):
        return ()
    scope = Scope(
        problems=Problems(),
        budget=Budget(),
        usage=Usage(),
        library=Library(path=orb.path, text=orb.text),
        values=values,
    )
    return tuple(dict.fromkeys(references(orb.root.get("orbs"), scope)))


def read_orb(source: Source) -> Document | OrbFault:
    """Return an orb's text as a tree, or what keeps it from being one."""
    problems = Problems()
    try:
        document = read_document(source, problems)
        problems.raise_errors()
    except ConfigError as error:
        return OrbFault(problems=error.problems)
    return document


def is_reference(text: str) -> bool:
    """Whether a text names an orb in the registry or at an address (ORB-002, 003, 013)."""
    return REFERENCE.fullmatch(text) is not None


def _read_all(node: Node | None, scope: Scope, way: _Way) -> Mapping[str, Library | MissingOrb]:
    if node is None or is_absent(node):
        return {}
    if not isinstance(node, MapNode):
        message = f"'orbs' must be a mapping, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, "write 'ALIAS: NAME@VERSION'")
        return {}
    return {entry.key: _read(entry, scope, way) for entry in node}


def _read(entry: Entry, scope: Scope, way: _Way) -> Library | MissingOrb:
    inner = replace(way, path=f"{way.path}/{entry.key}")
    match entry.node:
        case MapNode():
            return _library(entry.node, scope, inner)
        case ScalarNode(value=str()):
            return _referenced(entry.node, scope, inner)
    message = f"the orb '{entry.key}' must be a reference or an inline orb"
    found = f"{message}, found {shown(entry.node)}"
    scope.problems.add(ProblemKind.SCHEMA, found, entry.place, "write 'NAME@VERSION'")
    return MissingOrb(reference=entry.key)


def _library(node: MapNode, scope: Scope, way: _Way) -> Library:
    Fields(node, f"orb '{way.path[1:]}'", node.place, scope.problems).allow(ORB_KEYS)
    library = Library(path=scope.library.path, text=scope.library.text, orb=way.path)
    return replace(
        library,
        elements=read_elements(node, scope.problems),
        orbs=_read_all(node.get("orbs"), scope.within(library), way),
    )


def _referenced(node: ScalarNode, scope: Scope, way: _Way) -> Library | MissingOrb:
    reference = evaluate_scalar(node, scope)
    if is_unbound(reference):
        return MissingOrb(reference=reference.text)
    if not is_reference(reference.text):
        message = f"'{reference.text}' is no reference to an orb"
        hint = "NAMESPACE/ORB@VERSION, the version as 1.2.3, 1.2, 1, volatile or dev:LABEL"
        scope.problems.add(ProblemKind.ORB_RESOLVE, message, node.place, hint)
        return MissingOrb(reference=reference.text)
    return _imported(reference.text, node.place, scope, way)


def _imported(reference: str, place: Place, scope: Scope, way: _Way) -> Library | MissingOrb:
    """Return the library behind a reference: one, however many aliases it has."""
    if reference in way.libraries:
        return way.libraries[reference]
    orb = _at_hand(reference, way)
    origin = way.origin or place
    if isinstance(orb, OrbFault):
        _note(orb, reference, origin, scope, way)
        return MissingOrb(reference=reference)
    assert isinstance(orb.root, MapNode)  # _at_hand has looked
    for path in (orb.path, *orb.files):
        scope.problems.uses.note_orb(path, reference, place)
    library = Library(path=orb.path, text=orb.text, orb=way.path)
    inner = replace(way, chain=(*way.chain, reference), origin=origin)
    way.libraries[reference] = _library(orb.root, scope.within(library), inner)
    return way.libraries[reference]


def _at_hand(reference: str, way: _Way) -> Document | OrbFault:
    if reference in way.chain:
        circle = " -> ".join((*way.chain, reference))
        return _fault(f"the orb '{reference}' imports itself", circle)
    if len(way.chain) >= MAX_DEPTH:
        return _fault(f"more than {MAX_DEPTH} orbs import one another in a row", reference)
    orb = way.given.get(reference)
    if orb is None:
        return _fault(f"the orb '{reference}' is not at hand", ways_out(reference))
    if isinstance(orb, Source):
        orb = read_orb(orb)
    if isinstance(orb, Document) and not isinstance(orb.root, MapNode):
        found = shown(orb.root) if orb.root else "nothing"
        return _fault(f"the orb '{reference}' must be a mapping, found {found}", orb.path)
    return orb


def ways_out(reference: str) -> str:
    """Return what can be done where an orb is not at hand (ORB-021)."""
    setting = f'name a copy in [tool.samo.orbs]: \'"{reference}" = "PATH"\''
    return f"{setting}, or run 'samo config vendor' with a network"


def _note(fault: OrbFault, reference: str, place: Place, scope: Scope, way: _Way) -> None:
    """ORB-004: what has no place of its own is told in the user's file."""
    problems = scope.problems
    importer = f"'{way.chain[-1]}' imports it" if way.chain else ""
    for problem in fault.problems:
        if problem.place:
            problems.uses.note_orb(problem.place.path, reference, place)
            problems.add(problem.kind, problem.message, problem.place, problem.hint)
        else:
            hint = "; ".join(filter(None, (importer, problem.hint)))
            problems.add(problem.kind, problem.message, place, hint)


def _fault(message: str, hint: str) -> OrbFault:
    return OrbFault(problems=(Problem(kind=ProblemKind.ORB_RESOLVE, message=message, hint=hint),))
