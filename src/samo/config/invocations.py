"""A workflow's list of jobs: each item to the invocations that it comes to (WF-002 to WF-021)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from samo.config.arguments import bind, note_unknown
from samo.config.decode import Fields, is_absent, is_unbound, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.filters import read_filters
from samo.config.graph import Invocation, Wanted
from samo.config.jobs import expand_job
from samo.config.library import Found, Kind, MissingOrb, find
from samo.config.matrix import Combination, Matrix, read_matrix
from samo.config.parameters import RESERVED
from samo.config.scope import Scope, evaluate
from samo.config.steps import expand_steps
from samo.pipeline.job import Job, JobName, JobType
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind
from samo.pipeline.status import JobStatus
from samo.pipeline.step import Step

_NEW_KEYS = ("matrix", "pre-steps", "post-steps")
_SERIAL_GROUP = re.compile(r"[A-Za-z0-9._/-]{1,512}")
_TERMINAL = frozenset(
    {
        JobStatus.SUCCESS,
        JobStatus.FAILED,
        JobStatus.CANCELED,
        JobStatus.UNAUTHORIZED,
        JobStatus.NOT_RUN,
    }
)


def read_invocations(
    node: ListNode, scope: Scope, groups: frozenset[str]
) -> tuple[Invocation, ...]:
    """Return what a workflow invokes; `groups` are the names of job groups."""
    return tuple(
        invocation for item in node.items for invocation in _read_item(item, scope, groups)
    )


def _read_item(item: Node, scope: Scope, groups: frozenset[str]) -> Iterator[Invocation]:
    match item:
        case ScalarNode(value=str()):
            empty = MapNode(item.place, {})
            yield from _read(Entry(item.text, item.place, empty), empty, scope, groups)
        case MapNode() if len(item.entries) == 1:
            yield from _read_entry(next(iter(item)), scope, groups)
        case MapNode() if item.entries:
            first, second, *_ = item
            message = f"an item has one key, found '{first.key}' and '{second.key}'"
            hint = f"indent what belongs to '{first.key}' deeper than it"
            scope.problems.add(ProblemKind.SCHEMA, message, second.place, hint)
            yield Invocation(job=_placeholder(first.key, first.place))
        case _:
            message = f"an item must be a job's name, or a mapping with one, found {shown(item)}"
            scope.problems.add(ProblemKind.SCHEMA, message, item.place)


def _read_entry(entry: Entry, scope: Scope, groups: frozenset[str]) -> Iterator[Invocation]:
    if isinstance(entry.node, MapNode):
        yield from _read(entry, entry.node, scope, groups)
        return
    message = f"'{entry.key}' must be a mapping, found {shown(entry.node)}"
    place = entry.place if is_absent(entry.node) else entry.node.place
    hint = "indent what belongs to it, or remove the ':'"
    scope.problems.add(ProblemKind.SCHEMA, message, place, hint)
    yield Invocation(job=_placeholder(entry.key, entry.place))


def _read(
    entry: Entry, body: MapNode, scope: Scope, groups: frozenset[str]
) -> Iterator[Invocation]:
    if entry.key in groups:
        message = f"'{entry.key}' is a job group"
        hint = "job groups are not expanded yet: list its jobs here"
        scope.problems.add(ProblemKind.UNSUPPORTED_LOCALLY, message, entry.place, hint)
        yield Invocation(job=_placeholder(entry.key, entry.place))
        return
    _check_keys(body, scope)
    found = find(scope.library, Kind.JOB, entry.key)
    matrix = read_matrix(body.get("matrix") if scope.has_tags else None, entry.place, scope)
    for combination in matrix.combinations:
        within = replace(scope, matrix=combination.values)
        yield _invoke(_Item(entry, body, matrix, combination), found, within)
    if not matrix.combinations:
        yield Invocation(job=_placeholder(entry.key, entry.place))


def _check_keys(body: MapNode, scope: Scope) -> None:
    if override := body.entries.get("override-with"):
        message = "'override-with' is not followed yet"
        hint = "remove it, or name the orb's job itself"
        scope.problems.add(ProblemKind.UNSUPPORTED_LOCALLY, message, override.place, hint)
    for entry in () if scope.has_tags else body:
        if entry.key in _NEW_KEYS:
            message = f"'{entry.key}' needs version 2.1"
            scope.problems.add(ProblemKind.SCHEMA, message, entry.place, "write 'version: 2.1'")


class _Item:
    """An item of the list, for one combination of its matrix."""

    def __init__(self, entry: Entry, body: MapNode, matrix: Matrix, chosen: Combination) -> None:
        self.name = entry.key
        self.place = entry.place
        self.body = body
        self.chosen = chosen
        self.alias = (matrix.alias or entry.key) if chosen.values is not None else ""

    def fields(self, scope: Scope) -> Fields:
        """Return the keys that every invocation has, evaluated."""
        keys = ("name", "requires", "context", "type", "serial-group")
        entries = {
            entry.key: Entry(entry.key, entry.place, evaluate(entry.node, scope))
            for entry in self.body
            if entry.key in keys
        }
        node = MapNode(self.body.place, entries)
        return Fields(node, f"'{self.name}'", self.place, scope.problems)

    @property
    def arguments(self) -> tuple[Entry, ...]:
        """The arguments for the job's own parameters, those of the matrix included."""
        own = tuple(entry for entry in self.body if entry.key not in RESERVED)
        return (*own, *self.chosen.arguments)


def _invoke(item: _Item, found: Found | MissingOrb | None, scope: Scope) -> Invocation:
    fields = item.fields(scope)
    job = _job(item, fields, found, scope)
    default = f"{item.name}-{item.chosen.suffix}" if item.chosen.suffix else item.name
    job = replace(
        job,
        name=JobName(fields.text("name") or default),
        contexts=tuple(context for context in fields.text_or_texts("context") if context),
        filters=read_filters(item.body.get("filters"), scope),
        serial_group=_serial_group(fields, scope),
        place=item.place,
    )
    wanted = tuple(_wanted(fields.node.get("requires"), scope))
    is_known = found is not None or job.type is not JobType.BUILD
    return Invocation(job=job, alias=item.alias, wanted=wanted, is_known=is_known)


def _job(item: _Item, fields: Fields, found: Found | MissingOrb | None, scope: Scope) -> Job:
    if isinstance(found, Found):
        return _declared_job(item, fields, found, scope)
    placeholder = _placeholder(item.name, item.place)
    if isinstance(found, MissingOrb):
        return placeholder
    type_node = fields.node.get("type")
    if type_node is not None and fields.text("type") == JobType.APPROVAL:
        for entry in item.arguments:
            message = f"the approval '{item.name}' has no parameter '{entry.key}'"
            scope.problems.add(
                ProblemKind.PARAM_UNEXPECTED, message, entry.place, "it takes no arguments"
            )
        return replace(placeholder, type=JobType.APPROVAL)
    if type_node is not None:
        message = f"no job '{item.name}' is defined, which its type cannot replace"
        hint = "only 'type: approval' stands for a job that is not defined"
        scope.problems.add(ProblemKind.SCHEMA, message, type_node.place, hint)
        return placeholder
    note_unknown(Kind.JOB, item.name, item.place, scope)
    return placeholder


def _declared_job(item: _Item, fields: Fields, found: Found, scope: Scope) -> Job:
    scope.usage.note(None, found.element, item.place)
    parameters = bind(found, item.arguments, scope, item.place)
    with scope.problems.within(f"job '{item.name}'"):
        job = expand_job(found, parameters, scope)
    type_node = fields.node.get("type")
    if type_node is not None and fields.text("type") != job.type:
        message = f"the job '{item.name}' is of type {job.type}, found {shown(type_node)}"
        hint = "remove 'type', or name the approval otherwise"
        scope.problems.add(ProblemKind.SCHEMA, message, type_node.place, hint)
    before = _around(item.body.get("pre-steps"), scope)
    after = _around(item.body.get("post-steps"), scope)
    is_build = job.type is JobType.BUILD
    return replace(
        job,
        declared_name=item.name,
        steps=(*before, *job.steps, *after) if is_build else (),
    )


def _around(node: Node | None, scope: Scope) -> tuple[Step, ...]:
    return () if node is None or is_absent(node) else tuple(expand_steps(node, scope))


def _serial_group(fields: Fields, scope: Scope) -> str:
    node = fields.node.get("serial-group")
    text = fields.text("serial-group")
    if node is not None and not is_unbound(node) and not _SERIAL_GROUP.fullmatch(text):
        message = f"'serial-group' cannot be {shown(node)}"
        hint = "1 to 512 letters, digits, '.', '_', '/' and '-'"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, hint)
    return text


def _placeholder(name: str, place: Place) -> Job:
    return Job(name=JobName(name), declared_name=name, place=place)


def _wanted(node: Node | None, scope: Scope) -> Iterator[Wanted]:
    if node is None or is_absent(node) or is_unbound(node):
        return
    if not isinstance(node, ListNode):
        message = f"'requires' must be a list of jobs, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, "write '- NAME'")
        return
    for item in node.items:
        match item:
            case ScalarNode() if not is_absent(item):
                if not is_unbound(item):
                    success = frozenset({JobStatus.SUCCESS})
                    yield Wanted(name=item.text, statuses=success, place=item.place)
            case MapNode() if len(item.entries) == 1:
                entry = next(iter(item))
                statuses = _statuses(entry, scope)
                yield Wanted(name=entry.key, statuses=statuses, place=entry.place)
            case _:
                message = f"an item of 'requires' must be a job's name, found {shown(item)}"
                scope.problems.add(ProblemKind.SCHEMA, message, item.place)


def _statuses(entry: Entry, scope: Scope) -> frozenset[JobStatus]:
    """WF-005: one status, a list of them, or `terminal` for all, which stands alone."""
    node = entry.node
    if isinstance(node, ScalarNode) and node.text == "terminal":
        return _TERMINAL
    found: set[JobStatus] = set()
    for item in node.items if isinstance(node, ListNode) and node.items else (node,):
        if isinstance(item, ScalarNode) and item.text in _TERMINAL:
            found.add(JobStatus(item.text))
        else:
            message = f"unknown status: {shown(item)}"
            hint = f"one of {', '.join(sorted(_TERMINAL))}"
            place = entry.place if is_absent(item) else item.place
            scope.problems.add(ProblemKind.SCHEMA, message, place, hint)
    return frozenset(found)
