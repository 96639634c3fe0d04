"""The list of jobs that a workflow or a job group has, each linked with what it requires."""

from samo.config.decode import Fields, shown
from samo.config.document import ListNode
from samo.config.graph import link
from samo.config.group_invocations import check_group_names
from samo.config.invocations import Groups, read_invocations
from samo.config.scope import Scope
from samo.pipeline.job import Job
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind


def read_job_list(
    fields: Fields,
    owner: str,
    place: Place,
    *,
    scope: Scope,
    groups: Groups,
) -> tuple[Job, ...]:
    """Return the jobs under `jobs`; what is wrong with them is noted.

    `owner` is how messages call whose they are, as `workflow 'main'`; of `groups` those that are
    None may not be invoked here.
    """
    if not fields.require("jobs"):
        return ()
    node = fields.node.get("jobs")
    assert node is not None
    if not isinstance(node, ListNode) or not node.items:
        message = f"'jobs' of the {owner} must be a list of jobs, found {shown(node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, node.place, "write '- NAME'")
        return ()
    with scope.problems.within(owner, place):
        invocations = read_invocations(node, scope, groups)
    check_group_names(invocations, scope)
    return link(invocations, owner, scope)
