from hypothesis import given
from hypothesis import strategies as st

from samo.cli.terminal_text import Cleaner, Colours, one_line

PIECES = st.lists(
    st.text(alphabet=st.sampled_from("ab\x1b[]0;1mKH\x07\\\r\n\t\x08\x9b")), max_size=8
)


def cleaned(*pieces, colours=Colours.DROPPED):
    cleaner = Cleaner(colours)
    return "".join(cleaner.clean(piece) for piece in pieces) + cleaner.finish()


@given(PIECES)
def test_where_the_output_is_cut_makes_no_difference(pieces):
    assert cleaned(*pieces) == cleaned("".join(pieces))


@given(PIECES)
def test_nothing_that_moves_the_cursor_comes_through(pieces):
    text = cleaned(*pieces)

    assert not set(text) & set("\x1b\x07\x08\x9b\r")


def test_an_endless_escape_is_given_up_in_bounded_memory():
    cleaner = Cleaner(Colours.DROPPED)
    for _ in range(100):
        cleaner.clean("\x1b]0;" + "x" * 10_000)

    assert len(cleaner.finish()) <= 10_000


def test_a_name_is_made_one_line():
    assert one_line("two\nlines \x1b[31m[bold]") == "two lines [bold]"
