"""The steps of a job, one module a kind; `perform` picks it."""

from typing import assert_never

from samo.engine.steps.caches import restore_cache, save_cache
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
from samo.engine.steps.results import keep_artifacts, keep_test_results
from samo.engine.steps.run import run, start
from samo.engine.steps.workspaces import attach_workspace, persist_to_workspace
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


def perform(step: Step, around: Surroundings, report: Report) -> StepEnd:  # noqa: C901, PLR0911 - a table
    """Do what the step says, to its end."""
    match step:
        case Run():
            return run(step, around, report)
        case Checkout():
            return checkout(step, around, report)
        case SaveCache():
            return save_cache(step, around, report)
        case RestoreCache():
            return restore_cache(step, around, report)
        case PersistToWorkspace():
            return persist_to_workspace(step, around, report)
        case AttachWorkspace():
            return attach_workspace(step, around, report)
        case StoreArtifacts():
            return keep_artifacts(step, around, report)
        case StoreTestResults():
            return keep_test_results(step, around, report)
        case AddSshKeys():
            return _add_ssh_keys(step, report)
        case SetupRemoteDocker():
            return failed("there is no Docker engine for this job")  # refused before the run, too
    assert_never(step)


def _add_ssh_keys(step: AddSshKeys, report: Report) -> StepEnd:
    """LOC-012: only keys that the user names, and there is no way yet to name one."""
    if step.fingerprints:
        return failed(f"no SSH key {', '.join(step.fingerprints)} here")
    report.log.say("no SSH keys are configured here")
    return DONE
