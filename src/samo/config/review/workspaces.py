"""Workspaces that are attached where nothing can have been persisted."""

from collections import defaultdict
from collections.abc import Iterator

from samo.config.compile import Compilation
from samo.config.review.walk import entries, steps
from samo.pipeline.job import Job, JobName
from samo.pipeline.pipeline import Workflow
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind
from samo.pipeline.step import AttachWorkspace, PersistToWorkspace


def warn_of_workspaces(compilation: Compilation) -> None:
    """Note each step that attaches a workspace to which no upstream job adds (WS-007, WS-013).

    One job may stand in several workflows: it is enough that it finds something in one.
    """
    if _holds_back_persisting(compilation):
        return
    fed: set[Place] = set()
    owners: dict[Place, str] = {}
    for workflow in compilation.pipeline.workflows:
        downstream = _downstream_of_persisting(workflow)
        for job in workflow.jobs:
            for place in _attaching(job):
                owners.setdefault(place, job.declared_name)
                if job.name in downstream or _persists(job):
                    fed.add(place)
    for place, owner in owners.items():
        if place not in fed:
            message = f"the job '{owner}' attaches a workspace to which nothing was persisted"
            hint = "let it require a job that has 'persist_to_workspace'"
            compilation.scope.problems.warn(ProblemKind.NO_EFFECT, message, place, hint)


def _holds_back_persisting(compilation: Compilation) -> bool:
    """Whether a condition keeps a persisting step out today, which may be there tomorrow."""
    persisting = (
        step for step in steps(compilation.pipeline) if isinstance(step, PersistToWorkspace)
    )
    compiled = {step.place for step in persisting}
    return any(
        entry.key == "persist_to_workspace" and entry.place not in compiled
        for entry in entries(compilation.root)
    )


def _downstream_of_persisting(workflow: Workflow) -> set[JobName]:
    after: dict[JobName, list[JobName]] = defaultdict(list)
    for job in workflow.jobs:
        for requirement in job.requires:
            after[requirement.job].append(job.name)
    waiting = [job.name for job in workflow.jobs if _persists(job)]
    found: set[JobName] = set()
    while waiting:
        for name in after[waiting.pop()]:
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _persists(job: Job) -> bool:
    return any(isinstance(step, PersistToWorkspace) for step in job.steps)


def _attaching(job: Job) -> Iterator[Place]:
    return (step.place for step in job.steps if isinstance(step, AttachWorkspace))
