"""Walks along the edges of a graph, and finds those that close a circle."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from samo.pipeline.place import Place

Node = TypeVar("Node")
Edges = Callable[[Node], Iterable[tuple[Node, Place]]]
"""Returns where the edges of a node lead, and where each of them stands."""


def circles(starts: Iterable[Node], edges: Edges[Node]) -> Iterator[tuple[tuple[Node, ...], Place]]:
    """Return each circle, and where the edge stands that leads back to a node on the way to it.

    The node at which a circle is closed is its first and its last.
    """
    done: set[Node] = set()
    for start in starts:
        if start not in done:
            yield from _circles_from(start, edges, done)


def _circles_from(
    start: Node, edges: Edges[Node], done: set[Node]
) -> Iterator[tuple[tuple[Node, ...], Place]]:
    way: dict[Node, None] = {start: None}
    open_edges = [iter(edges(start))]
    while way:
        node, place = next(open_edges[-1], (None, None))
        if node is None or place is None:
            open_edges.pop()
            done.add(way.popitem()[0])
        elif node in way:
            nodes = list(way)
            yield (*nodes[nodes.index(node) :], node), place
        elif node not in done:
            way[node] = None
            open_edges.append(iter(edges(node)))
