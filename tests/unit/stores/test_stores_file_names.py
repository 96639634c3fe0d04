import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.stores.file_names import file_name

_any_text = st.text(st.characters(), max_size=200)
# What differs by little is what collides first.
_alike = st.text(st.sampled_from("aA%2F/.-\0é"), max_size=80)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unit-tests", "unit-tests"),
        ("python-3.11_x", "python-3.11_x"),
        ("a/b", "a%2Fb"),
        ("..", "%2E."),
        (".hidden", "%2Ehidden"),
        ("-rf", "%2Drf"),
        ("50%", "50%25"),
        ("é", "%C3%A9"),
        ("", "%empty"),
    ],
)
def test_safe_names_stay_and_others_are_encoded(name, expected):
    assert file_name(name) == expected


@given(_any_text | _alike, _any_text | _alike)
def test_two_names_never_share_a_file_name(one, other):
    assert (file_name(one) == file_name(other)) == (one == other)


@given(_any_text | st.text(max_size=2000))
def test_a_file_name_is_one_short_plain_name(name):
    encoded = file_name(name)
    assert len(encoded) <= 130
    assert encoded.isascii()
    assert "/" not in encoded
    assert encoded not in ("", ".", "..")
    assert not encoded.startswith((".", "-"))


def test_long_names_that_differ_at_their_end_differ():
    assert file_name("x" * 500 + "a") != file_name("x" * 500 + "b")
