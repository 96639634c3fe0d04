"""What of a run will not be as in the cloud: pure, from the plan, before anything starts.

Only what the run at hand meets is told: a difference that makes none is a false alarm.
"""

from collections.abc import Iterator, Sequence

from samo.engine.differences.circumstances import (
    NO_ORIGINS,
    Circumstances,
    Noted,
    Origins,
    noted,
)
from samo.engine.differences.of_jobs import job_differences
from samo.engine.differences.of_runs import run_differences, values_met
from samo.pipeline.pipeline import Workflow

__all__ = [
    "NO_ORIGINS",
    "Circumstances",
    "Noted",
    "Origins",
    "all_differences",
    "differences_of_jobs",
    "values_met",
]


def all_differences(workflows: Sequence[Workflow], around: Circumstances) -> Iterator[Noted]:
    """Return what will differ from the cloud in a run of these workflows."""
    yield from run_differences(workflows, around)
    yield from differences_of_jobs(workflows, around)


def differences_of_jobs(workflows: Sequence[Workflow], around: Circumstances) -> Iterator[Noted]:
    """Return what will differ for each job of these workflows."""
    for workflow in workflows:
        for job in workflow.jobs:
            for each in dict.fromkeys(job_differences(job, around)):
                yield noted(each, workflow.name, job)
