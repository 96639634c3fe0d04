"""From a call of `samo run` to a run: all is made ready first, and nothing starts before."""

import getpass
import os
import shutil
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from samo.cli.boundary import CANCELED
from samo.cli.contexts import read_contexts
from samo.cli.project import Project, compile_for, load_project, trigger_for
from samo.cli.run_call import RunCall
from samo.cli.settings import load_settings
from samo.cli.showing import shown
from samo.cli.signals import canceling
from samo.cli.state_dirs import caches_dir, scratch_dir, state_dir
from samo.engine import Execution, RunFacts, Secrets, Supplies, refusals
from samo.executors import ProcessExecutor, Work
from samo.pipeline.event import RunId
from samo.pipeline.pipeline import Workflow
from samo.pipeline.problem import ConfigError, SamoError
from samo.pipeline.status import WorkflowStatus
from samo.pipeline.step import Checkout
from samo.stores import Caches, RunFolder, Runs
from samo.system import Snapshot, locked, take_snapshot
from samo.trigger import Selection, Trigger, parse_origin, select, without_credentials

_EXIT_STATUSES = {
    WorkflowStatus.SUCCESS: 0,
    WorkflowStatus.ON_HOLD: 3,
    WorkflowStatus.CANCELED: CANCELED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A project, a trigger, and what of the pipeline it selects."""

    project: Project
    trigger: Trigger
    selection: Selection


def launch(call: RunCall) -> int:
    """Make the run that is asked for and return its exit status.

    Raises SamoError where it cannot be made: the config or the call is wrong, or a job needs what
    is not here.
    """
    project = load_project(call.repo, call.config)
    trigger = trigger_for(project, branch=call.branch, tag=call.tag, schedule=call.schedule)
    contexts = read_contexts(call.context_file)
    runs = Runs(state_dir(project.root, os.environ) / "runs")
    with _new_run(runs) as folder:
        pipeline = compile_for(
            project, trigger, call.params, number=folder.number, id=str(folder.id)
        )
        selection = select(pipeline, trigger, workflows=call.workflows, jobs=call.jobs)
        ready = _Ready(project=project, trigger=trigger, selection=selection)
        if not selection.workflows:
            runs.discard(folder)
            _say_nothing_runs(ready)
            return 0
        supplies = _supplies(ready, call, folder, contexts)
        count = sum(len(workflow.jobs) for workflow in selection.workflows)
        first_number = runs.reserve_numbers(count)
    return _run(supplies, call, first_number)


@contextmanager
def _new_run(runs: Runs) -> Iterator[RunFolder]:
    """Give the folder of a new run; one that cannot begin leaves none."""
    folder = runs.create(RunId(str(uuid.uuid4())))
    try:
        yield folder
    except BaseException:
        runs.discard(folder)
        raise


def _supplies(
    ready: _Ready, call: RunCall, folder: RunFolder, contexts: Mapping[str, Mapping[str, str]]
) -> Supplies:
    project, workflows = ready.project, ready.selection.workflows
    settings = load_settings(project.root)
    executor = ProcessExecutor(os.environ)
    if problems := refusals(workflows, executor):
        raise ConfigError(*problems)
    facts = _facts(ready, folder, contexts)
    scratch = scratch_dir(project.root, os.environ) / folder.path.name
    return Supplies(
        workflows=workflows,
        config=project.source.path,
        facts=facts,
        folder=folder,
        scratch=scratch,
        executor=executor,
        caches=Caches(caches_dir(project.root, os.environ)),
        machine=settings.machine,
        work=_work(ready, call, scratch / "snapshot", facts),
        secrets=Secrets(value for each in contexts.values() for value in each.values()),
    )


def _work(ready: _Ready, call: RunCall, place: Path, facts: RunFacts) -> Work | None:
    if not any(isinstance(step, Checkout) for step in _steps(ready.selection.workflows)):
        return None
    snapshot = _snapshot(ready.project, place, call.commit)
    return Work(snapshot=snapshot, branch=facts.branch, tag=facts.tag, origin_url=facts.origin_url)


def _snapshot(project: Project, folder: Path, commit: str | None) -> Snapshot:
    assert project.repository is not None  # load_project has found one
    folder.mkdir(parents=True)
    return take_snapshot(project.repository, folder, revision=commit)


def _steps(workflows: tuple[Workflow, ...]) -> Iterator[object]:
    return (step for workflow in workflows for job in workflow.jobs for step in job.steps)


def _facts(ready: _Ready, folder: RunFolder, contexts: Mapping[str, Mapping[str, str]]) -> RunFacts:
    facts, trigger = ready.project.facts, ready.trigger
    origin = parse_origin(facts.origin_url)
    return RunFacts(
        id=str(folder.id),
        branch=trigger.branch,
        tag=trigger.tag,
        revision=facts.revision,
        origin_url=without_credentials(facts.origin_url),
        owner=origin.owner if origin else "",
        repository=origin.name if origin else ready.project.root.name,
        username=_username(),
        contexts=contexts,
    )


def _username() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as containers have it
        return ""


def _run(supplies: Supplies, call: RunCall, first_number: int) -> int:
    with ExitStack() as stack:
        stack.enter_context(locked(supplies.folder.lock))
        stack.callback(shutil.rmtree, supplies.scratch, ignore_errors=True)
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


def _say_nothing_runs(ready: _Ready) -> None:
    for each in ready.selection.exclusions:
        if not each.job:
            where = f" ({each.place})" if each.place else ""
            click.echo(f"workflow {each.workflow} does not run: {each.reason}{where}")
    click.echo("nothing to run (samo why says of each job which rule keeps it out)")
