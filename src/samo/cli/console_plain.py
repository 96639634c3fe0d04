"""A run as plain lines, for where there is no terminal: each one begins with its job's name."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Self, TextIO

from samo.cli.differences import announcement
from samo.cli.output import Output, colours_of
from samo.cli.tally import Tally
from samo.cli.terminal_text import RESET, Cleaner, one_line
from samo.cli.verdict import duration, failed_steps, next_attempt, step_end, title, verdict
from samo.pipeline.event import (
    ApprovalGiven,
    ApprovalRequested,
    Event,
    JobFinished,
    JobQueued,
    RunStarted,
    StepFinished,
    StepOutput,
    StepStarted,
    WorkflowStarted,
)
from samo.pipeline.job import JobName
from samo.pipeline.status import JobStatus

_LONGEST_WAIT = 4096  # characters of a line without an end, before they are passed on

_StepKey = tuple[str, JobName, int, int, int]


class Plain:
    """Writes a run to `stream` as it happens, in bounded memory, and its verdict at the end.

    A line is written when it is whole, so that jobs side by side do not mix theirs. A very long
    one is passed on in pieces, and continues on the same line unless another job comes between.
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str]) -> None:
        self._out = Output(stream)
        self._colours = colours_of(stream, environ)
        self._tally = Tally()
        self._cleaners: dict[_StepKey, Cleaner] = {}
        self._waiting: dict[_StepKey, str] = {}
        self._open: _StepKey | None = None  # whose line on the stream has no end yet

    def __call__(self, event: Event) -> None:
        """Write what there is to say of the event."""
        self._tally.note(event)
        for line in announcement(self._tally.tell(event), self._tally.label):
            self._line(line)
        match event:
            case StepOutput():
                self._output(event)
                return
            case RunStarted():
                self._line(title(event))
            case WorkflowStarted() if event.attempt > 1:
                self._line(next_attempt(event))
            case StepStarted():
                self._say(event, f"> {event.name}", event.node)
            case StepFinished():
                self._step_end(event)
            case _:
                self._of_job(event)
        self._out.flush()

    def _of_job(self, event: Event) -> None:
        match event:
            case JobQueued() if event.reason:
                self._say(event, f"queued: {event.reason}")
            case JobFinished():
                self._job_end(event)
            case ApprovalRequested():
                self._say(event, "on hold: waits for an approval")
            case ApprovalGiven():
                self._say(event, f"approved by {event.by}")

    def recall(self, past: Iterable[Event]) -> None:
        """Count what happened before."""
        self._tally.note_all(past)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        for key in list(self._cleaners):
            self._end_output(key)
        for line in verdict(self._tally):
            self._line(line.text)
        self._out.flush()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the stream at the begin of a line while a question uses it."""
        self._close_line()
        self._out.flush()
        yield

    def _step_end(self, event: StepFinished) -> None:
        self._end_output(_key(event))
        step = self._tally.job(event.workflow, event.job).steps[event.node, event.step]
        told = f"= {event.name}: {step_end(step)}, {duration(event.duration_s)}"
        self._say(event, told, event.node)

    def _job_end(self, event: JobFinished) -> None:
        if event.status is JobStatus.SUCCESS:
            self._say(event, f"success in {duration(event.duration_s)}")
            return
        steps = failed_steps(self._tally.job(event.workflow, event.job))
        reason = event.reason or "; ".join(f"step '{each.name}' {step_end(each)}" for each in steps)
        told = f"{event.status} after {duration(event.duration_s)}"
        self._say(event, f"{told}: {reason}" if reason else told)

    def _output(self, event: StepOutput) -> None:
        key = _key(event)
        cleaner = self._cleaners.setdefault(key, Cleaner(self._colours))
        rest = self._whole_lines(key, cleaner.clean(event.text))
        if len(rest) > _LONGEST_WAIT:
            self._piece(key, rest)
        elif rest:
            self._waiting[key] = rest
        self._out.flush()

    def _end_output(self, key: _StepKey) -> None:
        if cleaner := self._cleaners.pop(key, None):
            rest = self._whole_lines(key, cleaner.finish())
            if rest:
                self._piece(key, rest)

    def _whole_lines(self, key: _StepKey, text: str) -> str:
        """Write the lines that have ended, at once, and return the begin of the next."""
        body, end, rest = (self._waiting.pop(key, "") + text).rpartition("\n")
        if end:
            first, *more = body.split("\n", 1)
            self._piece(key, first)
            self._close_line()
            if more:
                self._out.write(_labelled(more[0], self._prefix(key)))
        return rest

    def _piece(self, key: _StepKey, text: str) -> None:
        if self._open == key:
            self._out.write(_reset(text))
            return
        self._close_line()
        prefix = self._prefix(key)
        self._out.write(prefix + _reset(text) if text else prefix.rstrip())
        self._open = key

    def _prefix(self, key: _StepKey) -> str:
        workflow, job, node, attempt, _ = key
        return f"[{self._tally.label(workflow, job, node, attempt)}]   "

    def _close_line(self) -> None:
        if self._open is not None:
            self._out.write("\n")
            self._open = None

    def _say(
        self,
        event: StepStarted
        | StepFinished
        | JobQueued
        | JobFinished
        | ApprovalRequested
        | ApprovalGiven,
        text: str,
        node: int = 0,
    ) -> None:
        label = self._tally.label(event.workflow, event.job, node, event.attempt)
        self._line(f"[{label}] {text}")

    def _line(self, text: str) -> None:
        self._close_line()
        self._out.write(one_line(text) + "\n")


def _key(event: StepOutput | StepFinished) -> _StepKey:
    return event.workflow, event.job, event.node, event.attempt, event.step


def _labelled(lines: str, prefix: str) -> str:
    """Return whole lines with a prefix each; one by one they would take most of a run's time."""
    if "\x1b" in lines:
        lines = "\n".join(_reset(line) for line in lines.split("\n"))
    text = f"\n{lines}".replace("\n", f"\n{prefix}") + "\n"
    # Of empty lines side by side, one pass takes every other.
    for _ in range(2):
        text = text.replace(f"\n{prefix}\n", f"\n{prefix.rstrip()}\n")
    return text[1:]


def _reset(text: str) -> str:
    """Return the text with its colours ended: none must run into another job's line."""
    return text + RESET if "\x1b" in text else text
