"""A workflow as a tree of lines: each job once, below the latest of the jobs that it waits for."""

from collections import deque
from collections.abc import Iterator, Sequence

from samo.cli.graph.model import Edge, Graph, Node
from samo.pipeline.dataclass import dataclass

_DEEPEST = 24  # below that, a branch goes on at the margin: lines stay lines, whatever the config
_NAMED = 3  # of the other jobs that a job waits for


@dataclass(frozen=True, slots=True)
class Strokes:
    """The strokes that a tree is drawn with, as long as each other."""

    tee: str
    elbow: str
    bar: str
    blank: str


_LINES = Strokes("├─ ", "└─ ", "│  ", "   ")
_ASCII = Strokes("|- ", "`- ", "|  ", "   ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the tree: strokes and a name, what there is to say of it, and whether it runs."""

    text: str
    notes: str
    runs: bool


def strokes_for(encoding: str) -> Strokes:
    """Return the strokes that a stream of that encoding can say."""
    try:
        "".join((_LINES.tee, _LINES.elbow, _LINES.bar)).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return _ASCII
    return _LINES


def tree(graph: Graph, strokes: Strokes) -> Iterator[Line]:
    """Yield the workflow's name and its jobs; a job that waits for several refers to the others."""
    notes = f"does not run: {graph.reason}" if graph.reason else ""
    yield Line(text=f"workflow {graph.name}", notes=notes, runs=not graph.reason)
    yield from _Tree(graph, strokes).lines()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Twig:
    """A job that is still to be drawn, and where."""

    position: int
    indent: str
    depth: int
    is_last: bool
    is_cut: bool


class _Tree:
    """The jobs of a workflow by what they are drawn below, and the branches that were cut."""

    def __init__(self, graph: Graph, strokes: Strokes) -> None:
        self._graph = graph
        self._strokes = strokes
        self._anchors = [_anchor(node, graph.nodes) for node in graph.nodes]
        self._below: dict[int | None, list[int]] = {}
        for position, anchor in enumerate(self._anchors):
            self._below.setdefault(anchor.source if anchor else None, []).append(position)
        self._cut: deque[int] = deque()

    def lines(self) -> Iterator[Line]:
        """Yield all jobs; what was cut follows at the margin."""
        yield from self._branches(None)
        while self._cut:
            head = self._cut.popleft()
            node = self._graph.nodes[head]
            yield Line(text=node.name, notes="continued", runs=not node.reason)
            yield from self._branches(head)

    def _branches(self, head: int | None) -> Iterator[Line]:
        waiting = self._twigs(head, "", 0)
        while waiting:
            twig = waiting.pop()
            yield self._line(twig)
            if twig.is_cut:
                self._cut.append(twig.position)
                continue
            indent = twig.indent + (self._strokes.blank if twig.is_last else self._strokes.bar)
            waiting += self._twigs(twig.position, indent, twig.depth + 1)

    def _twigs(self, head: int | None, indent: str, depth: int) -> list[_Twig]:
        """Return the twigs below a job, the first at the end: they are taken from there."""
        positions = self._below.get(head, [])
        return [
            _Twig(
                position=position,
                indent=indent,
                depth=depth,
                is_last=position == positions[-1],
                is_cut=depth == _DEEPEST and position in self._below,
            )
            for position in reversed(positions)
        ]

    def _line(self, twig: _Twig) -> Line:
        node = self._graph.nodes[twig.position]
        notes = list(_notes(node, self._anchors[twig.position], self._graph))
        if twig.is_cut:
            notes.append("continues below")
        stroke = self._strokes.elbow if twig.is_last else self._strokes.tee
        text = f"{twig.indent}{stroke}{node.name}"
        return Line(text=text, notes="; ".join(notes), runs=not node.reason)


def _anchor(node: Node, nodes: Sequence[Node]) -> Edge | None:
    """Return the requirement below which a job is drawn: the last one of the latest stage."""
    return max(reversed(node.edges), key=lambda edge: nodes[edge.source].stage, default=None)


def _notes(node: Node, anchor: Edge | None, graph: Graph) -> Iterator[str]:
    if anchor and anchor.label:
        yield f"on {anchor.label}"
    yield from node.marks
    others = [edge for edge in node.edges if edge is not anchor]
    if others:
        named = [_named(edge, graph) for edge in others[:_NAMED]]
        if len(others) > _NAMED:
            named.append(f"{len(others) - _NAMED} more")
        yield f"also after {', '.join(named)}"
    if node.reason and node.reason != graph.reason:
        yield f"does not run: {node.reason}"


def _named(edge: Edge, graph: Graph) -> str:
    name = graph.nodes[edge.source].name
    return f"{name} ({edge.label})" if edge.label else name
