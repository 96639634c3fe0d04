from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.engine.masking import Masking, Secrets


def fed(secrets, pieces):
    masking = Masking(Secrets(secrets))
    return "".join([*map(masking.feed, pieces), masking.finish()])


def test_a_secret_is_masked():
    assert fed(["hunter22"], ["the word is hunter22, pass"]) == "the word is ****, pass"


@pytest.mark.parametrize("value", ["abc", "true", "True", "false", "False", ""])
def test_short_and_harmless_values_are_not_masked(value):
    assert fed([value], [f"<{value}>"]) == f"<{value}>"


def test_the_longest_of_several_secrets_is_masked():
    assert fed(["pass", "password-1"], ["password-1 pass"]) == "**** ****"


def test_a_secret_of_several_lines_is_masked_line_by_line():
    assert fed(["first\nsecond"], ["> second\n> first\n"]) == "> ****\n> ****\n"


def test_what_begins_a_secret_and_goes_on_otherwise_is_shown():
    assert fed(["hunter22"], ["hunt", "ing"]) == "hunting"
    assert fed(["hunter22"], ["hunter2"]) == "hunter2"


def test_without_secrets_nothing_waits():
    masking = Masking(Secrets())

    assert masking.feed("half a li") == "half a li"


@given(
    st.lists(st.text("abc", min_size=4, max_size=6), min_size=1, max_size=3),
    st.text("abc", max_size=60),
    st.lists(st.integers(0, 60), max_size=8),
)
def test_cut_output_is_masked_as_if_it_were_whole(secrets, text, cuts):
    edges = sorted({0, len(text), *(min(cut, len(text)) for cut in cuts)})
    pieces = [text[start:end] for start, end in pairwise(edges)]

    assert fed(secrets, pieces) == Secrets(secrets).masked(text)
