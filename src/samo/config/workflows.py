"""`workflows`: each one's jobs, condition and schedules (WF-001, CFG-013, CFG-014)."""

from collections.abc import Iterator

from samo.config.decode import Fields, is_absent, shown
from samo.config.document import Entry, ListNode, MapNode, Node
from samo.config.graph import link
from samo.config.invocations import Groups, read_invocations
from samo.config.job_lists import read_job_list
from samo.config.scope import Scope, evaluate
from samo.pipeline.job import Condition
from samo.pipeline.pipeline import Schedule, Workflow
from samo.pipeline.problem import ProblemKind

WORKFLOW_KEYS = ("jobs", "when", "unless", "triggers", "max_auto_reruns", "description")
_OLD_KEYS = ("jobs", "triggers", "max_auto_reruns", "description")
MAX_AUTO_RERUNS = 5


def read_workflows(node: Node, scope: Scope, groups: Groups) -> tuple[Workflow, ...]:
    """Return the workflows; what is wrong with them is noted."""
    if not isinstance(node, MapNode):
        message = f"'workflows' must be a mapping, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, "write 'NAME:' of each")
        return ()
    # CFG-014: a version may stand among them, and is none.
    entries = [entry for entry in node if entry.key != "version"]
    return tuple(_workflows(entries, scope, groups))


def implicit_workflow(entry: Entry, scope: Scope) -> Workflow:
    """Return the workflow of a file that has none: its job `build` (CFG-013)."""
    node = ListNode(entry.place, (_name_of(entry),))
    invocations = read_invocations(node, scope, {})
    jobs = link(invocations, f"workflow '{entry.key}'", scope)
    return Workflow(name="build", jobs=jobs, place=entry.place)


def _name_of(entry: Entry) -> MapNode:
    empty = MapNode(entry.place, {})
    return MapNode(entry.place, {entry.key: Entry(entry.key, entry.place, empty)})


def _workflows(entries: list[Entry], scope: Scope, groups: Groups) -> Iterator[Workflow]:
    for entry in entries:
        if isinstance(entry.node, MapNode):
            yield _workflow(entry, entry.node, scope, groups)
            continue
        message = f"the workflow '{entry.key}' must be a mapping, found {shown(entry.node)}"
        place = entry.place if is_absent(entry.node) else entry.node.place
        scope.problems.add(ProblemKind.SCHEMA, message, place, "add 'jobs:'")


def _workflow(entry: Entry, body: MapNode, scope: Scope, groups: Groups) -> Workflow:
    owner = f"workflow '{entry.key}'"
    fields = Fields(body, f"the {owner}", entry.place, scope.problems)
    fields.allow(WORKFLOW_KEYS if scope.has_tags else _OLD_KEYS)
    return Workflow(
        name=entry.key,
        jobs=read_job_list(fields, owner, entry.place, scope=scope, groups=groups),
        condition=_condition(body, scope),
        schedules=_schedules(body, scope),
        max_auto_reruns=_reruns(fields, scope),
        place=entry.place,
    )


def _condition(body: MapNode, scope: Scope) -> Condition | None:
    given = [entry for entry in body if entry.key in ("when", "unless")]
    given = [entry for entry in given if not is_absent(entry.node)]
    if len(given) > 1:
        message = "a workflow has 'when' or 'unless', not both"
        hint = "join them: and: [..., not: ...]"
        scope.problems.add(ProblemKind.SCHEMA, message, given[1].place, hint)
    if not given:
        return None
    from samo.config.conditions import unless, when  # noqa: PLC0415 - most have none

    read = when if given[0].key == "when" else unless
    return read(given[0].node, scope)


def _schedules(body: MapNode, scope: Scope) -> tuple[Schedule, ...]:
    node = body.get("triggers")
    if node is None:
        return ()
    from samo.config.schedules import read_schedules  # noqa: PLC0415 - few have any

    return read_schedules(node, scope)


def _reruns(fields: Fields, scope: Scope) -> int:
    node = fields.node.get("max_auto_reruns")
    if node is None:
        return 0
    entry = Entry("max_auto_reruns", node.place, evaluate(node, scope))
    body = MapNode(node.place, {entry.key: entry})
    evaluated = Fields(body, "a workflow", node.place, scope.problems)
    return evaluated.integer("max_auto_reruns", 0, 1, MAX_AUTO_RERUNS)
