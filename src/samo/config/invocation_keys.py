"""The keys that jobs and job groups are invoked with alike: `requires` and `serial-group`."""

import re
from collections.abc import Collection, Iterator

from samo.config.decode import Fields, is_absent, is_unbound, shown
from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.config.graph import Wanted
from samo.config.scope import Scope, evaluate
from samo.pipeline.problem import ProblemKind
from samo.pipeline.status import JobStatus

SERIAL_GROUP = re.compile(r"[A-Za-z0-9._/-]{1,512}")
TERMINAL = frozenset(
    {
        JobStatus.SUCCESS,
        JobStatus.FAILED,
        JobStatus.CANCELED,
        JobStatus.UNAUTHORIZED,
        JobStatus.NOT_RUN,
    }
)


def evaluated_fields(entry: Entry, body: MapNode, keys: Collection[str], scope: Scope) -> Fields:
    """Return those of an invocation's keys, their tags replaced."""
    entries = {
        each.key: Entry(each.key, each.place, evaluate(each.node, scope))
        for each in body
        if each.key in keys
    }
    node = MapNode(body.place, entries)
    return Fields(node, f"'{entry.key}'", entry.place, scope.problems)


def read_serial_group(fields: Fields, scope: Scope) -> str:
    """Return the key of which one holder runs at a time, "" for none (WF-033)."""
    node = fields.node.get("serial-group")
    text = fields.text("serial-group")
    is_text = isinstance(node, ScalarNode) and not is_unbound(node)
    if node is not None and is_text and not SERIAL_GROUP.fullmatch(text):
        message = f"'serial-group' cannot be {shown(node)}"
        hint = "1 to 512 letters, digits, '.', '_', '/' and '-'"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, hint)
    return text


def read_requires(node: Node | None, scope: Scope) -> Iterator[Wanted]:
    """Return what an evaluated `requires` asks for; what is wrong with it is noted (WF-005)."""
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
        return TERMINAL
    found: set[JobStatus] = set()
    for item in node.items if isinstance(node, ListNode) and node.items else (node,):
        if isinstance(item, ScalarNode) and item.text in TERMINAL:
            found.add(JobStatus(item.text))
        else:
            message = f"unknown status: {shown(item)}"
            hint = f"one of {', '.join(sorted(TERMINAL))}"
            place = entry.place if is_absent(item) else item.place
            scope.problems.add(ProblemKind.SCHEMA, message, place, hint)
    return frozenset(found)
