"""Makes other programs' output safe to show: no escape but colours, no control characters."""

import re
from enum import Enum
from functools import cache

RESET = "\x1b[0m"
_LONGEST_ESCAPE = 4096

# The patterns are compiled by the first program that writes something.
# One pass over all of it: what a removal brings together must not become an escape.
_UNSAFE = (
    r"(?P<colour>\x1b\[[0-9;:]*m)"
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # cursor movement and the like
    r"|\x1b[\]PX^_][^\x07\x1b\r\n]*(?:\x07|\x1b\\)"  # titles, links: up to their terminator
    r"|\x1b[ -/]*[0-Z\\^-~]"
    r"|(?P<surrogate>[\ud800-\udfff])"  # a byte that was no text
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_SUSPECT = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"  # much faster, if none is found
_HARMLESS = b"\t\n" + bytes(range(0x20, 0x7F))
_UNFINISHED = r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b\r\n]*\x1b?|[ -/]*)?\Z"
_compiled = cache(re.compile)


class Colours(Enum):
    """What becomes of the colours that a program sets."""

    KEPT = "kept"
    DROPPED = "dropped"


class Cleaner:
    """Cleans one program's output, piece by piece: an escape may be cut anywhere.

    Line ends come out as "\\n", also those that only return the carriage, as progress bars do.
    """

    def __init__(self, colours: Colours) -> None:
        self._keeps_colours = colours is Colours.KEPT
        self._rest = ""

    def clean(self, piece: str) -> str:
        """Return what may be shown of the text so far; an unfinished escape waits for its end."""
        text = self._rest + piece
        cut = _compiled(_UNFINISHED).search(text, max(0, len(text) - _LONGEST_ESCAPE))
        self._rest = text[cut.start() :] if cut else ""
        text = text[: cut.start()] if cut else text
        if text.endswith("\r"):  # "\r\n" may be cut in two
            text, self._rest = text[:-1], "\r" + self._rest
        return self._cleaned(text)

    def finish(self) -> str:
        """Return what still waited; what is no text stays away."""
        text, self._rest = self._rest, ""
        return self._cleaned(text)

    def _cleaned(self, text: str) -> str:
        if _is_harmless(text):
            return text
        return _compiled(_UNSAFE).sub(self._safe, text.replace("\r\n", "\n").replace("\r", "\n"))

    def _safe(self, match: re.Match[str]) -> str:
        if match["surrogate"]:
            return "\N{REPLACEMENT CHARACTER}"
        return match.group() if match["colour"] and self._keeps_colours else ""


def _is_harmless(text: str) -> bool:
    if text.isascii():  # most output is, and to look through bytes is ten times as fast
        return not text.encode("ascii").translate(None, _HARMLESS)
    return _compiled(_SUSPECT).search(text) is None


def one_line(text: str) -> str:
    """Return a name or a reason as it may stand in a line of ours: no escapes, no line ends."""
    if text.isascii() and text.isprintable():
        return text
    cleaner = Cleaner(Colours.DROPPED)
    return " ".join((cleaner.clean(text) + cleaner.finish()).split())
