from hypothesis import given
from hypothesis import strategies as st

from samo.dl.passages import LONGEST_PASSAGE, passages

WORDS = st.lists(st.sampled_from(["one", "two.", "three!", "four\n", "..."]), max_size=300)


def test_a_short_text_is_one_passage_as_it_stands():
    assert passages("  One day.\n\nAnother. ") == ("  One day.\n\nAnother. ",)


def test_whole_sentences_are_packed_together():
    first, second, third = "a " * 24 + "end.", "b " * 14 + "end!", "c " * 9 + "end?"
    assert passages(f"{first} {second}\n{third}") == (f"{first} {second}", third)


def test_a_sentence_that_is_too_long_is_cut_between_words():
    assert passages("a " * 95) == ("a " * 39 + "a", "a " * 39 + "a", "a " * 14 + "a")


@given(WORDS)
def test_no_word_is_lost_and_no_passage_is_too_long(words):
    parts = passages(" ".join(words))
    assert [word for part in parts for word in part.split()] == " ".join(words).split()
    assert all(len(part.split()) <= LONGEST_PASSAGE for part in parts)
    assert parts
