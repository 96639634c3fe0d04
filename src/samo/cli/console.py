"""Picks the console for a stream: a live view on a terminal, plain lines everywhere else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, Self, TextIO

from samo.cli.tally import JobTally, StepTally
from samo.pipeline.event import Event
from samo.pipeline.pipeline import Workflow


class Console(Protocol):
    """A reader of a run's events, told one by one by a single thread, within its `with`.

    No event and no exit raises because of the stream: who shows a run must not end it.
    """

    def __call__(self, event: Event) -> None:
        """Take the next event."""

    def recall(self, past: Iterable[Event]) -> None:
        """Count what happened before, without showing it; call it before anything else."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *details: object) -> None: ...

    def paused(self) -> AbstractContextManager[None]:
        """Keep off the stream while somebody else, a question, uses it."""


def open_console(
    stream: TextIO,
    environ: Mapping[str, str],
    *,
    workflows: Sequence[Workflow],
    log_of: Callable[[JobTally, StepTally], Path],
) -> Console:
    """Return the console that suits the stream; nothing shows before its `with`."""
    if is_interactive(stream, environ):
        # rich costs a third of a run's start-up; who sees plain lines does not pay it.
        from samo.cli.console_live import Live  # noqa: PLC0415

        return Live(stream, environ, workflows=workflows, log_of=log_of)
    from samo.cli.console_plain import Plain  # noqa: PLC0415

    return Plain(stream, environ)


def is_interactive(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether the stream is a terminal on which a view may move."""
    quiet = environ.get("CI") or environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
    return stream.isatty() and not quiet
