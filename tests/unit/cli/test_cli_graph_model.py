from cli_graphs import graphs

from samo.cli.graph.model import Edge, Graph, Node
from samo.pipeline.job import JobType


def test_jobs_have_stages_and_edges():
    [graph] = graphs("  w: {jobs: [a, b: {requires: [a]}, c: {requires: [a, b]}, d]}")

    assert graph == Graph(
        name="w",
        nodes=(
            Node(name="a"),
            Node(name="b", stage=1, edges=(Edge(source=0),)),
            Node(name="c", stage=2, edges=(Edge(source=0), Edge(source=1))),
            Node(name="d"),
        ),
    )


def test_a_requirement_that_comes_later_in_the_file_counts():
    [graph] = graphs("  w: {jobs: [a: {requires: [b]}, b: {requires: [c]}, c]}")

    assert [(node.name, node.stage) for node in graph.nodes] == [("a", 2), ("b", 1), ("c", 0)]


def test_types_contexts_and_matrices_are_marked():
    [graph] = graphs(
        "  w:\n"
        "    jobs:\n"
        "      - stop\n"
        "      - hold: {type: approval}\n"
        "      - a: {context: [aws, slack]}\n"
        "      - b: {context: aws}\n"
    )

    assert [(node.type, node.marks) for node in graph.nodes] == [
        (JobType.NO_OP, ("no-op",)),
        (JobType.APPROVAL, ("approval",)),
        (JobType.BUILD, ("contexts aws, slack",)),
        (JobType.BUILD, ("context aws",)),
    ]


def test_a_requirement_says_what_it_waits_for_if_that_is_not_success():
    [graph] = graphs(
        "  w:\n"
        "    jobs:\n"
        "      - a\n"
        "      - b: {requires: [a: failed]}\n"
        "      - c: {requires: [a: [not_run, success, canceled]]}\n"
        "      - d: {requires: [a: terminal]}\n"
    )

    assert [edge.label for node in graph.nodes for edge in node.edges] == [
        "failed",
        "success, canceled, not_run",
        "terminal",
    ]


def test_what_does_not_run_has_a_reason():
    off, on = graphs(
        "  off: {when: false, jobs: [a]}\n"
        "  on: {jobs: [a, b: {filters: {branches: {only: other}}}, c: {requires: [b]}]}\n"
    )

    assert off.reason == "workflow condition `false` does not hold"
    assert [node.reason for node in off.nodes] == [off.reason]
    assert on.reason == ""
    assert [node.reason for node in on.nodes] == [
        "",
        "branch filter `only: other` does not match 'main'",
        "all that it requires is kept out by filters: 'b'",
    ]


def test_workflows_can_be_asked_for():
    found = graphs("  v: {jobs: [a]}\n  w: {jobs: [a]}\n", only=("w",))

    assert [graph.name for graph in found] == ["w"]
    assert found[0].reason == ""


def test_the_jobs_of_one_matrix_are_told_from_copies():
    [graph] = graphs(
        "  w:\n"
        "    jobs:\n"
        "      - a\n"
        "      - a\n"
        "      - m: {matrix: {parameters: {v: ['1', '2']}}}\n"
    )

    assert [(node.name, node.marks) for node in graph.nodes] == [
        ("a-1", ()),
        ("a-2", ()),
        ("m-1", ("matrix of m",)),
        ("m-2", ("matrix of m",)),
    ]


def test_a_job_group_that_is_invoked_twice_is_no_matrix():
    [graph] = graphs(
        "  w: {jobs: [g: {name: one}, g: {name: two}]}\njob-groups: {g: {jobs: [a]}}\n"
    )

    assert {node.name: node.marks for node in graph.nodes if node.name.endswith("-a")} == {
        "one-a": (),
        "two-a": (),
    }
