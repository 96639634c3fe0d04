"""What becomes of a text with names in it where that is no value: unbound, or an error."""

from collections.abc import Callable

from samo.pipeline.problem import ProblemKind

Lookup = Callable[[str, int], object]
"""Returns the value of the name at an offset; raises ExpressionError where there is none."""


class Unbound:
    """The type of `UNBOUND`: a value that only an invocation will know."""

    def __repr__(self) -> str:
        return "UNBOUND"


UNBOUND = Unbound()


class ExpressionError(Exception):
    """What is wrong with a text, at an offset in it."""

    def __init__(self, kind: ProblemKind, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.offset = offset
        self.hint = hint
