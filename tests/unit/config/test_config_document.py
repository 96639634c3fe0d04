"""The located tree: the same values as YAML, each with its place."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from samo.config.document import ListNode, MapNode, ScalarNode, Source, read_document
from samo.config.problems import Problems
from samo.pipeline.problem import ConfigError

# PyYAML writes 1e3 without quotes: to it, unlike to CircleCI, that is no number.
EXPONENT = re.compile(r"[-+]?[0-9_]+[eE][-+]?[0-9]+")
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12).filter(
    lambda word: not EXPONENT.fullmatch(word)
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


def read(text):
    return read_document(Source(path="c.yml", text=text), Problems()).root


def plain(node):
    match node:
        case ListNode():
            return [plain(item) for item in node.items]
        case MapNode():
            return {entry.key: plain(entry.node) for entry in node}
        case ScalarNode():
            return node.value
    return None


def noted(text):
    problems = Problems()
    try:
        read_document(Source(path="c.yml", text=text), problems)
        problems.raise_errors()
    except ConfigError as error:
        return [str(problem) for problem in error.problems]
    return []


@given(TREES, st.booleans())
def test_a_tree_is_read_as_it_was_dumped(tree, is_flow):
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=is_flow)

    assert plain(read(text)) == tree


@given(TREES, st.booleans())
def test_a_node_stands_where_its_text_begins(tree, is_flow):
    text = yaml.safe_dump({"key": tree}, allow_unicode=True, default_flow_style=is_flow)
    node = read(text).get("key")
    mark = yaml.compose(text, Loader=yaml.SafeLoader).value[0][1].start_mark

    assert (node.place.line, node.place.column) == (mark.line + 1, mark.column + 1)


def test_explicit_keys_beat_merged_ones_and_earlier_maps_later_ones():
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}\n"

    assert plain(read(text))["c"] == {"z": 3, "x": 1, "y": 1}


def test_a_quoted_merge_sign_is_a_key_like_any_other():
    assert plain(read("'<<': 1\n")) == {"<<": 1}


def test_mapping_keys_stay_text():
    assert list(read("on: 1\n3.9: 2\nnull: 3\n").entries) == ["on", "3.9", "null"]


def test_a_byte_order_mark_and_crlf_are_no_part_of_the_values():
    assert plain(read(b"\xef\xbb\xbfa: b\r\nc: d\r\n")) == {"a": "b", "c": "d"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "c.yml:3:1: error: duplicate key 'a', first given on line 1"),
        ("a: *b\n", "c.yml:1:4: error: the alias '*b' has no anchor '&b' before it"),
        ("a: &a [*a]\n", "c.yml:1:8: error: the anchor '&a' contains itself"),
        ("a:\n\tb: 1\n", "c.yml:2:1: error: not valid YAML: found character that cannot start"),
        ("a: [1\n", "c.yml:1:4: error: not valid YAML: [ is not closed"),
        ("a: 'x\nb: 1\n", "c.yml:1:4: error: not valid YAML: ' is not closed"),
        ("a: [1\nb: }\n", "c.yml:2:2: error: not valid YAML: did not find expected ',' or ']'"),
        ("a:\n- b\nc", "c.yml:3:2: error: not valid YAML: could not find expected ':'"),
        ("a: x\u2028: y", "c.yml:2:1: error: not valid YAML"),
        (b"\xef\xbb\xbf\xc3\xa9\xff", "c.yml:1:2: error: the file is not UTF-8"),
        ("a: 1\n---\nb: 2\n", "c.yml:2:1: error: a second document begins here"),
        ("? [a]\n: b\n", "c.yml:1:3: error: a mapping or list cannot be a key"),
        ("a: {<<: 1}\n", "c.yml:1:5: error: the merge key '<<' takes a map or a list of maps"),
        (b"a: \xff\n", "c.yml:1:4: error: the file is not UTF-8"),
        ("a: \x07\n", "c.yml:1:4: error: a character that YAML does not allow"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_place(text, line):
    assert [each[: len(line)] for each in noted(text)] == [line]
