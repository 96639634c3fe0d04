"""The entry point of `samo`: how the program starts and ends."""

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Run the command of `sys.argv` and exit with its status."""
    # What a start makes lives on: to look for garbage in it again and again takes 4 % of it.
    # Most of that is the import of click, which comes after.
    gc.set_threshold(100_000)
    _open_closed_streams()
    from samo.cli.boundary import guarded  # noqa: PLC0415
    from samo.cli.commands import call  # noqa: PLC0415

    _leave(guarded(call))


def _open_closed_streams() -> None:
    """Let the streams that the caller has closed lead nowhere: a run is not about who reads it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # The lowest number that is free is the one of that stream: no other file, and no file
            # of a program that we call, must get it.
            number = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(number, True)  # noqa: FBT003 - the library's own
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def _leave(status: int) -> NoReturn:
    """End the process at once: what a command opens, it closes itself.

    Python would take all its modules apart first, which is a tenth of a short run.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # who reads us is gone
            stream.flush()
    os._exit(status)
