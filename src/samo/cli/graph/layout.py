"""Where the jobs of a workflow and the lines between them go: a drawing in layers.

A job stands in the column of its stage. A requirement that spans columns passes each one between
at a waypoint, which all requirements of the same job share. The order within the columns comes from
a few sweeps, in which each place moves to the mean of its neighbours in the column before or after
it (barycenters); then the places are set down, as near to that mean as the order lets them.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from statistics import fmean

from samo.cli.graph.model import Graph
from samo.pipeline.dataclass import dataclass

_SWEEPS = 4
_WAYPOINTS_A_JOB = 50  # where lines would pass more than these on average, they go straight

Way = tuple[int, ...]
"""A line's places, from the job that is required to the one that waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Places by number, the jobs' first: each one's column and the height of its middle.

    `ways` has the lines of each job's edges, in their order; heights count from 0 at the top.
    """

    columns: tuple[int, ...]
    middles: tuple[float, ...]
    ways: tuple[tuple[Way, ...], ...]
    height: float


def lay_out(graph: Graph, room: Callable[[int | None], float]) -> Layout:
    """Return the layout of a workflow.

    `room` says how much height a job takes, with the space around it; for None, a waypoint.
    """
    trunks = _trunks(graph)
    columns = [node.stage for node in graph.nodes]
    for node, trunk in zip(graph.nodes, trunks, strict=True):
        columns += range(node.stage + 1, node.stage + 1 + len(trunk))
    ways = tuple(tuple(_ways(graph, position, trunks)) for position in range(len(graph.nodes)))
    before, after = _neighbours(ways, len(columns))
    layers: list[list[int]] = [[] for _ in range(max(columns, default=-1) + 1)]
    for place, column in enumerate(columns):
        layers[column].append(place)
    for _ in range(_SWEEPS):
        _sweep(layers, before)
        _sweep(layers[::-1], after)
    _sweep(layers, before)
    jobs = len(graph.nodes)
    rooms = [room(place if place < jobs else None) for place in range(len(columns))]
    middles = _middles(layers, before, rooms)
    bottom = max((middle + rooms[at] / 2 for at, middle in enumerate(middles)), default=0.0)
    return Layout(columns=tuple(columns), middles=tuple(middles), ways=ways, height=bottom)


def _trunks(graph: Graph) -> list[range]:
    """Return the waypoints on the way from each job to the last that requires it."""
    lengths = [0] * len(graph.nodes)
    passed = 0
    for node in graph.nodes:
        for edge in node.edges:
            between = node.stage - graph.nodes[edge.source].stage - 1
            lengths[edge.source] = max(lengths[edge.source], between)
            passed += between
    if passed > _WAYPOINTS_A_JOB * len(graph.nodes):
        lengths = [0] * len(graph.nodes)
    ends = list(accumulate(lengths, initial=len(graph.nodes)))
    return [range(begin, end) for begin, end in pairwise(ends)]


def _ways(graph: Graph, position: int, trunks: Sequence[range]) -> Iterator[Way]:
    node = graph.nodes[position]
    for edge in node.edges:
        between = node.stage - graph.nodes[edge.source].stage - 1
        yield (edge.source, *trunks[edge.source][:between], position)


def _neighbours(
    ways: Sequence[Sequence[Way]], count: int
) -> tuple[list[list[int]], list[list[int]]]:
    """Return the places that lines come from, and those that they go to, by place."""
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for left, right in sorted({piece for each in ways for way in each for piece in pairwise(way)}):
        before[right].append(left)
        after[left].append(right)
    return before, after


def _sweep(layers: Sequence[list[int]], neighbours: Sequence[Sequence[int]]) -> None:
    """Order each layer by the means of its places' neighbours; a place without any stays."""
    ranks: dict[int, int] = {}
    for layer in layers:
        wanted = {
            place: fmean(ranks[each] for each in neighbours[place]) if neighbours[place] else rank
            for rank, place in enumerate(layer)
        }
        layer.sort(key=wanted.__getitem__)
        ranks.update((place, rank) for rank, place in enumerate(layer))


def _middles(
    layers: Sequence[Sequence[int]], before: Sequence[Sequence[int]], rooms: Sequence[float]
) -> list[float]:
    middles = [0.0] * len(rooms)
    for layer in layers:
        edge = -math.inf
        drift = 0.0
        for place in layer:
            nearest = edge + rooms[place] / 2
            wanted = max(nearest, 0.0)
            if before[place]:
                wanted = fmean(middles[each] for each in before[place])
            middles[place] = max(wanted, nearest)
            edge = middles[place] + rooms[place] / 2
            drift += middles[place] - wanted
        # Places were only ever pushed down: take the whole column back by as much, on average.
        for place in layer:
            middles[place] -= drift / len(layer)
    top = min((middle - rooms[at] / 2 for at, middle in enumerate(middles)), default=0.0)
    return [middle - top for middle in middles]
