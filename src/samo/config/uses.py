"""Text that takes effect elsewhere than where it stands: behind an alias, in an imported orb."""

from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

from samo.pipeline.place import Place
from samo.pipeline.problem import Related

MAX_TOLD = 10
_LAST_LINE = 1 << 31


_Span = tuple[Place, Place]
"""From where to where a text goes; no class, as every run would pay for making it."""


class Uses:
    """All uses of text from elsewhere, so that a fault in it can name them (CFG-019)."""

    def __init__(self) -> None:
        self._uses: dict[_Span, list[Related]] = {}

    def note_alias(self, start: Place, end: Place, place: Place) -> None:
        """Note an alias, and from where to where the text behind it goes."""
        use = Related(message="the alias", place=place)
        self._uses.setdefault((start, end), []).append(use)

    def note_orb(self, path: str, reference: str, place: Place) -> None:
        """Note that `reference` at `place` imports the text at `path`."""
        use = Related(message=f"the orb '{reference}'", place=place)
        whole = Place(path, 1, 1), Place(path, _LAST_LINE, 1)
        self._uses.setdefault(whole, []).append(use)

    def index(self) -> "UseIndex":
        """Return what finds the uses of a place, as they are known by now."""
        return UseIndex(self._uses)


class UseIndex:
    """Finds what uses the text at a place: spans nest, so that one look leads to all around it."""

    def __init__(self, uses: dict[_Span, list[Related]]) -> None:
        self._uses = uses
        # The outer of two that begin together comes first.
        self._spans = sorted(uses, key=itemgetter(1), reverse=True)
        self._spans.sort(key=itemgetter(0))
        self._around: list[int] = []
        for position, span in enumerate(self._spans):
            around = position - 1
            while around >= 0 and self._spans[around][1] <= span[0]:
                around = self._around[around]
            self._around.append(around)

    def of(self, place: Place) -> tuple[Related, ...]:
        """Return what uses the text at a place, then what uses those: a few are enough."""
        found: dict[Place, Related] = {}
        waiting = [place]
        while waiting and len(found) < MAX_TOLD:
            for use in self._direct(waiting.pop(0)):
                if use.place not in found:
                    found[use.place] = use
                    waiting.append(use.place)
        return tuple(found.values())[:MAX_TOLD]

    def _direct(self, place: Place) -> Iterator[Related]:
        position = bisect_right(self._spans, place, key=itemgetter(0)) - 1
        while position >= 0:
            if place < self._spans[position][1]:
                yield from self._uses[self._spans[position]][:MAX_TOLD]
            position = self._around[position]
