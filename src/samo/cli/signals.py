"""Signals that end a run, each only a wish put into its queue."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def canceling(cancel: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C, a request to terminate and a closed terminal call `cancel`."""

    def wish(_number: int, _frame: FrameType | None) -> None:
        cancel()

    before = {number: signal.signal(number, wish) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C interrupt what waits for the user; raises KeyboardInterrupt."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
