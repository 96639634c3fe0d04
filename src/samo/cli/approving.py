"""Brings an approval to a run: to the process that runs it, or by going on with it here."""

import os
import time
from collections.abc import Sequence

import click

from samo.cli.recovering import recover_runs
from samo.cli.resuming import RepositoryNow, resume
from samo.cli.run_call import RunCall
from samo.cli.signals import WORD
from samo.cli.state_dirs import runs_dir
from samo.cli.supplying import username
from samo.cli.tally import JobTally, Tally
from samo.pipeline.event import Event
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest
from samo.pipeline.status import JobStatus
from samo.stores import RunFolder, Runs, read_journal
from samo.system import Reading, owned, signal_owner, write_atomically

_LOOK_S = 0.05
"""How often is looked whether the run has taken the approval: it says so in its journal alone."""


def approve_job(call: RunCall, reference: str, name: str, reading: Reading) -> int:
    """Approve a job; raises UsageError where it does not wait for that."""
    repository, facts = reading()
    recover_runs(repository.root, os.environ)
    runs = Runs(runs_dir(repository.root, os.environ))
    folder = runs.find(reference)
    job = _waiting(folder, name, _events(folder))
    _leave_word(folder, job)
    if _is_taken(folder, job):
        click.echo(f"approved '{job.name}' of run {folder.number}")
        return 0
    return _go_on(call, runs, folder, name, (repository, facts))


def _go_on(call: RunCall, runs: Runs, folder: RunFolder, name: str, now: RepositoryNow) -> int:
    with owned(folder.lock):
        past = _events(folder)  # somebody may have been faster
        _waiting(folder, name, past)
        return resume(call, runs, folder, past, of=now)


def _events(folder: RunFolder) -> Sequence[Event]:
    return tuple(read_journal(folder.journal)) if folder.journal.exists() else ()


def _waiting(folder: RunFolder, name: str, events: Sequence[Event]) -> JobTally:
    """Return the job of that name that is on hold."""
    jobs = _jobs(events)
    named = [job for job in jobs if job.is_called(name)]
    found = [job for job in named if job.status is JobStatus.ON_HOLD]
    match found:
        case [job]:
            return job
        case [_, *_]:
            listed = ", ".join(f"{job.workflow}/{job.name}" for job in found)
            raise _usage(
                f"several jobs '{name}' of run {folder.number} wait", f"name one: {listed}"
            )
    if named:
        message = f"job '{name}' of run {folder.number} is {named[0].status}"
        raise _usage(message, "only a job that is on hold can be approved")
    held = [str(job.name) for job in jobs if job.status is JobStatus.ON_HOLD]
    hint = nearest(name, [str(job.name) for job in jobs]) or f"on hold: {', '.join(held) or 'none'}"
    raise _usage(f"run {folder.number} has no job '{name}'", hint)


def _jobs(events: Sequence[Event]) -> list[JobTally]:
    tally = Tally()
    tally.note_all(events)
    return tally.jobs()


def _leave_word(folder: RunFolder, job: JobTally) -> None:
    """Write the approval down where the run looks for it: it is given whatever happens to us."""
    path = folder.of_attempt(job.attempt).approval(job.workflow, job.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    user = username() or "the user"
    write_atomically(path, user.encode(errors="surrogateescape"))


def _is_taken(folder: RunFolder, job: JobTally) -> bool:
    """Tell the process that runs the run, and return whether one has taken the approval."""
    while True:
        is_told = signal_owner(folder.lock, WORD)
        held = [each for each in _jobs(_events(folder)) if each.status is JobStatus.ON_HOLD]
        if not any((each.workflow, each.name) == (job.workflow, job.name) for each in held):
            return True
        if not is_told:
            return False
        time.sleep(_LOOK_S)


def _usage(message: str, hint: str) -> UsageError:
    return UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
