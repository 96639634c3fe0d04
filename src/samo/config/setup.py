"""`setup: true`: a pipeline that computes the config by which it goes on (DYN-001, DYN-008)."""

from collections.abc import Sequence

from samo.config.decode import is_absent, shown
from samo.config.document import MapNode, ScalarNode
from samo.config.pipeline_arguments import Continuation, Given
from samo.config.scope import Scope
from samo.pipeline.pipeline import Workflow
from samo.pipeline.problem import ProblemKind


def read_setup(
    root: MapNode, workflows: Sequence[Workflow], *, arguments: Given, scope: Scope
) -> bool:
    """Return whether a config is one of setup; what is wrong with that is noted."""
    entry = root.entries.get("setup")
    if entry is None or is_absent(entry.node) or not scope.has_tags:
        return False
    if not isinstance(entry.node, ScalarNode) or not isinstance(entry.node.value, bool):
        message = f"'setup' must be true or false, found {shown(entry.node)}"
        scope.problems.add(ProblemKind.SCHEMA, message, entry.node.place)
        return False
    if entry.node.value and isinstance(arguments, Continuation):
        message = "a config that continues a pipeline cannot be one of setup"
        scope.problems.add(ProblemKind.DYNAMIC, message, entry.place, "remove 'setup: true'")
    elif entry.node.value:
        _check_workflows(workflows, scope)
    return entry.node.value


def _check_workflows(workflows: Sequence[Workflow], scope: Scope) -> None:
    """DYN-001: one may be active, of those that a push can start at all (WF-037)."""
    for workflow in workflows:
        if workflow.schedules:
            message = f"the schedule of '{workflow.name}' is unsupported in a setup pipeline"
            hint = "CircleCI never runs it: schedule the pipeline outside of its config"
            scope.problems.warn(ProblemKind.NO_EFFECT, message, workflow.schedules[0].place, hint)
    pushed = [each for each in workflows if not each.schedules]
    active = [each for each in pushed if each.condition is None or each.condition.holds]
    for workflow in active[1:]:
        message = f"the workflow '{workflow.name}' is active beside '{active[0].name}'"
        hint = "a setup pipeline runs one workflow: give the others conditions"
        scope.problems.add(ProblemKind.DYNAMIC, message, workflow.place, hint)
