"""`triggers` of a workflow: its schedules (WF-036)."""

import re
from collections.abc import Iterator

from samo.config.decode import Fields, is_absent, shown
from samo.config.document import ListNode, MapNode, Node
from samo.config.filters import read_patterns
from samo.config.scope import Scope, evaluate
from samo.pipeline.job import Patterns
from samo.pipeline.pipeline import Schedule
from samo.pipeline.problem import ProblemKind

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_WORDS = ((), (), (), _MONTHS, _DAYS)
_DAY_FIELDS = (2, 4)
_RANGE = re.compile(r"(\d+)-(\d+)")
SCHEDULE_KEYS = ("cron", "filters")


def read_schedules(node: Node, scope: Scope) -> tuple[Schedule, ...]:
    """Return a workflow's schedules; what is wrong with them is noted."""
    node = evaluate(node, scope)
    if not isinstance(node, ListNode):
        message = f"'triggers' must be a list, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place)
        return ()
    return tuple(_schedules(node, scope))


def _schedules(node: ListNode, scope: Scope) -> Iterator[Schedule]:
    for item in node.items:
        entry = item.entries.get("schedule") if isinstance(item, MapNode) else None
        if entry is None or not isinstance(entry.node, MapNode):
            message = "a trigger must be a 'schedule' with 'cron' and 'filters'"
            found = f"{message}, found {shown(entry.node if entry else item)}"
            scope.problems.add(ProblemKind.SCHEMA, found, entry.place if entry else item.place)
            continue
        fields = Fields(entry.node, "'schedule'", entry.place, scope.problems)
        fields.allow(SCHEDULE_KEYS)
        fields.require(*SCHEDULE_KEYS)
        cron = _cron(fields, scope)
        branches = _branches(fields.mapping("filters"), scope)
        if branches:
            yield Schedule(cron=cron, branches=branches, place=entry.place)


def _branches(filters: MapNode | None, scope: Scope) -> Patterns | None:
    if filters is None:
        return None
    fields = Fields(filters, "'filters'", filters.place, scope.problems)
    fields.allow(("branches",))
    fields.require("branches")
    return read_patterns(filters.entries.get("branches"), scope.problems)


def _cron(fields: Fields, scope: Scope) -> str:
    node = fields.node.get("cron")
    if is_absent(node):
        return ""
    text = fields.text("cron")
    parts = text.split()
    wrong = f"found {len(parts)} fields" if len(parts) != 5 else _first_fault(parts)
    if wrong and node is not None:
        message = f"'{text}' is no schedule that CircleCI takes: {wrong}"
        hint = "five fields: minute hour day month weekday; no steps, no ranges of days"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, hint)
    return " ".join(parts)


def _first_fault(parts: list[str]) -> str:
    for position, part in enumerate(parts):
        if fault := _fault(position, part):
            return f"'{part}' {fault}"
    return ""


def _fault(position: int, part: str) -> str:
    if "/" in part:
        return "has a step"
    if part in ("*", "?"):
        return ""
    if found := _RANGE.fullmatch(part):
        if position in _DAY_FIELDS:
            return "is a range of days"
        return _fault(position, found[1]) or _fault(position, found[2])
    low, high = _RANGES[position]
    for item in part.lower().split(","):
        if item in _WORDS[position] or (item.isdecimal() and low <= int(item) <= high):
            continue
        return "is a range in a list" if "-" in item else f"is not from {low} to {high}"
    return ""
