"""Workflows in Graphviz's DOT."""

from collections.abc import Iterator, Mapping, Sequence

from samo.cli.graph.model import Graph, Node
from samo.pipeline.job import JobType

_SHAPES = {JobType.APPROVAL: "hexagon", JobType.NO_OP: "ellipse"}
_OFF = {"style": "dashed", "color": "gray60", "fontcolor": "gray60"}


def dot(graphs: Sequence[Graph]) -> Iterator[str]:
    """Yield the lines of one digraph, a cluster for each workflow."""
    yield "digraph pipeline {"
    yield "  rankdir=LR;"
    yield '  node [shape="box", fontname="sans-serif"];'
    yield '  edge [fontname="sans-serif"];'
    for number, graph in enumerate(graphs):
        yield f"  subgraph cluster_{number} {{"
        note = [f"does not run: {graph.reason}"] if graph.reason else []
        yield f"    label={_quoted(f'workflow {graph.name}', *note)};"
        for position, node in enumerate(graph.nodes):
            yield f"    w{number}j{position}{_attributes(_looks(node, graph))};"
        for position, node in enumerate(graph.nodes):
            for edge in node.edges:
                off = node.reason or graph.nodes[edge.source].reason
                looks = {"label": _quoted(edge.label)} if edge.label else {}
                looks |= _OFF if off else {}
                yield f"    w{number}j{edge.source} -> w{number}j{position}{_attributes(looks)};"
        yield "  }"
    yield "}"


def _looks(node: Node, graph: Graph) -> dict[str, str]:
    lines = [node.name, *node.marks]
    if node.reason and node.reason != graph.reason:
        lines.append("does not run")
    looks = {"label": _quoted(*lines)}
    if node.type in _SHAPES:
        looks["shape"] = _SHAPES[node.type]
    return looks | (_OFF | {"tooltip": _quoted(node.reason)} if node.reason else {})


def _attributes(looks: Mapping[str, str]) -> str:
    return f" [{', '.join(f'{name}={value}' for name, value in looks.items())}]" if looks else ""


def _quoted(*lines: str) -> str:
    r"""Return lines as one string of DOT: it knows `\` escapes, and references of HTML, too."""
    escaped = (
        line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in lines
    )
    return '"' + "\\n".join(escaped) + '"'
