"""From a call of `samo run` to a run: all is made ready first, and nothing starts before."""

import os
import shutil
import sys
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from samo.cli.boundary import CANCELED
from samo.cli.project import compile_for, project_of, trigger_for
from samo.cli.run_call import RunCall
from samo.cli.showing import shown
from samo.cli.signals import canceling
from samo.cli.state_dirs import scratch_dir, state_dir
from samo.cli.supplying import Ready, supplies_for
from samo.engine import Execution, Supplies
from samo.pipeline.event import RunId
from samo.pipeline.job import JobType
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.place import Place
from samo.pipeline.problem import (
    ConfigError,
    Problem,
    ProblemKind,
    SamoError,
    UsageError,
    nearest,
)
from samo.pipeline.status import WorkflowStatus
from samo.stores import RunFolder, Runs
from samo.system import Reading, locked
from samo.trigger import select

_EXIT_STATUSES = {
    WorkflowStatus.SUCCESS: 0,
    WorkflowStatus.ON_HOLD: 3,
    WorkflowStatus.CANCELED: CANCELED,
}


def launch(call: RunCall, reading: Reading) -> int:
    """Make the run that is asked for, of the repository being read, and return its exit status.

    Raises SamoError where it cannot be made: the config or the call is wrong, or a job needs what
    is not here.
    """
    project = project_of(*reading(), call.config)
    trigger = trigger_for(project, call.trigger_call)
    runs = Runs(state_dir(project.root, os.environ) / "runs")
    slots = scratch_dir(project.root, os.environ)
    _sweep(slots / "snapshots", runs)
    folder = runs.create(RunId(str(uuid.uuid4())))
    snapshot = slots / "snapshots" / str(folder.number)
    with ExitStack() as stack:
        stack.enter_context(locked(folder.lock))
        stack.callback(_forget_unless_begun, runs, folder)
        stack.callback(shutil.rmtree, snapshot, ignore_errors=True)
        pipeline = compile_for(
            project, trigger, call.trigger_call, number=folder.number, id=str(folder.id)
        )
        _refuse_setup(pipeline)
        _require_approvals(pipeline, call.approve)
        selection = select(pipeline, trigger, workflows=call.workflows, jobs=call.jobs)
        ready = Ready(project=project, trigger=trigger, selection=selection)
        if not selection.workflows:
            _say_nothing_runs(ready, call)
            return 0
        supplies = supplies_for(ready, call, folder, slots)
        count = sum(len(workflow.jobs) for workflow in selection.workflows)
        return _run(supplies, call, runs.reserve_numbers(count))


def _forget_unless_begun(runs: Runs, folder: RunFolder) -> None:
    """Leave no folder of a run in which nothing has happened."""
    if not folder.journal.exists():
        runs.discard(folder)


def _require_approvals(pipeline: Pipeline, names: Sequence[str]) -> None:
    """Refuse an approval of what nobody asks for: a slip of the pen must not look like consent."""
    jobs = [job for workflow in pipeline.workflows for job in workflow.jobs]
    known = [str(job.name) for job in jobs if job.type is JobType.APPROVAL]
    unknown = [name for name in names if name not in known]
    if unknown:
        listed = f"there are: {', '.join(dict.fromkeys(known)) or 'none'}"
        raise UsageError(
            *(
                Problem(
                    kind=ProblemKind.USAGE,
                    message=f"no job '{name}' asks for an approval",
                    hint=nearest(name, known) or listed,
                )
                for name in unknown
            )
        )


def _refuse_setup(pipeline: Pipeline) -> None:
    """Nothing answers the request to continue, for which a setup pipeline runs (DYN-003)."""
    if pipeline.is_setup:
        raise ConfigError(
            Problem(
                kind=ProblemKind.UNSUPPORTED_LOCALLY,
                message="a setup pipeline cannot be continued here yet",
                place=Place(pipeline.path, 1, 1),
                hint="samo run --config PATH runs the config that it would continue with",
            )
        )


def _sweep(snapshots: Path, runs: Runs) -> None:
    """Remove the snapshots of runs that were killed."""
    try:
        left = list(snapshots.iterdir())
    except FileNotFoundError:
        return
    active = {str(folder.number) for folder in runs.all() if folder.is_active()} if left else ()
    for folder in left:
        if folder.name not in active:
            shutil.rmtree(folder, ignore_errors=True)


def _run(supplies: Supplies, call: RunCall, first_number: int) -> int:
    with ExitStack() as stack:
        showing = stack.enter_context(shown(supplies, call, sys.stdout, sys.stderr))
        execution = Execution(
            supplies,
            readers=showing.readers,
            approvals=showing.approvals,
            first_number=first_number,
        )
        stack.enter_context(canceling(execution.cancel))
        status = execution.run()
    if status is WorkflowStatus.CANCELED:
        click.echo("canceled: every process that the run started has ended", err=True)
    return _EXIT_STATUSES.get(status, SamoError.exit_status)


def _say_nothing_runs(ready: Ready, call: RunCall) -> None:
    taken = call.events == "-"  # standard output is for events, and there are none
    for each in ready.selection.exclusions:
        if not each.job:
            where = f" ({each.place})" if each.place else ""
            click.echo(f"workflow {each.workflow} does not run: {each.reason}{where}", err=taken)
    click.echo("nothing to run (samo why says which rule keeps each job out)", err=taken)
