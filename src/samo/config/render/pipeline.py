"""A compiled pipeline as one document of version 2.

Its shape is that of CircleCI's own compiler: each job that a workflow runs, its environment as a
list, a `run` always as a mapping, and `version` once more below `workflows`. What the trigger has
decided is gone: a workflow whose condition is false is not there, and of an expression filter only
what it came to. Job groups are gone too: each of their jobs holds the serial group for itself.
"""

from collections import Counter
from collections.abc import Iterable

from samo.config.render.jobs import body_of, render_job
from samo.config.render.tree import Tree
from samo.pipeline.job import Filters, Job, JobType, Patterns, Requirement
from samo.pipeline.pipeline import Pipeline, Schedule, Workflow
from samo.pipeline.status import JobStatus

VERSION = 2

_SUCCESS = frozenset({JobStatus.SUCCESS})


def render_pipeline(pipeline: Pipeline) -> dict[str, Tree]:
    """Return the document: compiled, it gives the workflows that hold, with the same jobs."""
    held = [each for each in pipeline.workflows if not each.condition or each.condition.holds]
    declared = _Declared(job.name for each in held for job in each.jobs if _is_inline(job))
    workflows: dict[str, Tree] = {each.name: _workflow(each, declared) for each in held}
    return {
        "version": VERSION,
        "jobs": declared.jobs,
        "workflows": {**workflows, "version": VERSION},
    }


class _Declared:
    """The jobs under `jobs`: those of several workflows that are the same stand there once."""

    def __init__(self, inline: Iterable[str]) -> None:
        self.jobs: dict[str, Tree] = {}
        self._inline = frozenset(inline)
        self._keys: dict[tuple[str, Job], str] = {}
        self._numbers: Counter[str] = Counter()

    def key(self, job: Job) -> str:
        """Return the key of a job: its name, with a number where another job has that name."""
        body = body_of(job)
        if (job.name, body) not in self._keys:
            key = self._free_key(job.name)
            self._keys[job.name, body] = key
            self.jobs[key] = render_job(job)
        return self._keys[job.name, body]

    def _free_key(self, name: str) -> str:
        key = name
        while key in self.jobs or key in self._inline:
            self._numbers[name] += 1
            key = f"{name}-{self._numbers[name]}"
        return key


def _is_inline(job: Job) -> bool:
    """WF-029: an approval stands in its workflow alone."""
    return job.type is JobType.APPROVAL


def _workflow(workflow: Workflow, declared: _Declared) -> Tree:
    body: dict[str, Tree] = {}
    if workflow.schedules:
        body["triggers"] = [_schedule(each) for each in workflow.schedules]
    if workflow.max_auto_reruns:
        body["max_auto_reruns"] = workflow.max_auto_reruns
    body["jobs"] = [_invocation(job, declared) for job in workflow.jobs]
    return body


def _schedule(schedule: Schedule) -> Tree:
    filters: Tree = {"branches": _patterns(schedule.branches)}
    return {"schedule": {"cron": schedule.cron, "filters": filters}}


def _invocation(job: Job, declared: _Declared) -> Tree:
    key = job.name if _is_inline(job) else declared.key(job)
    body: dict[str, Tree] = {"type": str(job.type)} if _is_inline(job) else {}
    if key != job.name:
        body["name"] = job.name
    if job.requires:
        body["requires"] = [_requirement(each) for each in job.requires]
    if job.contexts:
        body["context"] = list(job.contexts)
    if job.filters != Filters():
        body["filters"] = _filters(job.filters)
    if job.serial_group:
        body["serial-group"] = job.serial_group
    return {key: body} if body else key


def _requirement(requirement: Requirement) -> Tree:
    if requirement.statuses == _SUCCESS:
        return requirement.job
    return {requirement.job: [str(status) for status in sorted(requirement.statuses)]}


def _filters(filters: Filters) -> Tree:
    if filters.expression:
        return "true" if filters.expression.holds else "false"
    given = {"branches": filters.branches, "tags": filters.tags}
    return {key: _patterns(patterns) for key, patterns in given.items() if patterns}


def _patterns(patterns: Patterns) -> Tree:
    given = {"only": patterns.only, "ignore": patterns.ignore}
    return {key: list(texts) for key, texts in given.items() if texts is not None}
