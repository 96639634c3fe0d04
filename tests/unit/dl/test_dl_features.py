from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.dl.features import features, tokens

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm SO happy!!", ["i'm", "so", "happy", "!", "!"]),
        ("I\N{RIGHT SINGLE QUOTATION MARK}m", ["i'm"]),
        ("sooooo good!!!!!", ["soo", "good", "!", "!"]),
        ("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16} you", ["\N{HEAVY BLACK HEART}", "you"]),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}\N{LATIN SMALL LIGATURE FI}", ["afi"]),
        ("x" * 3, ["xx"]),
        ("\x00\x01 \t\n", ["\x00", "\x01"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_words_and_signs_of_one_spelling(text, expected):
    assert tokens(text) == expected


def test_a_token_has_at_most_40_characters():
    assert tokens("ab" * 50) == ["ab" * 20]


def test_the_features_are_words_pairs_of_words_and_pieces_of_words():
    found = features("so sad")
    pieces = ["<so", "so>", "<so>", "<sa", "sad", "ad>", "<sad", "sad>", "<sad>"]
    named = ["wso", "wsad", "pso sad", *(f"c{piece}" for piece in pieces)]
    assert found == {crc32(name.encode()) for name in named}


def test_a_feature_is_the_same_number_everywhere():
    assert features("a") == {454208512, 2552355912}


@given(ANY_TEXT)
def test_any_text_has_features_of_32_bits(text):
    assert all(0 <= feature < 2**32 for feature in features(text))


@given(st.text(st.characters(codec="ascii")))
def test_case_does_not_matter(text):
    assert features(text.upper()) == features(text.lower())
