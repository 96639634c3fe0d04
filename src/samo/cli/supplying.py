"""What a run is made from, read off the call, the repository and this machine."""

import getpass
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from samo.cli.contexts import read_contexts
from samo.cli.project import Project
from samo.cli.run_call import RunCall
from samo.cli.settings import load_settings
from samo.cli.state_dirs import caches_dir
from samo.engine import RunFacts, Secrets, Supplies, refusals
from samo.executors import ProcessExecutor, Work
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Workflow
from samo.pipeline.problem import ConfigError
from samo.pipeline.step import Checkout
from samo.stores import Caches, RunFolder
from samo.system import take_snapshot
from samo.trigger import Selection, Trigger, parse_origin, skip_mark, without_credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A project, a trigger, and what of the pipeline it selects."""

    project: Project
    trigger: Trigger
    selection: Selection


def supplies_for(ready: Ready, call: RunCall, folder: RunFolder, slots: Path) -> Supplies:
    """Return what the run in `folder` is made from; its snapshot is taken here.

    Raises SamoError where the settings, the contexts or the call are wrong, or a job needs what
    this machine has not.
    """
    project, workflows = ready.project, ready.selection.workflows
    settings = load_settings(project.root)
    executor = ProcessExecutor(dict(os.environ))
    if problems := refusals(workflows, executor):
        raise ConfigError(*problems)
    contexts = read_contexts(call.context_file)
    facts = _facts(ready, folder, contexts)
    work = _work(ready, call, slots / "snapshots" / str(folder.number), facts)
    if work is not None:  # --commit may have named another than HEAD
        facts = replace(facts, revision=work.snapshot.revision)
    return Supplies(
        workflows=workflows,
        config=project.source.path,
        facts=facts,
        folder=folder,
        slots=slots,
        executor=executor,
        caches=Caches(caches_dir(project.root, os.environ)),
        machine=settings.machine,
        work=work,
        secrets=Secrets(value for each in contexts.values() for value in each.values()),
    )


def _work(ready: Ready, call: RunCall, place: Path, facts: RunFacts) -> Work | None:
    if not any(isinstance(step, Checkout) for step in _steps(ready.selection.workflows)):
        return None
    repository = ready.project.repository
    assert repository is not None  # load_project has found one
    place.mkdir(parents=True)
    snapshot = take_snapshot(repository, place, revision=call.commit)
    return Work(snapshot=snapshot, branch=facts.branch, tag=facts.tag, origin_url=facts.origin_url)


def _steps(workflows: tuple[Workflow, ...]) -> Iterator[object]:
    return (step for workflow in workflows for job in workflow.jobs for step in job.steps)


def _facts(ready: Ready, folder: RunFolder, contexts: Mapping[str, Mapping[str, str]]) -> RunFacts:
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
        skip_mark=skip_mark(facts),
    )


def _username() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as containers have it
        return ""
