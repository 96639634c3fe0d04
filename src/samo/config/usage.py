"""What a config uses: to find elements that none uses, loops of commands, values that are null."""

from collections.abc import Iterator
from dataclasses import field

from samo.config.circles import circles
from samo.config.library import Element
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import NullValue
from samo.pipeline.place import Place


@dataclass(slots=True)
class Usage:
    """What has been called, and by what; None stands for a workflow.

    `invoked_groups` are the job groups that a workflow invokes, `null_values` the pipeline values
    that were read and are null, each once for a job.
    """

    invoked_groups: set[str] = field(default_factory=set)
    null_values: dict[tuple[str, str], NullValue] = field(default_factory=dict)
    _calls: dict[Element | None, dict[Element, Place]] = field(default_factory=dict)
    _used: set[Element] = field(default_factory=set)

    def note(self, caller: Element | None, called: Element, place: Place) -> None:
        """Note a call, and where it stands."""
        self._calls.setdefault(caller, {}).setdefault(called, place)
        if caller is not called:
            self._used.add(called)

    def is_used(self, element: Element) -> bool:
        """Whether anything but the element itself calls it."""
        return element in self._used

    def loops(self) -> Iterator[tuple[tuple[Element, ...], Place]]:
        """Return the elements that call each other in a circle, and the call that closes it."""
        starts = [caller for caller in self._calls if caller is not None]
        return circles(starts, lambda element: self._calls.get(element, {}).items())
