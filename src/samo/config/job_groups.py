"""`job-groups`: named lists of jobs that workflows invoke as one (WF-034, WF-035)."""

from collections.abc import Mapping

from samo.config.decode import Fields, is_absent, shown
from samo.config.document import Entry, ListNode, MapNode, Node
from samo.config.group_invocations import JobGroup
from samo.config.job_lists import read_job_list
from samo.config.library import Kind
from samo.config.scope import Scope
from samo.pipeline.problem import ProblemKind

JOB_GROUP_KEYS = ("jobs",)


def read_job_groups(node: Node | None, scope: Scope) -> Mapping[str, JobGroup]:
    """Return the groups that a file declares; what is wrong with them is noted."""
    if node is None or is_absent(node):
        return {}
    if not isinstance(node, MapNode):
        message = f"'job-groups' must be a mapping, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, "write 'NAME:' of each")
        return {}
    nested = dict.fromkeys(node.entries)
    return {entry.key: _read(entry, nested, scope) for entry in node}


def warn_of_unused_groups(groups: Mapping[str, JobGroup], scope: Scope) -> None:
    """Note the groups that no workflow invokes."""
    for group in groups.values():
        if group.name not in scope.usage.invoked_groups:
            message = f"the job group '{group.name}' is not used"
            scope.problems.warn(ProblemKind.UNUSED, message, group.place, "no workflow invokes it")


def _read(entry: Entry, nested: Mapping[str, None], scope: Scope) -> JobGroup:
    owner = f"job group '{entry.key}'"
    if entry.key in scope.library.elements[Kind.JOB]:
        message = f"'{entry.key}' is the name of a job too"
        scope.problems.add(ProblemKind.GRAPH, message, entry.place, "rename one of them")
    if not isinstance(entry.node, MapNode):
        message = f"the {owner} must be a mapping, found {shown(entry.node)}"
        place = entry.place if is_absent(entry.node) else entry.node.place
        scope.problems.add(ProblemKind.SCHEMA, message, place, "add 'jobs:'")
        return JobGroup(name=entry.key, jobs=(), place=entry.place)
    fields = Fields(entry.node, f"the {owner}", entry.place, scope.problems)
    fields.allow(JOB_GROUP_KEYS)
    _check_members(entry.node.get("jobs"), scope)
    jobs = read_job_list(fields, owner, entry.place, scope=scope, groups=nested)
    return JobGroup(name=entry.key, jobs=jobs, place=entry.place)


def _check_members(node: Node | None, scope: Scope) -> None:
    for item in node.items if isinstance(node, ListNode) else ():
        for entry in item if isinstance(item, MapNode) else ():
            body = entry.node
            if isinstance(body, MapNode) and (found := body.entries.get("serial-group")):
                message = f"'{entry.key}' cannot have a serial group within a job group"
                hint = "give the 'serial-group' to the invocation of the job group"
                scope.problems.add(ProblemKind.SCHEMA, message, found.place, hint)
