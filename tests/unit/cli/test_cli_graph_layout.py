from itertools import pairwise

from cli_graphs import graph
from hypothesis import given
from hypothesis import strategies as st

from samo.cli.graph.layout import lay_out


def room(place):
    return 10.0 if place is None else 40.0


@st.composite
def graphs(draw):
    """Draw a workflow in which each job requires some of those before it."""
    names = [f"j{number}" for number in range(draw(st.integers(1, 9)))]
    return graph(
        **{
            name: draw(st.lists(st.sampled_from(names[:at]), unique=True)) if at else []
            for at, name in enumerate(names)
        }
    )


def test_a_chain_is_a_straight_line():
    layout = lay_out(graph(a=[], b=["a"], c=["b"]), room)

    assert (layout.columns, layout.middles) == ((0, 1, 2), (20.0, 20.0, 20.0))
    assert (layout.ways, layout.height) == (((), ((0, 1),), ((1, 2),)), 40.0)


def test_a_job_stands_in_the_middle_of_those_that_it_waits_for():
    layout = lay_out(graph(a=[], b=[], c=[], join=["a", "b", "c"]), room)

    assert layout.middles == (20.0, 60.0, 100.0, 60.0)


def test_lines_that_cross_are_untangled():
    layout = lay_out(graph(a=[], b=[], after_b=["b"], after_a=["a"]), room)

    assert layout.middles == (20.0, 60.0, 60.0, 20.0)


def test_lines_over_several_columns_share_their_waypoints():
    layout = lay_out(graph(a=[], b=["a"], c=["b", "a"], d=["c", "a"]), room)

    assert layout.columns == (0, 1, 2, 3, 1, 2)
    assert layout.ways == ((), ((0, 1),), ((1, 2), (0, 4, 2)), ((2, 3), (0, 4, 5, 3)))


def test_nothing_but_long_lines_makes_them_straight():
    names = [f"j{number}" for number in range(150)]
    chain = {name: sorted({names[0], names[max(at - 1, 0)]}) for at, name in enumerate(names)}
    layout = lay_out(graph(**{**chain, "j0": []}), room)

    assert len(layout.columns) == 150
    assert layout.ways[-1] == ((0, 149), (148, 149))


@given(graphs())
def test_nothing_overlaps(graph):
    layout = lay_out(graph, room)
    columns = {}
    for place, (column, middle) in enumerate(zip(layout.columns, layout.middles, strict=True)):
        space = room(place if place < len(graph.nodes) else None)
        columns.setdefault(column, []).append((middle - space / 2, middle + space / 2))

    for spans in columns.values():
        assert all(above[1] <= below[0] + 1e-6 for above, below in pairwise(sorted(spans)))
        assert min(spans)[0] >= -1e-6
        assert max(spans)[1] <= layout.height + 1e-6


@given(graphs())
def test_lines_pass_each_column_between_their_jobs(graph):
    layout = lay_out(graph, room)

    for position, (node, ways) in enumerate(zip(graph.nodes, layout.ways, strict=True)):
        assert [way[0] for way in ways] == [edge.source for edge in node.edges]
        for way in ways:
            steps = [layout.columns[place] for place in way]
            assert steps == list(range(steps[0], node.stage + 1))
            assert way[-1] == position
