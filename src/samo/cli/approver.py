"""Asks at a terminal whether an approval job may go on."""

import sys
from typing import TextIO

from samo.cli.output import Output
from samo.cli.terminal_text import one_line

_YES = frozenset({"y", "yes"})


def ask(stream: TextIO, job: str, answers: TextIO | None = None) -> bool:
    """Ask on `stream`, read one line of `answers` (stdin), and return whether it says yes.

    Anything but a yes is a no: an empty line, the end of the input, or no terminal to read from.
    """
    source = sys.stdin if answers is None else answers
    out = Output(stream)
    out.write(f"approve '{one_line(job)}'? [y/N] ")
    out.flush()
    try:
        answer = source.readline()
    except (OSError, ValueError):
        return False
    if not answer.endswith("\n"):
        out.write("\n")
        out.flush()
    return answer.strip().lower() in _YES
