"""Signals to a run, each only a wish put into its queue: to end, or to hear word from outside."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WORD = signal.SIGUSR1
"""Tells a run that somebody has left word for it in its folder."""


class WordCame(Exception):  # noqa: N818 - nothing went wrong
    """What interrupts a question when word comes from outside: it may be the answer."""


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
def hearing(look: Callable[[], None]) -> Iterator[None]:
    """Let word from outside call `look`; what comes later than that is of no use, and ignored."""

    def wish(_number: int, _frame: FrameType | None) -> None:
        look()

    signal.signal(WORD, wish)
    try:
        yield
    finally:
        signal.signal(WORD, signal.SIG_IGN)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C and word from outside interrupt what waits for the user.

    Raises KeyboardInterrupt, or WordCame.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise WordCame

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    deaf = signal.signal(WORD, interrupt)
    try:
        yield
    finally:
        signal.signal(WORD, deaf)
        signal.signal(signal.SIGINT, before)
