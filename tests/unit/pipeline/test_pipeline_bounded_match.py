"""Full matches without backtracking: the same answers as `re` gives, and soon."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samo.pipeline.bounded_match import full_match
from samo.pipeline.regex import compile_java, is_full_match

ATOMS = st.sampled_from(
    [
        "a",
        "b",
        ".",
        "[ab]",
        "[^a]",
        r"\w",
        r"\d",
        r"\.",
        "A",
        r"\x61",
        "^",
        "$",
        r"\b",
        r"\B",
        r"\Z",
    ]
)
REPEATS = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}", "{,2}", "*?", "+?"])
GROUPS = st.sampled_from(["(", "(?:", "(?P<n>", "(?i:", "(?=", "(?!"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("{}{})".format, GROUPS, inner),
        st.builds("(?:{}){}".format, inner, REPEATS),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.text("abA1.-\n", max_size=6))
@example("x{}", "x{}")
@example("(a?){2}b", "b")
def test_the_answer_is_that_of_re(pattern, text):
    try:
        compiled = re.compile(pattern, re.ASCII)
    except re.error:
        return  # one name for two groups
    try:
        found = full_match(compiled, text)
    except re.error:
        return  # too hard is an answer, but never a wrong one
    assert found == (compiled.fullmatch(text) is not None)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("(a+)+b", "a" * 5000, False),
        ("(a+)+b", "a" * 5000 + "b", True),
        ("(a|a)*b", "a" * 5000, False),
        ("a?" * 30 + "a" * 30, "a" * 30, True),
        ("(a|ab|b)" * 40, "ab" * 100, False),
        (".*" * 30 + "x", "a" * 250, False),
        ("(?!(.*a)+b)(a+)+c", "a" * 250, False),
        ("(((a{1,1000}){1,1000}){1,1000})", "a" * 1500, True),
        (r"v\d+(\.\d+)*", "v" + "1." * 2000, False),
    ],
)
def test_a_pattern_that_would_take_ages_is_matched(pattern, text, matches):
    assert is_full_match(compile_java(pattern), text) == matches


@pytest.mark.parametrize(
    ("pattern", "text", "message"),
    [
        (r"(a+)+\1", "a" * 50, "it may take too long at position 5"),
        ("(a*)*b", "a" * 20_000, "it takes too long on 20,000 characters"),
        (".*(?=(a*)*b)c", "a" * 2000, "it takes too long"),
    ],
)
def test_what_is_too_hard_is_refused(pattern, text, message):
    with pytest.raises(re.error) as raised:
        is_full_match(compile_java(pattern), text)

    assert str(raised.value) == message


def test_a_plain_pattern_may_have_what_only_re_knows():
    assert is_full_match(compile_java(r"(?<=)(a|b)\1++"), "bb")
