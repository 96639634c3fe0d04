"""Who reads a run's events while it runs, and who is asked for its approvals."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from samo.cli import approver
from samo.cli.console import Console, is_interactive, open_console
from samo.cli.events_json import JsonLines
from samo.cli.run_call import RunCall
from samo.cli.signals import interruptible
from samo.engine import Approvals, Reader, Supplies
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.pipeline.problem import Problem, ProblemKind, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """The readers of a run, and its approvals."""

    readers: tuple[Reader, ...]
    approvals: Approvals


@contextmanager
def shown(supplies: Supplies, call: RunCall, results: TextIO, rest: TextIO) -> Iterator[Showing]:
    """Open what shows a run: on `results`, or on `rest` where `--events -` takes that."""
    stream = rest if call.events == "-" else results
    with ExitStack() as stack:
        readers: list[Reader] = []
        if call.events is not None:
            target = results if call.events == "-" else stack.enter_context(_file(call.events))
            readers.append(stack.enter_context(JsonLines(target)))
        console = stack.enter_context(
            open_console(
                stream, os.environ, workflows=supplies.workflows, log_of=supplies.folder.log
            )
        )
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


def _asking(console: Console, stream: TextIO) -> Callable[[JobName], bool] | None:
    """Return who asks for an approval: the terminal, where there is one to answer from."""
    if not (sys.stdin.isatty() and is_interactive(stream, os.environ)):
        return None

    def ask(job: JobName) -> bool:
        with console.paused(), interruptible():
            return approver.ask(stream, job)

    return ask
