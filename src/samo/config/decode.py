"""A small decoder for located trees: it reads the keys of a mapping with their types.

It notes every problem with its place and goes on with a harmless value, so that one pass over a
file finds all that is wrong with it. A value that only an invocation will know (UNBOUND) is
never wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from samo.config.document import ListNode, MapNode, Node, ScalarNode
from samo.config.evaluation import UNBOUND
from samo.config.problems import Problems
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind, closest, nearest

NULL_TEXT = "<nil>"
"""The text of a scalar that a tag made null: what `environment` shows of it (PAR-031)."""


NOWHERE: Mapping[str, str] = MappingProxyType({})


class Fields:
    """The keys of one mapping; `title` is how messages call it, `place` where it stands."""

    def __init__(self, node: MapNode, title: str, place: Place, problems: Problems) -> None:
        self.node = node
        self._title = title
        self._place = place
        self._problems = problems
        self._meant: set[str] = set()

    def allow(self, keys: Iterable[str], *, elsewhere: Mapping[str, str] = NOWHERE) -> None:
        """Note every key that is not one of `keys`; `elsewhere` says where others belong."""
        allowed = tuple(keys)
        for entry in self.node:
            if entry.key in allowed:
                continue
            message = f"unknown key '{entry.key}' in {self._title}"
            hint = f"allowed: {', '.join(allowed)}"
            if entry.key in elsewhere:
                hint = elsewhere[entry.key]
            elif meant := closest(entry.key, allowed):
                hint = f"did you mean '{meant}'? {hint}"
                self._meant.add(meant)
            self._schema(message, entry.place, hint)

    def is_misspelt(self, key: str) -> bool:
        """Whether an unknown key that was noted stands for this one: wrong once is enough."""
        return key in self._meant and key not in self.node.entries

    def ignore(self, key: str) -> None:
        """Warn of a key that CircleCI lets pass, though it has no effect."""
        if entry := self.node.entries.get(key):
            message = f"'{key}' has no effect in {self._title}"
            self._problems.warn(ProblemKind.NO_EFFECT, message, entry.place, "remove it")

    def require(self, *keys: str) -> bool:
        """Whether all keys are there; those that are not are noted."""
        absent = [key for key in keys if is_blank(self.node.get(key))]
        for key in absent:
            if self.is_misspelt(key):
                continue
            self._schema(f"{self._title} needs '{key}'", self._place, f"add '{key}:'")
        return not absent

    def text(self, key: str, default: str = "") -> str:
        """Return a text; numbers and booleans count as the characters they were written with."""
        node = self.node.get(key)
        if node is None or is_absent(node):
            return default
        if isinstance(node, ScalarNode) and isinstance(node.value, str | int | float):
            return node.text
        if not is_unbound(node):
            self._wrong(node, f"'{key}'", "text")
        return default

    def flag(self, key: str) -> bool:
        """Return a boolean, False by default."""
        node = self.node.get(key)
        if node is None or is_absent(node) or is_unbound(node):
            return False
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return node.value
        self._wrong(node, f"'{key}'", "true or false")
        return False

    def integer(self, key: str, default: int, least: int, most: int | None = None) -> int:
        """Return a whole number within bounds."""
        node = self.node.get(key)
        if node is None or is_absent(node) or is_unbound(node):
            return default
        limits = f"a whole number from {least}" + (f" to {most}" if most else "")
        value = node.value if isinstance(node, ScalarNode) else None
        if type(value) is int and value >= least and (most is None or value <= most):
            return value
        self._wrong(node, f"'{key}'", limits)
        return default

    def choice(self, key: str, options: tuple[str, ...], default: str) -> str:
        """Return one of the options."""
        node = self.node.get(key)
        if node is None or is_absent(node) or is_unbound(node):
            return default
        if isinstance(node, ScalarNode) and node.text in options:
            return node.text
        found = nearest(node.text, options) if isinstance(node, ScalarNode) else ""
        self._wrong(node, f"'{key}'", f"one of {', '.join(options)}", found)
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        node = self.node.get(key)
        if node is None or is_absent(node) or is_unbound(node):
            return ()
        if not isinstance(node, ListNode):
            self._wrong(node, f"'{key}'", "a list")
            return ()
        return tuple(self._items(key, node))

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, for which a single text may stand."""
        node = self.node.get(key)
        if isinstance(node, ScalarNode) and not is_absent(node):
            return () if is_unbound(node) else (node.text,)
        return self.texts(key)

    def mapping(self, key: str) -> MapNode | None:
        """Return a mapping, None where the key is absent or null."""
        node = self.node.get(key)
        if isinstance(node, MapNode) or node is None or is_absent(node) or is_unbound(node):
            return node if isinstance(node, MapNode) else None
        self._wrong(node, f"'{key}'", "a mapping")
        return None

    def _items(self, key: str, node: ListNode) -> Iterator[str]:
        for item in node.items:
            if isinstance(item, ScalarNode) and item.value is not None:
                if item.value is not UNBOUND:
                    yield item.text
            elif is_blank(item) or not isinstance(item, ScalarNode):
                self._wrong(item, f"an item of '{key}'", "text")

    def _wrong(self, node: Node, what: str, wanted: str, hint: str = "") -> None:
        found = f"{what} of {self._title} must be {wanted}, found {shown(node)}"
        self._schema(found, node.place, hint)

    def _schema(self, message: str, place: Place, hint: str) -> None:
        self._problems.add(ProblemKind.SCHEMA, message, place, hint)


def is_unbound(node: Node) -> bool:
    """Whether only an invocation will know this value."""
    return isinstance(node, ScalarNode) and node.value is UNBOUND


def is_absent(node: Node | None) -> bool:
    """Whether there is no value: no key, or a null."""
    return node is None or (isinstance(node, ScalarNode) and node.value is None)


def is_blank(node: Node | None) -> bool:
    """Whether nothing was written: a tag that comes to null is something."""
    return is_absent(node) and not (isinstance(node, ScalarNode) and node.text == NULL_TEXT)


def shown(node: Node) -> str:
    """Return how messages quote a value."""
    match node:
        case ListNode():
            return "a list" if node.items else "an empty list"
        case MapNode():
            return "a mapping" if node.entries else "an empty mapping"
        case ScalarNode(value=None):
            return "nothing"
        case ScalarNode(value=bool() | int() | float()):
            return f"{type_name(node.value)} {node.text}"
        case ScalarNode(value=value) if not isinstance(value, str):
            return f"a value of type {type_name(value)}"
    text = node.text if len(node.text) <= 40 else node.text[:37] + "..."
    return f"'{text}'".replace("\n", " ")


def type_name(value: object) -> str:
    """Return the language's name of a value's type."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
    return str(value) if hasattr(value, "steps") else "executor"
