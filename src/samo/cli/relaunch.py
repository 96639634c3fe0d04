"""From a run of the past to one that runs the same pipeline once more."""

import os
from collections.abc import Mapping
from enum import Enum

import click

from samo.cli.launch import carry_out
from samo.cli.new_run import RunPlace, new_run
from samo.cli.plan import Before
from samo.cli.recipe import Recipe, read_recipe
from samo.cli.recovering import recover_runs
from samo.cli.run_call import RunCall
from samo.cli.state_dirs import runs_dir
from samo.cli.tally import Tally
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.pipeline.problem import Problem, ProblemKind, UsageError
from samo.pipeline.status import JobStatus, WorkflowStatus
from samo.stores import RunFolder, Runs, read_journal
from samo.system import Reading


class Part(Enum):
    """What of a run runs once more."""

    ALL = "all"
    FROM_FAILED = "from-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """The run that is rerun."""

    folder: RunFolder
    recipe: Recipe
    tally: Tally


def relaunch(call: RunCall, reference: str, part: Part, reading: Reading) -> int:
    """Run a pipeline once more, with the config, values and commit that it had.

    Raises SamoError where there is no such run, it still runs, or nothing of it is left to run.
    """
    repository, facts = reading()
    recover_runs(repository.root, os.environ)
    past = _past(Runs(runs_dir(repository.root, os.environ)).find(reference))
    plan = past.recipe.plan(call, repository, facts, _before(past, part))
    if not past.recipe.is_commit:
        click.echo(past.recipe.remark(past.folder.number), err=True)
    with new_run(repository.root, os.environ) as place:
        _take_over_workspaces(past, plan.before.kept, place)
        return carry_out(plan, place)


def _past(folder: RunFolder) -> _Past:
    if folder.is_active():
        hint = f"samo cancel {folder.number} ends it"
        raise _usage(f"run {folder.number} is still running", hint)
    recipe = read_recipe(folder)
    tally = Tally()
    tally.note_all(read_journal(folder.journal))
    return _Past(folder=folder, recipe=recipe, tally=tally)


def _before(past: _Past, part: Part) -> Before:
    number = past.folder.number
    if part is Part.ALL:
        return Before(rerun_of=number)
    workflows = past.tally.workflows.values()
    if all(workflow.status is WorkflowStatus.SUCCESS for workflow in workflows):
        hint = f"samo rerun {number} runs all of it again"
        raise _usage(f"no workflow of run {number} has failed", hint)
    kept = {
        workflow.name: frozenset(
            job.name for job in workflow.jobs.values() if job.status is JobStatus.SUCCESS
        )
        for workflow in workflows
    }
    return Before(rerun_of=number, kept=kept, workspaces=past.recipe.workspaces)


def _take_over_workspaces(
    past: _Past, kept: Mapping[str, frozenset[JobName]], place: RunPlace
) -> None:
    """Let jobs find what those that are kept have persisted (WS-012)."""
    for workflow, jobs in kept.items():
        root = past.folder.workspace(workflow)
        if root.exists():
            from samo.stores.workspaces import Workspace  # noqa: PLC0415 - few runs have one

            Workspace(place.folder.workspace(workflow)).inherit(root, jobs)


def _usage(message: str, hint: str) -> UsageError:
    return UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
