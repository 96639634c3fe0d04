"""The commands, jobs, executors and orbs that names stand for in one file or orb."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum

from samo.config.document import MapNode, Node, ScalarNode
from samo.config.parameters import Parameter
from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place


class Kind(StrEnum):
    """What an element is."""

    COMMAND = "command"
    JOB = "job"
    EXECUTOR = "executor"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Element:
    """A declared command, job or executor, its parameters still in it."""

    kind: Kind
    name: str
    place: Place
    body: Node
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """How messages call it."""
        return f"{self.kind} '{self.name}'"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingOrb:
    """What is not at hand, for a reason already noted: an orb, or an element that is none.

    Whatever it should hold is taken to exist.
    """

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Library:
    """What names mean in one file or orb; `orb` is "" for the user's own file."""

    path: str
    text: str
    orb: str = ""
    elements: Mapping[Kind, Mapping[str, Element]] = field(default_factory=dict)
    orbs: "Mapping[str, Library | MissingOrb]" = field(default_factory=dict)

    def names(self, kind: Kind) -> Iterator[str]:
        """Return all names of a kind that can be used here, those of orbs included."""
        yield from self.elements.get(kind, {})
        for alias, orb in self.orbs.items():
            if isinstance(orb, Library):
                yield from (f"{alias}/{name}" for name in orb.elements.get(kind, {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An element, its body, and the library in which its own names have their meaning."""

    element: Element
    body: MapNode
    library: Library


def find(library: Library, kind: Kind, name: str) -> Found | MissingOrb | None:
    """Return what a name stands for; None where nothing has it (ORB-006: one slash only)."""
    seen: set[tuple[int, str]] = set()
    while (id(library), name) not in seen:  # else it is an alias of itself
        seen.add((id(library), name))
        element = library.elements.get(kind, {}).get(name)
        if element is None:
            alias, slash, rest = name.partition("/")
            orb = library.orbs.get(alias) if slash else None
            if orb is None or isinstance(orb, MissingOrb):
                return orb
            if "/" in rest:
                return None
            library, name = orb, rest
        elif isinstance(element.body, MapNode):
            return Found(element=element, body=element.body, library=library)
        elif isinstance(element.body, ScalarNode) and isinstance(element.body.value, str):
            name = element.body.text  # JOB-002, EXE-002: it stands for the element of an orb
        else:
            return MissingOrb(reference=name)
    return None
