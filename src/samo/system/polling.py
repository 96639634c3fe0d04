"""The one place where threads wait: for descriptors, with a timeout."""

import select
from collections.abc import Iterable

_LONGEST_S = 24 * 86400.0
"""poll(2) takes its milliseconds as an int."""


def ready(descriptors: Iterable[int], timeout_s: float | None = None) -> set[int]:
    """Wait until one can be read or is at its end; return all of those, none after the timeout.

    By poll, as select takes no descriptor above 1023; its clock never jumps.
    """
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    wait_ms = None if timeout_s is None else max(0.0, min(timeout_s, _LONGEST_S)) * 1000
    return {descriptor for descriptor, _ in poll.poll(wait_ms)}
