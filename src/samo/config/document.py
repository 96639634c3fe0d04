"""YAML text to a tree of our own in which every node knows where it was written.

The tree is built from the parser's events rather than from PyYAML's nodes: so nesting is checked
before it can exhaust the stack, an alias costs nothing however often it is used, and a tree
that aliases would blow up to an absurd size (an "alias bomb") is refused while it is still small.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, NamedTuple

import yaml

from samo.config.problems import Problems
from samo.config.scalar import Plain, resolve_plain
from samo.config.yaml_hints import yaml_hint
from samo.pipeline.dataclass import dataclass
from samo.pipeline.place import Place
from samo.pipeline.problem import ConfigError, Problem, ProblemKind

MAX_BYTES = 3_000_000
MAX_DEPTH = 250
MAX_NODES = 2_000_000

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line of YAML."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text of the language, and the path by which users know it."""

    path: str
    text: str | bytes


class ScalarNode(NamedTuple):
    """A single value: `text` as YAML reads it, `value` with its type.

    `start` and `end` delimit it in the source; `value` of an interpolated scalar may be what a
    parameter was bound to.
    """

    place: Place
    text: str
    value: object
    is_plain: bool = False
    start: int = 0
    end: int = 0
    has_tags: bool = False
    size: int = 1


class ListNode(NamedTuple):
    """A sequence."""

    place: Place
    items: tuple["Node", ...]
    has_tags: bool = False
    size: int = 1


class Entry(NamedTuple):
    """A key of a mapping, where it stands, and its value."""

    key: str
    place: Place
    node: "Node"


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping in the order of the file, merge keys resolved; keys are always text (CFG-008)."""

    place: Place
    entries: Mapping[str, Entry]
    has_tags: bool = False
    size: int = 1

    def get(self, key: str) -> "Node | None":
        """Return the value of a key, None where the key is absent."""
        entry = self.entries.get(key)
        return entry.node if entry else None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())


Node = ScalarNode | ListNode | MapNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's tree and its text; `root` is None where the file holds nothing.

    `files` are the paths of the parts where several files make up the tree.
    """

    path: str
    text: str
    root: Node | None
    files: tuple[str, ...] = ()


def read_document(source: Source, problems: Problems) -> Document:
    """Return the document in `source`; raises ConfigError where it is no YAML at all."""
    text = _decoded(source)
    if len(text) > MAX_BYTES:
        message = f"the file has {len(text):,} characters"
        raise _fault(message, Place(source.path, 1, 1), f"at most {MAX_BYTES:,} are read")
    builder = _Builder(source.path, problems)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _syntax_fault(error, source.path, text) from error
    except yaml.reader.ReaderError as error:
        raise _unreadable_character(error, source.path, text) from error
    return Document(path=source.path, text=text, root=builder.root)


@dataclass
class _OpenList:
    """A sequence that has begun."""

    place: Place
    anchor: str | None
    items: list[Node] = field(default_factory=list)

    def add(self, node: Node) -> None:
        self.items.append(node)


@dataclass
class _OpenMap:
    """A mapping that has begun; `key` waits for its value."""

    place: Place
    anchor: str | None
    problems: Problems
    entries: dict[str, Entry] = field(default_factory=dict)
    merged: list[MapNode] = field(default_factory=list)
    key: ScalarNode | None = None

    def add(self, node: Node) -> None:
        if self.key is None:
            self.key = self._checked_key(node)
            return
        key, self.key = self.key, None
        if key.text == "<<" and key.is_plain:
            self._merge(node, key.place)
        elif key.text in self.entries:
            first = self.entries[key.text].place
            message = f"duplicate key '{key.text}', first given on line {first.line}"
            self.problems.add(
                ProblemKind.YAML_DUPLICATE_KEY, message, key.place, "remove or rename one of them"
            )
        else:
            self.entries[key.text] = Entry(key.text, key.place, node)

    def _checked_key(self, node: Node) -> ScalarNode:
        if isinstance(node, ScalarNode):
            return node
        raise _fault("a mapping or list cannot be a key", node.place, "quote the key")

    def _merge(self, node: Node, place: Place) -> None:
        """CFG-007: a map, or a list of maps of which the earlier wins."""
        maps = node.items if isinstance(node, ListNode) else (node,)
        if all(isinstance(each, MapNode) for each in maps):
            self.merged.extend(each for each in maps if isinstance(each, MapNode))
            return
        message = "the merge key '<<' takes a map or a list of maps"
        hint = "a list or a value cannot be merged; name a map's anchor: <<: *anchor"
        self.problems.add(ProblemKind.YAML_SYNTAX, message, place, hint)

    def close(self) -> dict[str, Entry]:
        if not self.merged:
            return self.entries
        entries = dict(self.entries)
        for each in self.merged:
            for key, entry in each.entries.items():
                entries.setdefault(key, entry)
        return entries


class _Builder:
    """Takes the parser's events one by one; `root` is the finished tree."""

    def __init__(self, path: str, problems: Problems) -> None:
        self.root: Node | None = None
        self._path = path
        self._problems = problems
        self._open: list[_OpenList | _OpenMap] = []
        self._anchors: dict[str, Node | None] = {}
        self._ends: dict[str, Place] = {}
        self._documents = 0

    def take(self, event: Any) -> None:  # noqa: ANN401
        """Take the next event."""
        match event:
            case yaml.ScalarEvent():
                self._end(event.anchor, event)
                self._add(self._scalar(event), event.anchor)
            case yaml.MappingStartEvent():
                self._push(_OpenMap(self._place(event), event.anchor, self._problems))
            case yaml.SequenceStartEvent():
                self._push(_OpenList(self._place(event), event.anchor))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                opened = self._open.pop()
                self._end(opened.anchor, event)
                self._close(opened)
            case yaml.AliasEvent():
                self._add(self._aliased(event), None)
            case yaml.DocumentStartEvent():
                self._start_document(event)

    def _start_document(self, event: Any) -> None:  # noqa: ANN401
        self._documents += 1
        if self._documents > 1:
            hint = "keep one document in the file"
            raise _fault("a second document begins here", self._place(event), hint)

    def _push(self, opened: _OpenList | _OpenMap) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _fault(f"nested more than {MAX_DEPTH} levels deep", opened.place, "flatten it")
        if opened.anchor:
            self._anchors[opened.anchor] = None
        self._open.append(opened)

    def _close(self, opened: _OpenList | _OpenMap) -> None:
        node: Node
        if isinstance(opened, _OpenList):
            items = tuple(opened.items)
            tags = any(item.has_tags for item in items)
            node = ListNode(opened.place, items, tags, 1 + sum(item.size for item in items))
        else:
            entries = opened.close()
            tags = any(entry.node.has_tags for entry in entries.values())
            size = 1 + sum(entry.node.size for entry in entries.values())
            node = MapNode(opened.place, entries, tags, size)
        if node.size > MAX_NODES:
            message = f"aliases make this grow to more than {MAX_NODES:,} values"
            raise _fault(message, node.place, "use fewer aliases of aliases")
        self._add(node, opened.anchor)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1].add(node)
        else:
            self.root = node

    def _end(self, anchor: str | None, event: Any) -> None:  # noqa: ANN401
        if anchor:
            mark = event.end_mark
            self._ends[anchor] = Place(self._path, mark.line + 1, mark.column + 1)

    def _aliased(self, event: Any) -> Node:  # noqa: ANN401
        if event.anchor not in self._anchors:
            message = f"the alias '*{event.anchor}' has no anchor '&{event.anchor}' before it"
            raise _fault(message, self._place(event), "define the anchor above its first use")
        node = self._anchors[event.anchor]
        if node is None:
            message = f"the anchor '&{event.anchor}' contains itself"
            raise _fault(message, self._place(event), "name another anchor")
        self._problems.uses.note_alias(node.place, self._ends[event.anchor], self._place(event))
        return node

    def _scalar(self, event: Any) -> ScalarNode:  # noqa: ANN401
        text: str = event.value
        is_plain = event.implicit[0] and not event.style
        value: Plain = resolve_plain(text) if is_plain else text
        start, end = event.start_mark.index, event.end_mark.index
        return ScalarNode(self._place(event), text, value, is_plain, start, end, "<<" in text)

    def _place(self, event: Any) -> Place:  # noqa: ANN401
        mark = event.start_mark
        return Place(self._path, mark.line + 1, mark.column + 1)


def _decoded(source: Source) -> str:
    if isinstance(source.text, str):
        return source.text.removeprefix("\ufeff")
    try:
        return source.text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")  # a byte order mark is off already
        place = _place_at(source.path, before, len(before))
        raise _fault("the file is not UTF-8", place, "save it as UTF-8") from error


def _syntax_fault(error: yaml.MarkedYAMLError, path: str, text: str) -> ConfigError:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return _fault(str(error.problem), Place(path, 1, 1), "")
    opening = error.context_mark
    bracket = text[opening.index : opening.index + 1] if opening else ""
    if opening and bracket in ("[", "{", '"', "'") and not text[mark.index :].strip():
        message = f"not valid YAML: {bracket} is not closed"
        place = Place(path, opening.line + 1, opening.column + 1)
        return _fault(message, place, "the file ends before it")
    found = text[mark.index : mark.index + 1]
    hint = yaml_hint(str(error.problem), found, _context(error))
    message = f"not valid YAML: {error.problem}"
    return _fault(message, _place_at(path, text, mark.index), hint)


def _context(error: yaml.MarkedYAMLError) -> str:
    if error.context is None or error.context_mark is None:
        return ""
    return f"{error.context} that begins on line {error.context_mark.line + 1}"


def _unreadable_character(error: yaml.reader.ReaderError, path: str, text: str) -> ConfigError:
    place = _place_at(path, text, error.position)
    return _fault("a character that YAML does not allow", place, "remove the control character")


def _place_at(path: str, text: str, index: int) -> Place:
    """Return the place of a character, or of the end: the parser counts one line too many there."""
    breaks = [found.end() for found in LINE_BREAK.finditer(text, 0, index)]
    return Place(path, len(breaks) + 1, min(index, len(text)) - (breaks[-1] if breaks else 0) + 1)


def _fault(message: str, place: Place, hint: str) -> ConfigError:
    kind = ProblemKind.YAML_SYNTAX
    return ConfigError(Problem(kind=kind, message=message, place=place, hint=hint))
