"""Workflows as a Mermaid flowchart."""

import re
from collections.abc import Iterator, Sequence

from samo.cli.graph.model import Edge, Graph, Node
from samo.pipeline.job import JobType

_SHAPES = {JobType.APPROVAL: ('{{"', '"}}'), JobType.NO_OP: ('(["', '"])')}
_BOX = ('["', '"]')

# Labels are read as Markdown and HTML, after which character references are resolved: what either
# could take for its own goes in as one. Underscores inside of words are nothing to Markdown.
_SPECIAL = re.compile(
    r"""[^\w\s,./():+='-]              # punctuation
    |(?<![^\W_])_|_(?![^\W_])        # emphasis
    |^[-+=\s]|^\d(?=\d*[.)])         # lists, rules, code
    |(?<=:)/(?=/)|(?<=www)[.]        # links
    """,
    re.VERBOSE,
)


def mermaid(graphs: Sequence[Graph]) -> Iterator[str]:
    """Yield the lines of one flowchart, a subgraph for each workflow."""
    yield "flowchart LR"
    off: list[str] = []
    for number, graph in enumerate(graphs):
        note = f" (does not run: {graph.reason})" if graph.reason else ""
        yield f'  subgraph w{number}["{_escaped(f"workflow {graph.name}{note}")}"]'
        yield "    direction LR"
        for position, node in enumerate(graph.nodes):
            yield f"    {_id(number, position)}{_shape(node, graph)}"
            if node.reason:
                off.append(_id(number, position))
        yield "  end"
        for position, node in enumerate(graph.nodes):
            for edge in node.edges:
                arrow = _arrow(edge, [node, graph.nodes[edge.source]])
                yield f"  {_id(number, edge.source)} {arrow} {_id(number, position)}"
    if off:
        yield "  classDef off opacity:0.5,stroke-dasharray:4"
        yield from (f"  class {name} off" for name in off)


def _id(number: int, position: int) -> str:
    return f"w{number}j{position}"


def _shape(node: Node, graph: Graph) -> str:
    begin, end = _SHAPES.get(node.type, _BOX)
    lines = [node.name, *node.marks]
    if node.reason and node.reason != graph.reason:
        lines.append(f"does not run: {node.reason}")
    return f"{begin}{'<br/>'.join(map(_escaped, lines))}{end}"


def _arrow(edge: Edge, ends: Sequence[Node]) -> str:
    arrow = "-.->" if any(node.reason for node in ends) else "-->"
    return f'{arrow}|"{_escaped(edge.label)}"|' if edge.label else arrow


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", text)
