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
    from samo.cli.boundary import guarded  # noqa: PLC0415
    from samo.cli.commands import call  # noqa: PLC0415

    _leave(guarded(call))


def _leave(status: int) -> NoReturn:
    """End the process at once: what a command opens, it closes itself.

    Python would take all its modules apart first, which is a tenth of a short run.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):  # None is one that the caller has closed
        with suppress(OSError, ValueError):  # who reads us is gone
            stream.flush()
    os._exit(status)
