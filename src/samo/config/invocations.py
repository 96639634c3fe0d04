"""A workflow's list of jobs: each item to the invocations that it comes to (WF-002 to WF-021)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from samo.config.arguments import bind, note_unknown
from samo.config.decode import Fields, is_absent, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.filters import read_filters
from samo.config.graph import Invocation
from samo.config.group_invocations import JobGroup, invoke_group
from samo.config.invocation_keys import evaluated_fields, read_requires, read_serial_group
from samo.config.jobs import expand_job
from samo.config.library import Found, Kind, MissingOrb, find
from samo.config.matrix import Combination, Matrix, read_matrix
from samo.config.parameters import RESERVED
from samo.config.scope import Scope
from samo.config.steps import expand_steps
from samo.pipeline.job import Job, JobName, JobType
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind, nearest
from samo.pipeline.step import Step

_NEW_KEYS = ("matrix", "pre-steps", "post-steps", "override-with")
_OWN_KEYS = ("name", "requires", "context", "type", "serial-group", "override-with")

Groups = Mapping[str, JobGroup | None]
"""The job groups of a file; None where a group may not be invoked."""


def read_invocations(node: ListNode, scope: Scope, groups: Groups) -> tuple[Invocation, ...]:
    """Return what a list of jobs invokes."""
    return tuple(
        invocation for item in node.items for invocation in _read_item(item, scope, groups)
    )


def _read_item(item: Node, scope: Scope, groups: Groups) -> Iterator[Invocation]:
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


def _read_entry(entry: Entry, scope: Scope, groups: Groups) -> Iterator[Invocation]:
    if isinstance(entry.node, MapNode):
        yield from _read(entry, entry.node, scope, groups)
        return
    message = f"'{entry.key}' must be a mapping, found {shown(entry.node)}"
    place = entry.place if is_absent(entry.node) else entry.node.place
    hint = "indent what belongs to it, or remove the ':'"
    scope.problems.add(ProblemKind.SCHEMA, message, place, hint)
    yield Invocation(job=_placeholder(entry.key, entry.place))


def _read(entry: Entry, body: MapNode, scope: Scope, groups: Groups) -> Iterator[Invocation]:
    if entry.key in groups:
        yield from invoke_group(entry, body, groups[entry.key], scope)
        return
    _check_keys(body, scope)
    found = find(scope.library, Kind.JOB, entry.key)
    node = body.get("matrix") if scope.has_tags else None
    matrix = read_matrix(node, entry.place, scope)
    beside = body.size - (node.size if node else 0)
    scope.budget.take_values(beside * len(matrix.combinations), entry.place)
    for combination in matrix.combinations:
        within = replace(scope, matrix=combination.values) if node else scope
        yield _invoke(_Item(entry, body, matrix, combination), found, within)
    if not matrix.combinations:
        yield Invocation(job=_placeholder(entry.key, entry.place))


def _check_keys(body: MapNode, scope: Scope) -> None:
    for entry in () if scope.has_tags else body:
        if entry.key in _NEW_KEYS:
            message = f"'{entry.key}' needs version 2.1"
            scope.problems.add(ProblemKind.SCHEMA, message, entry.place, "write 'version: 2.1'")


class _Item:
    """An item of the list, for one combination of its matrix."""

    def __init__(self, entry: Entry, body: MapNode, matrix: Matrix, chosen: Combination) -> None:
        self.entry = entry
        self.name = entry.key
        self.place = entry.place
        self.body = body
        self.chosen = chosen
        self.alias = (matrix.alias or entry.key) if chosen.values is not None else ""

    @property
    def arguments(self) -> tuple[Entry, ...]:
        """The arguments for the job's own parameters, those of the matrix included."""
        own = tuple(entry for entry in self.body if entry.key not in RESERVED)
        return (*own, *self.chosen.arguments)


def _invoke(item: _Item, found: Found | MissingOrb | None, scope: Scope) -> Invocation:
    fields = evaluated_fields(item.entry, item.body, _OWN_KEYS, scope)
    job = _job(item, fields, _overridden(found, fields, scope), scope)
    default = f"{item.name}-{item.chosen.suffix}" if item.chosen.suffix else item.name
    job = replace(
        job,
        name=JobName(fields.text("name") or default),
        contexts=tuple(context for context in fields.text_or_texts("context") if context),
        filters=read_filters(item.body.get("filters"), scope),
        serial_group=read_serial_group(fields, scope),
        place=item.place,
    )
    wanted = tuple(read_requires(fields.node.get("requires"), scope))
    is_known = found is not None or job.type is not JobType.BUILD
    return Invocation(job=job, alias=item.alias, wanted=wanted, is_known=is_known)


def _overridden(
    found: Found | MissingOrb | None, fields: Fields, scope: Scope
) -> Found | MissingOrb | None:
    """ORB-020: the job of an orb stands for a declared one, which stays where the orb has none."""
    name = fields.text("override-with")
    node = fields.node.get("override-with")
    if not name or node is None or found is None:
        return found
    if isinstance(found, Found):
        scope.usage.note(None, found.element, fields.node.place)
    alias, slash, _ = name.partition("/")
    if not slash or alias not in scope.library.orbs:
        note_unknown(Kind.JOB, name, node.place, scope)
        return found
    return find(scope.library, Kind.JOB, name) or found


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
        if near := nearest(fields.text("type"), (JobType.APPROVAL,)):
            hint = near
        scope.problems.add(ProblemKind.SCHEMA, message, type_node.place, hint)
        return placeholder
    note_unknown(Kind.JOB, item.name, item.place, scope)
    return placeholder


def _declared_job(item: _Item, fields: Fields, found: Found, scope: Scope) -> Job:
    scope.usage.note(None, found.element, item.place)
    parameters = bind(found, item.arguments, scope, item.place)
    with scope.problems.within(f"job '{item.name}'", item.place):
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


def _placeholder(name: str, place: Place) -> Job:
    return Job(name=JobName(name), declared_name=name, place=place)
