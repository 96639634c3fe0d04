"""What a config uses: to find elements that none uses, loops of commands, values that are null."""

from collections.abc import Iterator
from dataclasses import field

from samo.config.library import Element
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import NullValue
from samo.pipeline.place import Place


@dataclass(frozen=True, slots=True)
class Loop:
    """Elements that call each other in a circle, and the call that closes it."""

    elements: tuple[Element, ...]
    place: Place


@dataclass(slots=True)
class Usage:
    """What has been called, and by what; None stands for a workflow.

    `invoked_groups` are the job groups that a workflow invokes, `null_values` the pipeline values
    that were read and are null, each once for a job.
    """

    invoked_groups: set[str] = field(default_factory=set)
    null_values: dict[tuple[str, str], NullValue] = field(default_factory=dict)
    _calls: dict[Element | None, dict[Element, Place]] = field(default_factory=dict)

    def note(self, caller: Element | None, called: Element, place: Place) -> None:
        """Note a call, and where it stands."""
        self._calls.setdefault(caller, {}).setdefault(called, place)

    def is_used(self, element: Element) -> bool:
        """Whether anything but the element itself calls it."""
        return any(element in called for by, called in self._calls.items() if by is not element)

    def loops(self) -> Iterator[Loop]:
        """Return each call that leads back to an element on the way to it."""
        done: set[Element] = set()
        for start in list(self._calls):
            if start is not None and start not in done:
                yield from self._loops_from(start, done)

    def _loops_from(self, start: Element, done: set[Element]) -> Iterator[Loop]:
        way = [start]
        open_calls = [iter(self._calls.get(start, {}).items())]
        while way:
            called, place = next(open_calls[-1], (None, None))
            if called is None or place is None:
                open_calls.pop()
                done.add(way.pop())
            elif called in way:
                yield Loop((*way[way.index(called) :], called), place)
            elif called not in done:
                way.append(called)
                open_calls.append(iter(self._calls.get(called, {}).items()))
