import math

import pytest
from dl_models import model


def told(text):
    return [
        (each.label.name, round(each.score, 3), each.is_detected) for each in model().analyze(text)
    ]


def test_the_detected_emotions_come_first():
    assert told("I am happy") == [
        ("joy", 0.982, True),
        ("sadness", 0.119, False),
        ("neutral", 0.018, False),
    ]


def test_a_detected_emotion_comes_before_a_higher_score_that_is_not_detected():
    # Both words: each counts 1/sqrt(2), so joy is 0.5 and below its threshold of 0.6.
    assert told("happy, sad") == [
        ("sadness", round(1 / (1 + math.exp(-math.sqrt(2))), 3), True),
        ("joy", 0.5, False),
        ("neutral", 0.014, False),
    ]


@pytest.mark.parametrize(
    "text", ["", "\x00", "\N{GRINNING FACE}", "\ud800", "\u0645\u0631\u062d\u0628\u0627"]
)
def test_a_text_without_a_known_word_scores_what_the_biases_say(text):
    assert told(text) == [("sadness", 0.5, True), ("neutral", 0.5, True), ("joy", 0.5, False)]


def test_an_emotion_of_a_long_text_counts_as_in_the_passage_that_shows_it_most():
    long = "happy " + "word " * 39 + "sad " + "word " * 39
    assert told(long)[:2] == [("joy", 0.982, True), ("sadness", 0.982, True)]


def test_neutral_counts_as_in_the_passages_on_average():
    long = "happy " + "word " * 39 + "word " * 40
    neutral = {name: score for name, score, _ in told(long)}["neutral"]
    assert neutral == round((0.5 + 1 / (1 + math.exp(4))) / 2, 3)
