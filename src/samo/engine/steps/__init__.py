"""The steps of a job, one module a kind; `perform` picks it.

What few runs need is imported where it is performed: it brings hashes, archives and parsers along.
"""

from typing import assert_never

from samo.engine.steps.checkout import checkout
from samo.engine.steps.report import (
    DONE,
    Report,
    StepEnd,
    StepPost,
    Surroundings,
    failed,
    open_log,
)
from samo.engine.steps.run import run, start
from samo.pipeline.step import (
    AddSshKeys,
    AttachWorkspace,
    Checkout,
    PersistToWorkspace,
    RestoreCache,
    Run,
    SaveCache,
    SetupRemoteDocker,
    Step,
    StoreArtifacts,
    StoreTestResults,
)

__all__ = ["DONE", "Report", "StepEnd", "StepPost", "Surroundings", "open_log", "perform", "start"]


def perform(step: Step, around: Surroundings, report: Report) -> StepEnd:  # noqa: PLR0911 - a table
    """Do what the step says, to its end."""
    match step:
        case Run():
            return run(step, around, report)
        case Checkout():
            return checkout(step, around, report)
        case SaveCache() | RestoreCache():
            return _with_caches(step, around, report)
        case PersistToWorkspace() | AttachWorkspace():
            return _with_workspace(step, around, report)
        case StoreArtifacts() | StoreTestResults():
            return _keep_results(step, around, report)
        case AddSshKeys():
            return _add_ssh_keys(step, report)
        case SetupRemoteDocker():
            return failed("there is no Docker engine for this job")  # refused before the run, too
    assert_never(step)


def _with_caches(step: SaveCache | RestoreCache, around: Surroundings, report: Report) -> StepEnd:
    from samo.engine.steps.caches import restore_cache, save_cache  # noqa: PLC0415

    if isinstance(step, SaveCache):
        return save_cache(step, around, report)
    return restore_cache(step, around, report)


def _with_workspace(
    step: PersistToWorkspace | AttachWorkspace, around: Surroundings, report: Report
) -> StepEnd:
    from samo.engine.steps.workspaces import (  # noqa: PLC0415
        attach_workspace,
        persist_to_workspace,
    )

    if isinstance(step, PersistToWorkspace):
        return persist_to_workspace(step, around, report)
    return attach_workspace(step, around, report)


def _keep_results(
    step: StoreArtifacts | StoreTestResults, around: Surroundings, report: Report
) -> StepEnd:
    from samo.engine.steps.results import keep_artifacts, keep_test_results  # noqa: PLC0415

    if isinstance(step, StoreArtifacts):
        return keep_artifacts(step, around, report)
    return keep_test_results(step, around, report)


def _add_ssh_keys(step: AddSshKeys, report: Report) -> StepEnd:
    """LOC-012: only keys that the user names, and there is no way yet to name one."""
    if step.fingerprints:
        return failed(f"no SSH key {', '.join(step.fingerprints)} here")
    report.log.say("no SSH keys are configured here")
    return DONE
