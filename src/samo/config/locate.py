"""From an offset within a scalar's value back to the line and column where it was typed."""

import re
from bisect import bisect_right
from functools import lru_cache

from samo.config.document import LINE_BREAK, ScalarNode
from samo.pipeline.place import Place

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_CHARACTER = re.compile(r".", re.DOTALL)
_QUOTED = re.compile(r"''|.", re.DOTALL)
_ESCAPED = re.compile(r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|.", re.DOTALL)
_ESCAPED_SPACES = "ntrvf \t\r\nN_LP"


def place_within(node: ScalarNode, offset: int, source: str) -> Place:
    """Return the place of a character of `node.text` in the file's text.

    YAML folds lines, strips indentation and resolves escapes, but it keeps every character that
    is not white space, in order: so the characters that are not are counted in both texts.
    """
    if not node.end:
        return node.place
    wanted = sum(1 for character in node.text[:offset] if not character.isspace())
    position = _skip_opening(source, node.start)
    written = {"'": _QUOTED, '"': _ESCAPED}.get(source[position - 1 : position], _CHARACTER)
    if position == node.start:
        written = _CHARACTER
    after = node.start
    for found in written.finditer(source, position, node.end):
        if not _is_space(found[0]):
            if not wanted:
                return _place(node, source, found.start())
            wanted -= 1
            after = found.end()
    return _place(node, source, after)


def place_of_name(name: str, path: str, source: str, line: int) -> Place:
    """Return where a name first stands in a file's text, from a line on; else that line."""
    starts = _line_starts(source)
    position = source.find(name, starts[min(line, len(starts)) - 1])
    if position < 0:
        return Place(path, line, 1)
    before = bisect_right(starts, position)
    return Place(path, before, position - starts[before - 1] + 1)


@lru_cache(maxsize=1)  # each job of a file may ask
def _line_starts(source: str) -> tuple[int, ...]:
    return (0, *(found.end() for found in LINE_BREAK.finditer(source)))


def _is_space(written: str) -> bool:
    """Whether a character is white space, as it was written: perhaps as an escape."""
    if len(written) < 2 or written == "''":
        return written.isspace()
    if len(written) > 2:
        return chr(int(written[2:], 16)).isspace()
    return written[1] in _ESCAPED_SPACES


def _skip_opening(source: str, start: int) -> int:
    """Return where the value begins: behind a quote, or a block's header line."""
    if properties := _PROPERTIES.match(source, start):  # an anchor or a YAML tag
        start = properties.end()
    opening = source[start : start + 1]
    if opening in ('"', "'"):
        return start + 1
    if opening in ("|", ">"):
        end = source.find("\n", start)
        return end + 1 if end >= 0 else len(source)
    return start


def _place(node: ScalarNode, source: str, position: int) -> Place:
    breaks = [found.end() for found in LINE_BREAK.finditer(source, node.start, position)]
    if not breaks:
        return Place(node.place.path, node.place.line, node.place.column + position - node.start)
    return Place(node.place.path, node.place.line + len(breaks), position - breaks[-1] + 1)
