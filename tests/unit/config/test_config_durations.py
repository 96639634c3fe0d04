import pytest

from samo.config.durations import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90.0),
        ("1.25h", 4500.0),
        ("1h30m", 5400.0),
        ("0s", 0.0),
        ("", None),
        ("5", None),
        ("-5m", None),
        ("5 m", None),
        ("9" * 400 + "h", None),
    ],
    ids=str,
)
def test_a_duration_is_read(text, seconds):
    assert seconds_of(text) == seconds
