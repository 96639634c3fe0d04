"""What a run is made from, read off the call, the repository and this machine."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from samo.cli.new_run import RunPlace, snapshot_of
from samo.cli.origins import origins_of
from samo.cli.plan import Plan
from samo.cli.project import Project
from samo.cli.run_call import RunCall
from samo.cli.settings import Settings, load_settings
from samo.cli.state_dirs import caches_dir, own_contexts_file
from samo.engine import Grants, RunFacts, Secrets, Supplies, refusals
from samo.executors import ProcessExecutor, Work, find_isolation
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.problem import ConfigError
from samo.pipeline.step import Checkout
from samo.stores import Caches, RunFolder
from samo.system import cache_home, take_snapshot
from samo.trigger import Selection, parse_origin, skip_mark, without_credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A run that has a place and a compiled config."""

    plan: Plan
    pipeline: Pipeline
    place: RunPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the jobs of a setup pipeline continue it with: a key, and the address that takes it."""

    key: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A plan, and what of its pipeline the trigger selects; most have no `setup`."""

    plan: Plan
    pipeline: Pipeline
    selection: Selection
    setup: Setup = Setup()


def supplies_for(ready: Ready, place: RunPlace) -> Supplies:
    """Return what the run in a place is made from; its snapshot is taken here.

    Raises SamoError where the settings, the contexts or the call are wrong, or a job needs what
    this machine has not.
    """
    plan, workflows = ready.plan, ready.selection.workflows
    project = plan.project
    settings = load_settings(project.root)
    executor = executor_of(project, settings, snapshot_of(place), ready.setup.address)
    if problems := refusals(workflows, executor):
        raise ConfigError(*problems)
    facts = _facts(ready, place.folder, grants_for(plan.call, project.root))
    work = _work(ready, snapshot_of(place), facts)
    if work is not None:  # --commit may have named another than HEAD
        facts = replace(facts, revision=work.snapshot.revision)
    return Supplies(
        workflows=workflows,
        config=project.source.path,
        facts=facts,
        folder=place.folder,
        slots=place.slots,
        executor=executor,
        caches=Caches(caches_dir(project.root, os.environ), cap_bytes=settings.caches_bytes),
        machine=settings.machine,
        serial_groups=cache_home(os.environ) / "serial-groups",
        pipeline_number=int(str(plan.values["pipeline.number"])),
        work=work,
        secrets=Secrets(facts.grants.secrets),
        origins=origins_of(ready.pipeline, workflows, settings),
        rerun_of=plan.before.rerun_of,
        kept=_kept(ready),
    )


def executor_of(
    project: Project, settings: Settings, snapshot: Path | None = None, continue_at: str = ""
) -> ProcessExecutor:
    """Return what runs the jobs of a project; without a snapshot, to ask it what it can."""
    caller = dict(os.environ)
    isolation = None
    if settings.is_isolated:
        git = project.repository.common_dir if project.repository else None
        isolation = find_isolation(
            caller,
            shown=tuple(mapped.folder for mapped in settings.images if mapped.folder),
            borrowed=tuple(each for each in (git, snapshot) if each),
            hidden=(own_contexts_file(caller),),
        )
    return ProcessExecutor(
        caller,
        continue_at=continue_at,
        isolation=isolation,
        images=settings.images,
    )


def _kept(ready: Ready) -> Mapping[str, frozenset[JobName]]:
    """Return the jobs that do not run again: those of a setup pipeline do, as they continue it."""
    again = {each.name for each in ready.selection.workflows} if ready.setup.key else ()
    kept = ready.plan.before.kept
    return {name: jobs for name, jobs in kept.items() if name not in again}


def _work(ready: Ready, place: Path, facts: RunFacts) -> Work | None:
    # Whether the config that follows a setup pipeline checks out is not known when it begins.
    if not ready.setup.key and not _checks_out(ready.selection.workflows):
        return None
    repository = ready.plan.project.repository
    assert repository is not None  # load_project has found one
    place.mkdir(parents=True)
    snapshot = take_snapshot(repository, place, revision=ready.plan.call.commit)
    return Work(snapshot=snapshot, branch=facts.branch, tag=facts.tag, origin_url=facts.origin_url)


def _checks_out(workflows: tuple[Workflow, ...]) -> bool:
    steps = (step for workflow in workflows for job in workflow.jobs for step in job.steps)
    return any(isinstance(step, Checkout) for step in steps)


def grants_for(call: RunCall, root: Path) -> Grants:
    """Return what the call and the user's own file grant the project at `root`."""
    own = own_contexts_file(os.environ)
    if not (call.contexts or call.context_file or call.pass_env or own.exists()):
        return Grants()
    from samo.cli.grants import grants_of  # noqa: PLC0415 - many users have none to give

    return grants_of(call, own, root, os.environ)


def _facts(ready: Ready, folder: RunFolder, grants: Grants) -> RunFacts:
    plan = ready.plan
    facts, trigger = plan.project.facts, plan.trigger
    origin = parse_origin(facts.origin_url)
    return RunFacts(
        id=str(folder.id),
        pipeline_id=str(plan.values["pipeline.id"]),
        workspaces=plan.before.workspaces or str(folder.id),
        branch=trigger.branch,
        tag=trigger.tag,
        revision=facts.revision,
        origin_url=without_credentials(facts.origin_url),
        owner=origin.owner if origin else "",
        repository=origin.name if origin else plan.project.root.name,
        username=username(),
        grants=grants,
        skip_mark=skip_mark(facts),
        continuation_key=ready.setup.key,
    )


def username() -> str:
    """Return who calls, or "" where that user has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as containers have it
        return ""
