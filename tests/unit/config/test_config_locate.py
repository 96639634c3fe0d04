"""Places within scalars: whatever YAML did to the text, a character is found again."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from samo.config.document import Source, read_document
from samo.config.locate import place_within
from samo.config.problems import Problems

LINES = st.lists(
    st.text("ab<>{}: #'\"\\\t\x07\u263a", min_size=1, max_size=12), min_size=1, max_size=5
)
STYLES = st.sampled_from([None, "'", '"', "|", ">"])


def character_at(text, place):
    return text.split("\n")[place.line - 1][place.column - 1]


@given(LINES, STYLES, st.data())
def test_the_place_of_a_character_holds_that_character(lines, style, data):
    value = "\n".join(lines)
    source = yaml.safe_dump({"key": {"inner": value}}, default_style=style)
    node = read_document(Source(path="c", text=source), Problems()).root.get("key").get("inner")
    visible = [at for at, character in enumerate(node.text) if not character.isspace()]
    if not visible:
        return
    offset = data.draw(st.sampled_from(visible))

    found = character_at(source, place_within(node, offset, source))

    assert found in (node.text[offset], "\\")


def test_an_offset_in_a_block_is_a_line_below_its_header():
    source = "a: |\n  one\n  two\n"
    node = read_document(Source(path="c", text=source), Problems()).root.get("a")

    place = place_within(node, node.text.index("two"), source)

    assert (place.line, place.column) == (3, 3)
