"""RE2 by way of Java's dialect: what only RE2 has, and what stays as it is."""

import re

import pytest

from samo.config.re2 import compile_re2


@pytest.mark.parametrize(
    ("pattern", "text", "holds"),
    [
        ("[[:alpha:]]+", "main", True),
        ("[[:alpha:]]+", "main1", False),
        ("[^[:digit:]x]", "1", False),
        ("[[:word:].-]+", "a_1.b-c", True),
        ("[[:space:]]", "\v", True),
        ("[]a]", "]", True),
        ("[[a]", "[", True),
        ("[a&&b]+", "a&b", True),
        (r"[\[\]]+", "[]", True),
        (r"\[[:alpha:]\]", "[z]", False),
        (r"\Q[[:alpha:]]\E", "[[:alpha:]]", True),
        (r"\d+", "\u0663", False),
        (r"\Amain\z", "main", True),
        ("main$", "main\n", False),
        ("a(?i)B|c", "ab", True),
        ("(?P<x>a)b", "ab", True),
    ],
)
def test_a_pattern_holds_of_a_whole_text(pattern, text, holds):
    assert bool(compile_re2(pattern).fullmatch(text)) is holds


@pytest.mark.parametrize("pattern", ["[[:nope:]]", "[[:^alpha:]]", "[a", "a(", r"\pL"])
def test_what_is_not_understood_is_refused(pattern):
    with pytest.raises(re.error):
        compile_re2(pattern)
