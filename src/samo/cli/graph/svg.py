"""Workflows as one self-contained SVG, which follows a light and a dark page alike."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from unicodedata import east_asian_width

from samo.cli.graph.layout import Layout, Way, lay_out
from samo.cli.graph.model import Graph, Node
from samo.pipeline.job import JobType

# All in pixels. The widths are those of a monospaced font, in which a box can be measured.
_LETTER, _SMALL_LETTER = 7.9, 6.7
_PADDING = 12
_LINE, _MARK_LINE = 28, 14
_SPACE, _WAYPOINT = 14, 14  # below a job; for a line that passes
_GAP = 44
_MARGIN = 20
_TITLE = 34
_LONGEST, _LONGEST_TITLE = 48, 120  # letters of a label; the tooltip of a job has all of it

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_STYLE = """
  .ground { fill: #ffffff }
  text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1f2328 }
  text.small, text.said { font-size: 11px; fill: #57606a }
  text.said { text-anchor: middle; paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
  text.title { font-weight: bold }
  .job { fill: #f6f8fa; stroke: #57606a }
  .approval { fill: #fff8c5; stroke: #9a6700 }
  .no-op { fill: none }
  .way { fill: none; stroke: #57606a }
  .tip { fill: #57606a }
  .off { opacity: 0.5; stroke-dasharray: 4 3 }
  text.off { stroke-dasharray: none }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 }
    text { fill: #e6edf3 }
    text.small, text.said { fill: #9198a1 }
    text.said { stroke: #0d1117 }
    .job { fill: #161b22; stroke: #9198a1 }
    .approval { fill: #3a2d00; stroke: #d29922 }
    .no-op { fill: none }
    .way { stroke: #9198a1 }
    .tip { fill: #9198a1 }
  }
"""


def svg(graphs: Sequence[Graph]) -> Iterator[str]:
    """Yield the lines of one picture, the workflows below each other."""
    drawings = [_Drawing(graph) for graph in graphs]
    width = max((drawing.width for drawing in drawings), default=0) + 2 * _MARGIN
    height = sum(drawing.height for drawing in drawings) + 2 * _MARGIN
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="Workflows">'
    )
    yield f"<style>{_STYLE}</style>"
    yield (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    yield '<rect class="ground" width="100%" height="100%"/>'
    top: float = _MARGIN
    for drawing in drawings:
        yield f'<g transform="translate({_MARGIN} {top:.0f})">'
        yield from drawing.elements()
        yield "</g>"
        top += drawing.height
    yield "</svg>"


class _Drawing:
    """One workflow, measured."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._layout = lay_out(graph, self._room)
        self._widths = [_width(node) for node in graph.nodes]
        self._lefts, self._rights = _sides(graph, self._layout, self._widths)
        reason = f" (does not run: {graph.reason})" if graph.reason else ""
        self._title = f"workflow {graph.name}{reason}"
        title = _cells(self._title, _LONGEST_TITLE) * _LETTER
        self.width = max(self._rights[-1] if self._rights else 0.0, title)
        self.height = _TITLE + self._layout.height + _SPACE

    def elements(self) -> Iterator[str]:
        off = ' class="title off"' if self._graph.reason else ' class="title"'
        title = _text(self._title, _LONGEST_TITLE)
        yield f'<text x="0" y="14"{off}>{title}</text>'
        yield f'<g transform="translate(0 {_TITLE})">'
        for node, ways in zip(self._graph.nodes, self._layout.ways, strict=True):
            for edge, way in zip(node.edges, ways, strict=True):
                is_off = bool(node.reason or self._graph.nodes[edge.source].reason)
                yield from self._line(way, edge.label, " off" if is_off else "")
        for position in range(len(self._graph.nodes)):
            yield from self._job(position)
        yield "</g>"

    def _room(self, position: int | None) -> float:
        if position is None:
            return _WAYPOINT
        return _height(self._graph.nodes[position]) + _SPACE

    def _line(self, way: Way, label: str, off: str) -> Iterator[str]:
        """Yield a curve from the right side of a job, past waypoints, to the left of another."""
        columns, middles = self._layout.columns, self._layout.middles
        start = self._lefts[columns[way[0]]] + self._widths[way[0]]
        path = [f"M{start:.1f} {middles[way[0]]:.1f}"]
        for left, right in pairwise(way):
            begin, end = self._rights[columns[left]], self._lefts[columns[right]]
            bend = (begin + end) / 2
            path.append(
                f"H{begin:.1f}C{bend:.1f} {middles[left]:.1f} {bend:.1f} {middles[right]:.1f}"
                f" {end:.1f} {middles[right]:.1f}"
            )
        yield f'<path class="way{off}" marker-end="url(#tip)" d="{"".join(path)}"/>'
        if label:  # on the middle of the last curve
            x = (self._rights[columns[way[-2]]] + self._lefts[columns[way[-1]]]) / 2
            y = (middles[way[-2]] + middles[way[-1]]) / 2 + 4
            yield f'<text class="said{off}" x="{x:.1f}" y="{y:.1f}">{_text(label)}</text>'

    def _job(self, position: int) -> Iterator[str]:
        node = self._graph.nodes[position]
        left = self._lefts[node.stage]
        height, width = _height(node), self._widths[position]
        top = self._layout.middles[position] - height / 2
        kind = f"job {node.type}" if node.type is not JobType.BUILD else "job"
        radius = height / 2 if node.type is JobType.NO_OP else 5
        off = ' class="off"' if node.reason else ""
        yield f"<g{off}><title>{_escaped(_tooltip(node))}</title>"
        yield (
            f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}"'
            f' height="{height}" rx="{radius:g}"/>'
        )
        yield f'<text x="{left + _PADDING:.1f}" y="{top + 18.5:.1f}">{_text(node.name)}</text>'
        for number, mark in enumerate(node.marks, 1):
            y = top + 18.5 + number * _MARK_LINE
            yield f'<text class="small" x="{left + _PADDING:.1f}" y="{y:.1f}">{_text(mark)}</text>'
        yield "</g>"


def _sides(
    graph: Graph, layout: Layout, widths: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Return where each column begins and ends; before it is room for what its lines say."""
    count = max(layout.columns, default=-1) + 1
    widest, labels = [0.0] * count, [0.0] * count
    for node, width in zip(graph.nodes, widths, strict=True):
        widest[node.stage] = max(widest[node.stage], width)
        said = max((_cells(edge.label) * _SMALL_LETTER for edge in node.edges), default=0.0)
        labels[node.stage] = max(labels[node.stage], said)
    lefts, rights = [], []
    right = -float(_GAP)
    for width, label in zip(widest, labels, strict=True):
        lefts.append(right + _GAP + label)
        right = lefts[-1] + width
        rights.append(right)
    return lefts, rights


def _width(node: Node) -> float:
    widths = [_cells(node.name) * _LETTER, *(_cells(mark) * _SMALL_LETTER for mark in node.marks)]
    return max(widths) + 2 * _PADDING


def _height(node: Node) -> int:
    return _LINE + _MARK_LINE * len(node.marks)


def _cells(label: str, longest: int = _LONGEST) -> int:
    """Return how many letters wide a label is; those of East Asia take two."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in _short(label, longest))


def _text(label: str, longest: int = _LONGEST) -> str:
    return _escaped(_short(label, longest))


def _short(label: str, longest: int) -> str:
    return label if len(label) <= longest else label[: longest - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _escaped(text: str) -> str:
    """Return a text for XML, which has no way to say some characters."""
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _tooltip(node: Node) -> str:
    reason = [f"does not run: {node.reason}"] if node.reason else []
    return "; ".join([node.name, *node.marks, *reason])
