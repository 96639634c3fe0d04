"""A run on a terminal: the jobs by stage as they stand now, and at the end what there is to know.

The events' thread only adds them up; a ticker draws, four times a second, whatever is added up by
then. So a job that writes a gigabyte is not slowed by being shown, and a silent one still ages.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TextIO

from rich.console import Console, Group
from rich.live import Live as Region
from rich.text import Text

from samo.cli.console_rows import STYLES, Stages, rows, stages_of
from samo.cli.differences import announcement
from samo.cli.output import Output, colours_of
from samo.cli.tally import JobTally, StepTally, Tally
from samo.cli.terminal_text import RESET, Cleaner, Colours, one_line
from samo.cli.verdict import Line, failed_steps, step_end, verdict
from samo.pipeline.event import Event, JobStarted, StepOutput
from samo.pipeline.job import JobName
from samo.pipeline.pipeline import Workflow

LogOf = Callable[[JobTally, StepTally], Path]
"""Where the log of a step of a job is."""

_TICK_S = 0.25
_CHUNK = 64 * 1024
_TAIL = 400  # characters of a step's last line that are worth keeping


class Live:
    """Shows a run on the terminal `stream`; `clock` tells Unix seconds, as events do.

    `workflows` gives the stages; `log_of` finds the whole output of a failed step, shown at the
    end.
    """

    def __init__(
        self,
        stream: TextIO,
        environ: Mapping[str, str],
        *,
        workflows: Sequence[Workflow] = (),
        log_of: LogOf | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._stream = stream
        self._out = Output(stream)
        self._colours = colours_of(stream, environ)
        self._stages: Stages = stages_of(workflows)
        self._log_of = log_of
        self._clock = clock
        self._tally = Tally()
        self._last_lines: dict[tuple[str, JobName], str] = {}
        self._console = _console(stream, self._colours)
        self._region: Region | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="samo-console")

    def __call__(self, event: Event) -> None:
        """Add the event; the next tick shows it."""
        with self._lock:
            if isinstance(event, StepOutput):
                self._keep_last_line(event)
                return
            if isinstance(event, JobStarted):
                self._last_lines.pop((event.workflow, event.job), None)
            self._tally.note(event)
            # Above the view, where it scrolls away with what was there before the run.
            for line in announcement(self._tally.tell(event), self._tally.label):
                self._print(Line(line))

    def recall(self, past: Iterable[Event]) -> None:
        """Count what happened before."""
        self._tally.note_all(past)

    def __enter__(self) -> Self:
        self._open_region()
        self._ticker.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._stop.set()
        self._ticker.join()
        self._close_region()
        for job in self._tally.jobs():
            for step in failed_steps(job):
                self._show_failure(job, step)
        for line in verdict(self._tally):
            self._print(line)
        self._out.flush()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Free the terminal for a question, and take it back afterwards."""
        with self._lock:
            self._close_region()
            try:
                yield
            finally:
                self._open_region()

    def render(self) -> Group:
        """Return what the terminal shows now."""
        height = max(self._console.size.height - 2, 3)
        return Group(*rows(self._tally, self._stages, self._last_lines, self._clock(), height))

    def _tick(self) -> None:
        while not self._stop.wait(_TICK_S):
            with self._lock:
                if self._region is not None:
                    with self._closed_terminal():
                        self._region.update(self.render(), refresh=True)

    def _open_region(self) -> None:
        with self._closed_terminal():
            region = Region(
                self.render(),
                console=self._console,
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            region.start(refresh=True)
            self._region = region

    def _close_region(self) -> None:
        region, self._region = self._region, None
        if region is not None:
            with self._closed_terminal():
                region.stop()

    @contextmanager
    def _closed_terminal(self) -> Iterator[None]:
        # The run goes on when its terminal goes away; from then on nothing is drawn.
        try:
            yield
        except (OSError, ValueError):
            self._region = None
            self._out.broken = True

    def _keep_last_line(self, event: StepOutput) -> None:
        key = (event.workflow, event.job)
        text = event.text[-4 * _TAIL :]
        ends = text.endswith(("\n", "\r"))
        lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
        if not lines:
            return
        begun = self._last_lines.get(key, "\n")
        joined = len(lines) == 1 and not begun.endswith("\n")
        line = (begun + lines[-1] if joined else lines[-1])[-_TAIL:]
        self._last_lines[key] = line + "\n" if ends else line

    def _show_failure(self, job: JobTally, step: StepTally) -> None:
        label = self._tally.label(job.workflow, job.name, step.node, job.attempt)
        self._print(Line(""))
        self._print(Line(f"[{label}] {step.name}: {step_end(step)}", "failed"))
        if self._log_of is None:
            return
        path = self._log_of(job, step)
        cleaner = Cleaner(self._colours)
        text = ""
        try:
            with path.open(encoding="utf-8", errors="replace", newline="") as log:
                while chunk := log.read(_CHUNK):
                    text = cleaner.clean(chunk)
                    self._out.write(text)
        except OSError as error:
            text = f"its output cannot be read: {error}"
            self._out.write(text)
        rest = cleaner.finish()
        end = "" if not rest and text.endswith("\n") else "\n"
        self._out.write(rest + end + (RESET if self._colours is Colours.KEPT else ""))

    def _print(self, line: Line) -> None:
        if self._out.broken:
            return
        text = Text(one_line(line.text) if line.text.strip() else "")
        if line.status:
            text.highlight_words([line.status], STYLES.get(line.status, ""))
        with self._closed_terminal():
            self._console.print(text, soft_wrap=True)


def _console(stream: TextIO, colours: Colours) -> Console:
    return Console(
        file=stream,
        no_color=colours is Colours.DROPPED,
        markup=False,
        emoji=False,
        highlight=False,
    )
