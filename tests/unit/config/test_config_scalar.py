"""Unquoted scalars: what they mean, with PyYAML as the oracle where both agree."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from samo.config.scalar import resolve_plain


@given(st.integers())
def test_a_decimal_integer_is_that_integer(number):
    assert resolve_plain(str(number)) == (number if len(str(number)) <= 64 else str(number))


@given(st.from_regex(r"\A[-+]?[0-9][0-9_]{0,8}(\.[0-9_]{0,6})?\Z"))
def test_numbers_are_what_yaml_says(text):
    wanted = yaml.safe_load(text)
    found = resolve_plain(text)

    assert (type(found), found) == (type(wanted), wanted)


@pytest.mark.parametrize("word", ["true", "Yes", "ON", "false", "No", "OFF"])
def test_words_for_booleans_are_booleans(word):
    assert resolve_plain(word) is yaml.safe_load(word)


@pytest.mark.parametrize("word", ["y", "Y", "n", "N", "tRue", "2019-01-01", "1:30", "3.10.1", "0x"])
def test_what_only_looks_like_something_else_stays_text(word):
    assert resolve_plain(word) == word


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_null_has_four_spellings(word):
    assert resolve_plain(word) is None


@pytest.mark.parametrize(
    ("text", "value"), [("0755", 493), ("0x1F", 31), ("0b101", 5), ("1e3", 1000.0)]
)
def test_other_bases_and_exponents_are_numbers(text, value):
    assert resolve_plain(text) == value
