"""Where something was written."""

from typing import NamedTuple


class Place(NamedTuple):
    """A position in a text file, counted from 1 as editors do.

    A tuple, as places are ordered, and made by the thousand.
    """

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
