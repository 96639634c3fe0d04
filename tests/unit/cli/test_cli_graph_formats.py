import re
from dataclasses import replace

from cli_graphs import HOSTILE, graph, graphs, hostile

from samo.cli.graph.dot import dot
from samo.cli.graph.mermaid import mermaid

WORKFLOWS = (
    "  on:\n"
    "    jobs:\n"
    "      - a\n"
    "      - stop: {requires: [a: failed]}\n"
    "      - hold: {type: approval, requires: [a]}\n"
    "      - b: {requires: [hold], filters: {branches: {only: other}}}\n"
    "  off: {when: false, jobs: [a]}\n"
)

# Graphviz's own grammar, as far as we speak it: statements of one line.
STRING = r'"(?:[^"\\]|\\.)*"'
VALUE = rf"(?:{STRING}|\w+)"
ATTRIBUTES = rf"\[{'NAME=VALUE(?:, NAME=VALUE)*'}\]".replace("NAME", r"\w+").replace("VALUE", VALUE)
DOT_LINE = re.compile(
    rf"digraph pipeline {{|\s*subgraph cluster_\d+ {{|\s*}}|\s*\w+={VALUE};"
    rf"|\s*\w+(?: -> \w+)?(?: {ATTRIBUTES})?;"
)
TEXT = r'"[^"]*"'
MERMAID_LINE = re.compile(
    rf"flowchart LR|  subgraph w\d+\[{TEXT}\]|    direction LR|  end"
    rf"|    w\d+j\d+(?:\[{TEXT}\]|\(\[{TEXT}\]\)|{{{{{TEXT}}}}})"
    rf"|  w\d+j\d+ -\.?->(?:\|{TEXT}\|)? w\d+j\d+"
    r"|  classDef off [\w:.,-]+|  class w\d+j\d+ off"
)


def test_mermaid():
    assert (
        "\n".join(mermaid(graphs(WORKFLOWS)))
        == """\
flowchart LR
  subgraph w0["workflow on"]
    direction LR
    w0j0["a"]
    w0j1(["stop<br/>no-op"])
    w0j2{{"hold<br/>approval"}}
    w0j3["b<br/>does not run: branch filter #96;only: other#96; does not match 'main'"]
  end
  w0j0 -->|"failed"| w0j1
  w0j0 --> w0j2
  w0j2 -.-> w0j3
  subgraph w1["workflow off (does not run: workflow condition #96;false#96; does not hold)"]
    direction LR
    w1j0["a"]
  end
  classDef off opacity:0.5,stroke-dasharray:4
  class w0j3 off
  class w1j0 off"""
    )


def test_dot():
    assert (
        "\n".join(dot(graphs(WORKFLOWS)))
        == """\
digraph pipeline {
  rankdir=LR;
  node [shape="box", fontname="sans-serif"];
  edge [fontname="sans-serif"];
  subgraph cluster_0 {
    label="workflow on";
    w0j0 [label="a"];
    w0j1 [label="stop\\nno-op", shape=ellipse];
    w0j2 [label="hold\\napproval", shape=hexagon];
    w0j3 [label="b\\ndoes not run", style=dashed, color=gray60, fontcolor=gray60, \
tooltip="branch filter `only: other` does not match 'main'"];
    w0j0 -> w0j1 [label="failed"];
    w0j0 -> w0j2;
    w0j2 -> w0j3 [style=dashed, color=gray60, fontcolor=gray60];
  }
  subgraph cluster_1 {
    label="workflow off\\ndoes not run: workflow condition `false` does not hold";
    w1j0 [label="a", style=dashed, color=gray60, fontcolor=gray60, \
tooltip="workflow condition `false` does not hold"];
  }
}"""
    )


def test_no_name_ends_a_string_of_mermaid_early():
    lines = list(mermaid([hostile()]))

    assert [line for line in lines if not MERMAID_LINE.fullmatch(line)] == []


def test_mermaid_gets_names_back_whole():
    labels = re.findall(r'^    w0j\d+\["(.*)"\]$', "\n".join(mermaid([hostile()])), re.MULTILINE)
    resolved = [re.sub(r"#(\d+);", lambda each: chr(int(each[1])), label) for label in labels]

    assert tuple(resolved) == HOSTILE


def test_ordinary_names_stay_readable_in_mermaid():
    names = ("unit-tests", "build_image", "test-3.11", "orb/job", "Publish to Next (stable)")
    drawn = "\n".join(mermaid([graph(**dict.fromkeys(names, ()))]))

    assert [name for name in names if f'["{name}"]' not in drawn] == []


def test_no_name_ends_a_string_of_dot_early():
    lines = list(dot([hostile()]))

    assert [line for line in lines if not DOT_LINE.fullmatch(line)] == []


def test_dot_gets_names_back_whole():
    labels = re.findall(r"w0j\d+ \[label=\"(.*)\"\];$", "\n".join(dot([hostile()])), re.MULTILINE)
    resolved = [re.sub(r"\\(.)", r"\1", label).replace("&amp;", "&") for label in labels]

    assert tuple(resolved) == HOSTILE


def test_a_workflow_without_jobs_is_still_drawn():
    empty = replace(graph(), nodes=())

    assert '  subgraph w0["workflow w"]' in list(mermaid([empty]))
    assert '    label="workflow w";' in list(dot([empty]))
