"""Brings a cancel to a run: to the process that runs it, or into its journal."""

import signal
import time
from collections.abc import Mapping
from pathlib import Path

from samo.cli.recovering import recover_runs
from samo.cli.state_dirs import runs_dir
from samo.engine.recovery import cancellation_of
from samo.pipeline.event import RunFinished
from samo.pipeline.problem import Problem, ProblemKind, UsageError
from samo.stores import Journal, RunFolder, Runs, read_journal
from samo.system import find_repository, locked, signal_owner


def cancel_run(repo: Path, reference: str, environ: Mapping[str, str]) -> str:
    """Cancel a run, wait until it has ended, and say how; raises UsageError where it had before."""
    root = find_repository(repo).root
    recover_runs(root, environ)
    folder = Runs(runs_dir(root, environ)).find(reference)
    # Before it writes a journal nobody has heard of the run: it may go without a word, too.
    wish = signal.SIGINT if folder.journal.exists() else signal.SIGTERM
    was_active = signal_owner(folder.lock, wish)
    with locked(folder.lock):  # who runs it lets go when all its processes have ended
        if not was_active:
            _cancel_held(folder)
        return f"run {folder.number}: {_status(folder)}"


def _cancel_held(folder: RunFolder) -> None:
    events = cancellation_of(read_journal(folder.journal), time.time())
    if not events:
        message = f"run {folder.number} has ended: {_status(folder)}"
        hint = "only a run that runs, or is on hold, can be canceled"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
    with Journal(folder.journal) as journal:
        journal.append(*events)
        journal.sync()


def _status(folder: RunFolder) -> str:
    if not folder.journal.exists():
        return "canceled before it began"
    ends = [event for event in read_journal(folder.journal) if isinstance(event, RunFinished)]
    return str(ends[-1].status) if ends else "not finished"
