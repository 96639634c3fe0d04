"""Text with `<< >>`: values keep their type alone, and are rendered within text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samo.config.evaluation import UNBOUND, ExpressionError
from samo.config.interpolate import interpolate

VALUES = {
    "yes": True,
    "no": False,
    "n": 12,
    "text": "abc",
    "empty": "",
    "nil": None,
    "later": UNBOUND,
}


def interpolated(text):
    return interpolate(text, lambda name, _at: VALUES[name])


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text):
    if "<<" in text:
        assert interpolated(text.replace("<<", "\\<<")) == text
    else:
        assert interpolated(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<< yes >>", True),
        ("<<n>>", 12),
        ("<< nil >>", None),
        ("  << n >>\n", 12),
        ("v<< n >>", "v12"),
        ("<< yes >>-<< nil >>.", "true-."),
        ("a >> b", "a >> b"),
        ("\\<< n >>", "<< n >>"),
        ("<< n == 12 and 10 or 1 >>", 10),
        ("<<# yes >>a<< n >><</ yes >>", "a12"),
        ("<<# empty >>a<</ empty >>", ""),
        ("<<^ empty >>a<<# yes >>b<</ yes >><</ empty >>", "ab"),
        ("x << later >>", UNBOUND),
    ],
)
def test_tags_sections_and_escapes_mean_what_is_documented(text, value):
    assert interpolated(text) == value


def test_what_a_value_holds_is_not_read_again():
    assert interpolate("<< a >>.", lambda _name, _at: "<< b >>") == "<< b >>."


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("cat <<EOF", 4, "'<<' opens a tag that no '>>' closes"),
        ("a <<# yes >>b", 2, "the section '<<# yes >>' has no end"),
        ("a <</ yes >>", 2, "'<</ yes >>' closes a section that is not open"),
        ("<<include(a.sh)>>", 0, "'<<include(a.sh)>>' has no meaning in a config"),
        ("<<EOF\nx\nEOF >>", 0, "'<< EOF x EOF >>' is neither a value nor an expression"),
    ],
)
def test_a_fault_is_told_at_its_offset(text, offset, message):
    with pytest.raises(ExpressionError) as caught:
        interpolated(text)

    assert (caught.value.offset, caught.value.message) == (offset, message)
