"""Runs of the past as the reading commands see them: what the history tells, and their files."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from samo.cli.recovering import recover_runs
from samo.cli.state_dirs import runs_dir, state_dir
from samo.cli.tally import JobTally, StepTally, Tally, WorkflowTally, log_of
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import DifferenceNoted, RunFinished, RunId, RunStarted
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest
from samo.stores import RunFolder, Runs
from samo.stores.history import History
from samo.stores.records import JobRecord, RunDetails, RunRecord, StepRecord, WorkflowRecord
from samo.system import find_repository


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run, its folder, and what its events add up to."""

    folder: RunFolder
    tally: Tally

    def jobs(self, name: str | None) -> list[JobTally]:
        """Return the jobs of that name, `JOB` or `WORKFLOW/JOB`, of each attempt; all for None.

        Raises UsageError where the run has no such job.
        """
        jobs = [job for workflow in self.tally.attempts() for job in workflow.jobs.values()]
        if name is None:
            return jobs
        found = [job for job in jobs if job.is_called(name)]
        if not found:
            message = f"run {self.folder.number} has no job '{name}'"
            hint = nearest(name, [job.name for job in jobs])
            raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
        return found

    def log(self, job: JobTally, step: StepTally) -> Path:
        """Return where a step's output is kept."""
        return log_of(self.folder, job, step)


@contextmanager
def open_history(repo: Path, environ: Mapping[str, str] = os.environ) -> Iterator[History]:
    """Yield the history of the repository around `repo`, up to this moment."""
    root = find_repository(repo).root
    runs = Runs(runs_dir(root, environ))
    runs.prepare()
    recover_runs(root, environ)
    own = state_dir(root, environ) / "history.db"
    with History.open(environ.get("SAMO_DATABASE_URL") or own) as history:
        history.catch_up(runs)
        yield history


@contextmanager
def open_run(repo: Path, reference: str) -> Iterator[tuple[PastRun, History]]:
    """Yield the run that `reference` names, and the history.

    A reference is a number, the begin of an id, or `last`. Raises UsageError where it names none.
    """
    folder = Runs(runs_dir(find_repository(repo).root, os.environ)).find(reference)
    with open_history(repo) as history:
        details = history.run(folder.id)
        if details is None:
            message = f"nothing of run {folder.number} can be read: {folder.journal}"
            raise UsageError(Problem(kind=ProblemKind.USAGE, message=message))
        yield PastRun(folder=folder, tally=tally_of(details)), history


def read_run(repo: Path, reference: str) -> PastRun:
    """Return the run that `reference` names."""
    with open_run(repo, reference) as (run, _):
        return run


def tally_of(details: RunDetails) -> Tally:
    """Return a run of the history as the consoles add one up."""
    run = details.run
    last = {each.name: each.attempt for each in details.workflows}
    workflows = [_workflow(each) for each in details.workflows]
    return Tally(
        start=_start(run),
        end=_end(run),
        workflows={each.name: each for each in workflows},
        earlier=[each for each in workflows if each.attempt < last[each.name]],
        differences=[
            DifferenceNoted(
                time=run.created_at,
                run=RunId(run.id),
                rule=each.rule,
                message=each.message,
                workflow=each.workflow,
                job=each.job,
                place=each.place,
            )
            for each in details.differences
        ],
    )


def _start(run: RunRecord) -> RunStarted:
    return RunStarted(
        time=run.created_at,
        run=RunId(run.id),
        number=run.number,
        branch=run.branch,
        tag=run.tag,
        revision=run.revision,
        config=run.config,
        rerun_of=run.rerun_of,
    )


def _end(run: RunRecord) -> RunFinished | None:
    if run.stopped_at is None:
        return None
    return RunFinished(
        time=run.stopped_at, run=RunId(run.id), status=run.status, duration_s=run.duration_s
    )


def _workflow(record: WorkflowRecord) -> WorkflowTally:
    return WorkflowTally(
        name=record.name,
        attempt=record.attempt,
        started=record.created_at,
        status=record.status,
        duration_s=record.duration_s,
        jobs={each.name: _job(record, each) for each in record.jobs},
    )


def _job(workflow: WorkflowRecord, record: JobRecord) -> JobTally:
    return JobTally(
        workflow=workflow.name,
        attempt=workflow.attempt,
        name=record.name,
        status=record.status,
        number=record.job_number or 0,
        started=record.started_at or 0.0,
        duration_s=record.duration_s,
        reason=record.reason,
        steps={(each.node, each.step): _step(each) for each in record.steps},
    )


def _step(record: StepRecord) -> StepTally:
    return StepTally(
        name=record.name,
        node=record.node,
        step=record.step,
        started=record.started_at,
        status=record.status,
        duration_s=record.duration_s,
        exit_code=record.exit_code,
        reason=record.reason,
    )
