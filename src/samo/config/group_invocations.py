"""A job group where a workflow invokes it: its jobs inline, between a start and an end."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from samo.config.decode import Fields
from samo.config.document import Entry, MapNode
from samo.config.filters import read_filters
from samo.config.graph import Invocation
from samo.config.invocation_keys import evaluated_fields, read_requires, read_serial_group
from samo.config.parameters import RESERVED
from samo.config.scope import Scope
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import Filters, Job, JobName, JobType, Requirement
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind

GROUP_INVOCATION_KEYS = ("name", "requires", "filters", "serial-group")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobGroup:
    """A declared group: its jobs, linked with each other by the names that they have in it."""

    name: str
    jobs: tuple[Job, ...]
    place: Place


def invoke_group(
    entry: Entry, body: MapNode, group: JobGroup | None, scope: Scope
) -> Iterator[Invocation]:
    """Return what the invocation of a group comes to (WF-034); None is a group within a group.

    Its jobs bear the invocation's `name` in front of theirs. What is required of it, and its
    filters, hold for the start; who requires the group requires its end, which runs when all its
    leaves have succeeded. The end has the filters too: on a tag no job runs without one (WF-025).
    """
    if group is None:
        message = f"the job group '{entry.key}' stands within a job group"
        scope.problems.add(ProblemKind.GRAPH, message, entry.place, "list its jobs here")
        name = JobName(entry.key)
        yield Invocation(job=Job(name=name, declared_name=name, place=entry.place))
        return
    _check_keys(entry, body, scope)
    scope.usage.invoked_groups.add(group.name)
    scope.budget.take_jobs(len(group.jobs) + 2, entry.place)
    fields = evaluated_fields(entry, body, GROUP_INVOCATION_KEYS, scope)
    jobs = _expanded(group, fields, read_filters(body.get("filters"), scope), entry.place)
    own_name = fields.text("name") or group.name
    serial_group = read_serial_group(fields, scope)
    first, *others = (replace(job, serial_group=serial_group, job_group=own_name) for job in jobs)
    wanted = tuple(read_requires(fields.node.get("requires"), scope))
    yield Invocation(job=first, wanted=wanted, group=own_name)
    for job in others[:-1]:
        yield Invocation(job=job, group=own_name)
    yield Invocation(job=others[-1], alias=own_name, group=own_name)


def check_group_names(invocations: Sequence[Invocation], scope: Scope) -> None:
    """Note the groups that a workflow invokes by a name that is not theirs alone (WF-035)."""
    taken = Counter(each.job.name for each in invocations if not each.group)
    for each in invocations:
        if not (each.group and each.alias):
            continue
        name = JobName(each.group)
        taken[name] += 1
        if taken[name] > 1:
            message = f"'{name}' is the name of another job or job group of this workflow"
            hint = "give each invocation of the group a 'name' of its own"
            scope.problems.add(ProblemKind.GRAPH, message, each.job.place, hint)


def _check_keys(entry: Entry, body: MapNode, scope: Scope) -> None:
    for each in body:
        if each.key in GROUP_INVOCATION_KEYS:
            continue
        message = f"the job group '{entry.key}' takes no '{each.key}'"
        hint = f"allowed: {', '.join(GROUP_INVOCATION_KEYS)}"
        kind = ProblemKind.SCHEMA if each.key in RESERVED else ProblemKind.PARAM_UNEXPECTED
        scope.problems.add(kind, message, each.place, hint)


def _expanded(group: JobGroup, fields: Fields, filters: Filters, place: Place) -> Iterator[Job]:
    prefix = f"{name}-" if (name := fields.text("name")) else ""
    start, end = (f"{prefix or f'{group.name}-'}group-{which}" for which in ("start", "end"))
    required = {each.job for job in group.jobs for each in job.requires}
    leaves = tuple(job.name for job in group.jobs if job.name not in required)
    yield _boundary(start, (), filters, place)
    for job in group.jobs:
        own = (replace(each, job=JobName(prefix + each.job)) for each in job.requires)
        requires = tuple(own) or (Requirement(job=JobName(start), place=place),)
        yield replace(job, name=JobName(prefix + job.name), requires=requires)
    last = tuple(Requirement(job=JobName(prefix + leaf), place=place) for leaf in leaves)
    yield _boundary(end, last, filters, place)


def _boundary(name: str, requires: tuple[Requirement, ...], filters: Filters, place: Place) -> Job:
    return Job(
        name=JobName(name),
        declared_name=name,
        type=JobType.NO_OP,
        requires=requires,
        filters=filters,
        place=place,
    )
