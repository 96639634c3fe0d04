"""Ways through a located tree, to each node once whatever aliases there are, and a pipeline."""

from collections.abc import Iterator

from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.step import Step


def scalars(root: Node) -> Iterator[ScalarNode]:
    """Return all values of a tree."""
    return (node for node in _nodes(root) if isinstance(node, ScalarNode))


def entries(root: Node) -> Iterator[Entry]:
    """Return all keys of a tree, with what they hold."""
    return (entry for node in _nodes(root) if isinstance(node, MapNode) for entry in node)


def steps(pipeline: Pipeline) -> Iterator[Step]:
    """Return the steps of all jobs, as compiled."""
    return (step for workflow in pipeline.workflows for job in workflow.jobs for step in job.steps)


def _nodes(root: Node) -> Iterator[Node]:
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, ListNode):
            waiting.extend(node.items)
        elif isinstance(node, MapNode):
            waiting.extend(entry.node for entry in node)
