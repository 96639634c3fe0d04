"""A declared job with its parameters bound, expanded to a `Job` (JOB-006 to JOB-018)."""

import re
from collections.abc import Mapping
from dataclasses import replace

from samo.config.decode import Fields, is_absent
from samo.config.document import Entry, MapNode, Node, ScalarNode
from samo.config.environment import merged
from samo.config.executors import (
    EXECUTOR_KEYS,
    SETTING_KEYS,
    Settings,
    check_self_hosted,
    check_single_executor,
    read_settings,
    resolve_executor,
)
from samo.config.library import Element, Found
from samo.config.parameters import RESERVED
from samo.config.scope import Scope, evaluate
from samo.config.steps import expand_steps
from samo.pipeline.job import Job, JobName, JobType
from samo.pipeline.problem import ProblemKind
from samo.pipeline.step import Variables

_COMMON_KEYS = ("type", "description", "parameters")
BUILD_KEYS = (
    *EXECUTOR_KEYS, "executor", *SETTING_KEYS, "steps", "parallelism", "retention",
    "circleci_ip_ranges", "branches", *_COMMON_KEYS,
)  # fmt: skip
_OF_INVOCATIONS = {
    key: "it belongs to the job's item in a workflow" for key in RESERVED if key != "type"
}
_OLD_BUILD_KEYS = tuple(key for key in BUILD_KEYS if key not in ("executor", "parameters"))
OTHER_KEYS = {
    JobType.RELEASE: ("plan_name", "validation"),
    JobType.LOCK: ("key",),
    JobType.UNLOCK: ("key",),
}
_NEEDED = {JobType.RELEASE: "plan_name", JobType.LOCK: "key", JobType.UNLOCK: "key"}
RETENTION_KEYS = ("caches",)
RETENTION = re.compile(r"(?:[1-9]|[12][0-9]|30)d")


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
    keys = OTHER_KEYS.get(job_type, ())
    fields.allow((*BUILD_KEYS, *keys))
    if job_type in _NEEDED:
        fields.require(_NEEDED[job_type])
    return replace(_empty_job(found.element, job_type), details=_details(fields, keys))


def _empty_job(element: Element, job_type: JobType) -> Job:
    name = JobName(element.name)
    return Job(name=name, declared_name=element.name, type=job_type, place=element.place)


def _details(fields: Fields, keys: tuple[str, ...]) -> Variables:
    given = ((key, fields.node.get(key)) for key in keys)
    return tuple((key, node.text) for key, node in given if isinstance(node, ScalarNode))


def _build_job(found: Found, fields: Fields, scope: Scope) -> Job:
    keys = BUILD_KEYS if scope.has_tags else _OLD_BUILD_KEYS
    fields.allow(keys, elsewhere=_OF_INVOCATIONS)
    fields.ignore("branches")
    own, settings = _settings(fields, scope)
    steps = tuple(expand_steps(found.body.get("steps"), scope)) if fields.require("steps") else ()
    executor = own.executor or settings.executor
    resource_class = own.resource_class or settings.resource_class
    check_self_hosted(executor, resource_class, scope.problems)
    return Job(
        name=JobName(found.element.name),
        declared_name=found.element.name,
        executor=executor,
        resource_class=resource_class,
        shell=own.shell or settings.shell,
        working_directory=own.working_directory or settings.working_directory,
        environment=merged(settings.environment, own.environment),
        parallelism=fields.integer("parallelism", 1, 1),
        steps=steps,
        retention=_retention(fields, scope),
        circleci_ip_ranges=fields.flag("circleci_ip_ranges"),
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


def _retention(fields: Fields, scope: Scope) -> str:
    """JOB-007: caches are kept for whole days; "" where the job does not say how many."""
    retention = fields.mapping("retention")
    if retention is None:
        return ""
    inner = Fields(retention, "'retention'", retention.place, scope.problems)
    inner.allow(RETENTION_KEYS)
    node = retention.get("caches")
    days = inner.text("caches")
    if isinstance(node, ScalarNode) and days and not RETENTION.fullmatch(days):
        message = f"'caches' of 'retention' must be a number of days, found '{node.text}'"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, "from 1d to 30d")
    return days
