"""Who reads a run's events while it runs, and who is asked for its approvals."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from samo.cli import approver
from samo.cli.console import Console, is_interactive, open_console
from samo.cli.events_json import JsonLines
from samo.cli.run_call import RunCall
from samo.cli.signals import WordCame, interruptible
from samo.cli.tally import log_of
from samo.engine import Approvals, Reader, Supplies
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import Event
from samo.pipeline.job import JobName
from samo.pipeline.problem import Problem, ProblemKind, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """The readers of a run, and its approvals."""

    readers: tuple[Reader, ...]
    approvals: Approvals


@contextmanager
def shown(supplies: Supplies, call: RunCall, past: Iterable[Event] = ()) -> Iterator[Showing]:
    """Open what shows a run: on stdout, or on stderr where `--events -` takes that.

    What is `past` is not shown any more, but counts in the end.
    """
    stream = sys.stderr if call.events == "-" else sys.stdout
    with ExitStack() as stack:
        readers: list[Reader] = []
        if call.events is not None:
            target = sys.stdout if call.events == "-" else stack.enter_context(_file(call.events))
            readers.append(stack.enter_context(JsonLines(target)))
        console = stack.enter_context(
            open_console(
                stream,
                os.environ,
                workflows=supplies.workflows,
                log_of=partial(log_of, supplies.folder),
            )
        )
        console.recall(past)
        readers.append(console)
        approvals = Approvals(
            names=frozenset(call.approve),
            all=call.approve_all,
            ask=_asking(console, stream),
        )
        yield Showing(readers=tuple(readers), approvals=approvals)


def _file(path: str) -> TextIO:
    try:
        return Path(path).open("w", encoding="utf-8")
    except OSError as error:
        message = f"the events cannot be written to {path}: {error.strerror}"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message)) from error


def _asking(console: Console, stream: TextIO) -> Callable[[JobName], bool | None] | None:
    """Return who asks for an approval: the terminal, where there is one to answer from."""
    if not (sys.stdin.isatty() and is_interactive(stream, os.environ)):
        return None

    def ask(job: JobName) -> bool | None:
        with console.paused():
            try:
                with interruptible():
                    return approver.ask(stream, job)
            except WordCame:
                stream.write("\n")
                return None

    return ask
