"""The YAML that is printed: it reads back the same, and people can read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.config import Source
from samo.config.document import ListNode, MapNode, read_document
from samo.config.problems import Problems
from samo.config.render import yaml_text


def read(text):
    return plain(read_document(Source(path="c.yml", text=text), Problems()).root)


def plain(node):
    match node:
        case MapNode():
            return {entry.key: plain(entry.node) for entry in node}
        case ListNode():
            return [plain(item) for item in node.items]
    return node.value


words = st.sampled_from(["yes", "1e5", "0o17", "1_0", "~", "<<", "=", "2019-01-01", "1:30", ".inf"])
texts = st.text() | st.text("a \n\t:#-'\"&*!|>%@`\\\r\u2028\x85\ufeff") | words
trees = st.recursive(
    texts | st.booleans() | st.integers(-999, 999),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(texts, trees, max_size=3))
def test_a_document_reads_back_the_same(document):
    assert read(yaml_text(document)) == document


def test_a_text_of_several_lines_is_a_block():
    text = yaml_text({"command": "set -e\n\nmake  # all\n", "name": "two\nlines"})

    assert text == "command: |\n  set -e\n\n  make  # all\nname: |-\n  two\n  lines\n"


def test_a_long_line_stays_one():
    assert yaml_text({"a": "word " * 100 + "end"}) == f"a: {'word ' * 100}end\n"


@pytest.mark.parametrize("text", ["yes", "off", "1.10", "1e5", "0x1f", "null", "", "~", "007"])
def test_a_text_that_looks_like_something_else_is_quoted(text):
    assert yaml_text([text]) == f"- '{text}'\n"


def test_what_is_there_twice_is_written_twice():
    shared = ["a"]

    assert yaml_text({"one": shared, "two": shared}) == "one:\n- a\ntwo:\n- a\n"
