"""A declared job with its parameters bound, expanded to a `Job` (JOB-006 to JOB-018)."""

import re
from collections.abc import Mapping

from samo.config.decode import Fields, is_absent
from samo.config.document import Entry, MapNode, Node, ScalarNode
from samo.config.environment import merged
from samo.config.executors import (
    EXECUTOR_KEYS,
    SETTING_KEYS,
    Settings,
    check_single_executor,
    read_settings,
    resolve_executor,
)
from samo.config.library import Element, Found
from samo.config.scope import Scope, evaluate
from samo.config.steps import expand_steps
from samo.pipeline.job import Job, JobName, JobType
from samo.pipeline.problem import ProblemKind

_COMMON_KEYS = ("type", "description", "parameters")
_BUILD_KEYS = (
    *EXECUTOR_KEYS, "executor", *SETTING_KEYS, "steps", "parallelism", "retention",
    "circleci_ip_ranges", "branches", *_COMMON_KEYS,
)  # fmt: skip
_OLD_BUILD_KEYS = tuple(key for key in _BUILD_KEYS if key not in ("executor", "parameters"))
_OTHER_KEYS = {
    JobType.RELEASE: ("plan_name", "validation"),
    JobType.LOCK: ("key",),
    JobType.UNLOCK: ("key",),
}
_NEEDED = {JobType.RELEASE: "plan_name", JobType.LOCK: "key", JobType.UNLOCK: "key"}
_RETENTION = re.compile(r"(?:[1-9]|[12][0-9]|30)d")


def expand_job(found: Found, parameters: Mapping[str, object], scope: Scope) -> Job:
    """Return a declared job, its name that of its declaration; what is wrong with it is noted."""
    inner = scope.inside(found, parameters)
    fields = Fields(
        _evaluated(found.body, inner), found.element.title, found.element.place, scope.problems
    )
    default = JobType.BUILD if is_absent(found.body.get("type")) else ""
    chosen = fields.choice("type", tuple(JobType), default)
    if not chosen:  # noted, or known to an invocation only
        return _empty_job(found.element, JobType.BUILD)
    job_type = JobType(chosen)
    if job_type is JobType.BUILD:
        return _build_job(found, fields, inner)
    # JOB-011: the keys of a build job may stand here, and are ignored.
    fields.allow((*_BUILD_KEYS, *_OTHER_KEYS.get(job_type, ())))
    if job_type in _NEEDED:
        fields.require(_NEEDED[job_type])
    return _empty_job(found.element, job_type)


def _empty_job(element: Element, job_type: JobType) -> Job:
    name = JobName(element.name)
    return Job(name=name, declared_name=element.name, type=job_type, place=element.place)


def _build_job(found: Found, fields: Fields, scope: Scope) -> Job:
    fields.allow(_BUILD_KEYS if scope.has_tags else _OLD_BUILD_KEYS)
    fields.ignore("branches")
    _check_retention(fields, scope)
    fields.flag("circleci_ip_ranges")
    own, settings = _settings(fields, scope)
    steps = tuple(expand_steps(found.body.get("steps"), scope)) if fields.require("steps") else ()
    return Job(
        name=JobName(found.element.name),
        declared_name=found.element.name,
        executor=own.executor or settings.executor,
        resource_class=own.resource_class or settings.resource_class,
        shell=own.shell or settings.shell,
        working_directory=own.working_directory or settings.working_directory,
        environment=merged(settings.environment, own.environment),
        parallelism=fields.integer("parallelism", 1, 1),
        steps=steps,
        place=found.element.place,
    )


def _settings(fields: Fields, scope: Scope) -> tuple[Settings, Settings]:
    """Return what the job itself says, and what the executor that it names says."""
    keys = (*EXECUTOR_KEYS, "executor")
    if not check_single_executor(fields, keys, scope.problems):
        message = f"the job '{scope.calls[-1].name}' does not say where it runs"
        hint = f"add one of {', '.join(keys)}"
        scope.problems.add(ProblemKind.SCHEMA, message, scope.calls[-1].place, hint)
    named = fields.node.get("executor")
    own = read_settings(fields, scope.problems)
    if named is None or is_absent(named):
        return own, Settings()
    return own, resolve_executor(named, scope)


def _evaluated(body: MapNode, scope: Scope) -> MapNode:
    """Return the job's keys with their tags replaced, but for those with a scope of their own."""
    entries: dict[str, Entry] = {}
    for entry in body:
        is_own = entry.key in ("steps", "parameters", "description")
        node: Node = entry.node if is_own else evaluate(entry.node, scope)
        entries[entry.key] = Entry(entry.key, entry.place, node)
    return MapNode(body.place, entries)


def _check_retention(fields: Fields, scope: Scope) -> None:
    """JOB-007: caches are kept for whole days."""
    retention = fields.mapping("retention")
    if retention is None:
        return
    inner = Fields(retention, "'retention'", retention.place, scope.problems)
    inner.allow(("caches",))
    node = retention.get("caches")
    if isinstance(node, ScalarNode) and not _RETENTION.fullmatch(inner.text("caches", "1d")):
        message = f"'caches' of 'retention' must be a number of days, found '{node.text}'"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, "from 1d to 15d")
