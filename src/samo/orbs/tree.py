"""Located trees, put together from others and changed scalar by scalar."""

from collections.abc import Callable, Iterable

from samo.config.document import Entry, ListNode, MapNode, Node, ScalarNode
from samo.pipeline.place import Place

Change = Callable[[ScalarNode], ScalarNode]


def map_of(place: Place, entries: Iterable[Entry]) -> MapNode:
    """Return a mapping of these entries."""
    by_key = {entry.key: entry for entry in entries}
    tags = any(entry.node.has_tags for entry in by_key.values())
    return MapNode(place, by_key, tags, 1 + sum(entry.node.size for entry in by_key.values()))


def changed(node: Node, change: Change) -> Node:
    """Return a tree whose scalars are changed; what aliases share stays shared."""
    return _changed(node, change, {})


def _changed(node: Node, change: Change, done: dict[int, Node]) -> Node:
    found = done.get(id(node))
    if found is None:
        found = done[id(node)] = _made(node, change, done)
    return found


def _made(node: Node, change: Change, done: dict[int, Node]) -> Node:
    if isinstance(node, ScalarNode):
        return change(node)
    if isinstance(node, MapNode):
        return map_of(
            node.place,
            [Entry(each.key, each.place, _changed(each.node, change, done)) for each in node],
        )
    items = tuple(_changed(item, change, done) for item in node.items)
    tags = any(item.has_tags for item in items)
    return ListNode(node.place, items, tags, 1 + sum(item.size for item in items))
