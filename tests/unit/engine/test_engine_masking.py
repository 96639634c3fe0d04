import base64
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


def test_a_line_that_is_indented_is_masked_where_its_blanks_are_gone():
    assert fed(["{\n  key-1\n}"], ["key-1 { }"]) == "**** { }"


def test_lines_that_hold_next_to_nothing_are_no_secrets():
    assert fed(["word-1\n    \n  }\n"], ["a      }\n"]) == "a      }\n"


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "d", "de", "\n"])
def test_a_secret_in_base64_is_masked_whatever_stands_around_it(before, after):
    encoded = base64.b64encode(f"{before}hunter22-x{after}".encode()).decode()
    shown = fed(["hunter22-x"], [encoded])

    assert "****" in shown
    assert len(shown) <= len("****") + 4 * (bool(before) + bool(after))


def test_a_secret_in_base64_is_masked_also_where_it_is_cut():
    assert fed(["hunter22-x"], ["key: aHVudG", "VyMjIteA", "==\n"]) == "key: ****\n"


def test_a_long_secret_is_masked_in_the_lines_that_base64_makes_of_it():
    value = "".join(f"{number:04}" for number in range(50))
    encoded = base64.encodebytes(value.encode()).decode()

    assert fed([value], [encoded]) == "****\n" * len(encoded.splitlines())


def test_what_stands_in_for_secrets_can_be_chosen():
    secrets = Secrets(["hunter22", "word-1"])

    assert secrets.replaced("word-1 of hunter22", str.upper) == "WORD-1 of HUNTER22"


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
