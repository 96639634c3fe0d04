from dataclasses import replace

from cli_graphs import graph, graphs

from samo.cli.graph.tree import strokes_for, tree


def drawn(graph, encoding="utf-8"):
    lines = tree(graph, strokes_for(encoding))
    return [f"{line.text} ({line.notes})" if line.notes else line.text for line in lines]


def test_a_job_stands_below_what_it_waits_for():
    assert drawn(graph(lint=[], test=["lint"], build=["lint"], deploy=["build"], docs=[])) == [
        "workflow w",
        "├─ lint",
        "│  ├─ test",
        "│  └─ build",
        "│     └─ deploy",
        "└─ docs",
    ]


def test_a_job_that_waits_for_several_appears_once_below_the_latest():
    assert drawn(graph(a=[], b=["a"], c=[], d=["b", "c", "a"])) == [
        "workflow w",
        "├─ a",
        "│  └─ b",
        "│     └─ d (also after c, a)",
        "└─ c",
    ]


def test_of_many_requirements_a_few_are_named():
    names = [f"j{number}" for number in range(9)]
    lines = drawn(graph(**dict.fromkeys(names, ()), last=names))

    assert lines[-1] == "   └─ last (also after j0, j1, j2, 5 more)"


def test_characters_that_a_terminal_lacks_are_not_used():
    assert drawn(graph(a=[], b=["a"], c=[]), "ascii") == [
        "workflow w",
        "|- a",
        "|  `- b",
        "`- c",
    ]


def test_marks_labels_and_reasons_are_told():
    on, off = graphs(
        "  on:\n"
        "    jobs:\n"
        "      - a: {context: aws}\n"
        "      - hold: {type: approval, requires: [a]}\n"
        "      - b: {requires: [a: [failed, canceled], hold: terminal]}\n"
        "      - c: {filters: {branches: {only: other}}}\n"
        "  off: {when: false, jobs: [a]}\n"
    )

    assert drawn(on) == [
        "workflow on",
        "├─ a (context aws)",
        "│  └─ hold (approval)",
        "│     └─ b (on terminal; also after a (failed, canceled))",
        "└─ c (does not run: branch filter `only: other` does not match 'main')",
    ]
    assert drawn(off) == [
        "workflow off (does not run: workflow condition `false` does not hold)",
        "└─ a",
    ]


def test_what_does_not_run_is_told_apart():
    whole = graph(a=[], b=["a"])
    b = replace(whole.nodes[1], reason="a filter")
    lines = tree(replace(whole, nodes=(whole.nodes[0], b)), strokes_for("utf-8"))

    assert [line.runs for line in lines] == [True, True, False]


def test_a_long_chain_goes_on_at_the_margin():
    names = [f"j{number}" for number in range(60)]
    chain = dict(zip(names, [[], *([name] for name in names)], strict=False))
    lines = drawn(graph(**chain))

    assert lines[25] == f"{'   ' * 24}└─ j24 (continues below)"
    assert lines[26:28] == ["j24 (continued)", "└─ j25"]
    assert sum(line.lstrip(" └─") == "j59" for line in lines) == 1
