import re
from dataclasses import replace
from xml.etree import ElementTree

from cli_graphs import HOSTILE, graph, graphs, hostile

from samo.cli.graph.svg import svg

SVG = "{http://www.w3.org/2000/svg}"


def picture(*graphs):
    return ElementTree.fromstring("\n".join(svg(graphs)))


def texts(root, kind=None):
    return [each.text for each in root.iter(f"{SVG}text") if each.get("class") == kind]


def test_names_marks_and_labels_are_shown():
    root = picture(
        *graphs(
            "  w:\n"
            "    jobs:\n"
            "      - a: {context: aws}\n"
            "      - hold: {type: approval, requires: [a]}\n"
            "      - b: {requires: [a: failed]}\n"
        )
    )

    assert texts(root, "title") == ["workflow w"]
    assert texts(root) == ["a", "hold", "b"]
    assert texts(root, "small") == ["context aws", "approval"]
    assert texts(root, "said") == ["failed"]
    assert len(root.findall(f".//{SVG}path[@class='way']")) == 2
    assert [each.get("class") for each in root.iter(f"{SVG}rect")] == [
        "ground",
        "job",
        "job approval",
        "job",
    ]


def test_what_does_not_run_is_told_apart_and_says_why():
    root = picture(*graphs("  w: {jobs: [a, b: {filters: {branches: {only: other}}}]}\n"))

    assert [each.text for each in root.findall(f".//{SVG}g[@class='off']/{SVG}title")] == [
        "b; does not run: branch filter `only: other` does not match 'main'"
    ]


def test_hostile_names_come_out_as_they_are():
    assert texts(picture(hostile())) == list(HOSTILE)


def test_characters_that_xml_cannot_say_are_replaced():
    assert texts(picture(graph(**{"a\x00b\ufffe": []}))) == ["a\ufffdb\ufffd"]


def test_a_long_name_is_cut_but_for_its_tooltip():
    root = picture(graph(**{"x" * 100: []}))

    assert texts(root) == ["x" * 47 + "…"]
    assert root.find(f".//{SVG}g/{SVG}title").text == "x" * 100


def test_all_of_it_is_within_the_picture():
    root = picture(graph(a=[], b=["a"], c=["a"], d=["b", "a"]), graph("v", **{"long" * 20: []}))
    width, height = (float(root.get(name)) for name in ("width", "height"))
    tops = [
        float(re.search(r" ([\d.]+)\)", each.get("transform"))[1])
        for each in root.findall(f"{SVG}g")
    ]

    assert (root.get("viewBox"), len(tops)) == (f"0 0 {width:.0f} {height:.0f}", 2)
    for top, group in zip(tops, root.findall(f"{SVG}g"), strict=True):
        for box in group.iter(f"{SVG}rect"):
            x, y, wide, high = (float(box.get(name)) for name in ("x", "y", "width", "height"))
            assert 0 <= x <= width - wide
            assert top <= top + y <= height - high


def test_workflows_without_jobs_and_none_at_all_are_pictures():
    assert texts(picture(replace(graph(), nodes=())), "title") == ["workflow w"]
    assert texts(picture(), "title") == []
