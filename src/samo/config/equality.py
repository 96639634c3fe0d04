"""What `equal` compares (LOG-003): values with their types, and executors by their definitions."""

from collections.abc import Iterator

from samo.config.arguments import bind
from samo.config.document import ListNode, MapNode, Node, ScalarNode
from samo.config.evaluation import UNBOUND
from samo.config.library import Found, Kind, find
from samo.config.scope import ExecutorValue, Scope, evaluate

MAX_VALUES = 1000
"""So many values one side may hold: comparing is no way to make a small file a long task."""


def operand(node: Node, scope: Scope) -> object:
    """Return what one side of `equal` is: two sides are equal where these are.

    Configs compare the executor that a job was given with an anchor of its definition, and so
    maps and lists count by what they hold. UNBOUND where only an invocation will know.
    """
    parts = tuple(_parts(evaluate(node, scope)))
    return UNBOUND if UNBOUND in parts else parts


def _parts(node: Node) -> Iterator[object]:
    match node:
        case MapNode():
            yield ("map", len(node.entries))
            for entry in sorted(node, key=lambda entry: entry.key):
                yield entry.key
                yield from _parts(entry.node)
        case ListNode():
            yield ("list", len(node.items))
            for item in node.items:
                yield from _parts(item)
        case ScalarNode(value=ExecutorValue() as value):
            yield from _definition(value)
        case ScalarNode():
            yield UNBOUND if node.value is UNBOUND else (type(node.value), node.value)


def _definition(value: ExecutorValue) -> Iterator[object]:
    found = find(value.scope.library, Kind.EXECUTOR, value.name)
    if not isinstance(found, Found):
        yield UNBOUND
        return
    parameters = bind(found, value.arguments, value.scope, value.place)
    yield from _parts(evaluate(found.body, value.scope.inside(found, parameters)))
