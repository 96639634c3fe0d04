"""A folder as an orb's authors keep it, read as the one orb that it is published as.

CircleCI's own command packs such a folder into one text (ORB-014 to 018). Here it becomes one
tree, in which each node still knows the file it stands in: so errors point there.
"""

from collections.abc import Iterator
from pathlib import Path

from samo.config.decode import shown
from samo.config.document import (
    MAX_BYTES,
    Document,
    Entry,
    MapNode,
    ScalarNode,
    Source,
    read_document,
)
from samo.config.problems import Problems
from samo.orbs.include import Includes
from samo.orbs.local_file import read_within
from samo.orbs.problems import unresolved
from samo.orbs.tree import changed, map_of
from samo.pipeline.place import Place
from samo.pipeline.problem import ProblemKind

_SUFFIXES = (".yml", ".yaml")
_WITH_INCLUDES = ("commands", "executors", "jobs")
_MAX_TEXT = 10 * MAX_BYTES
_MAX_DEPTH = 20


def pack(folder: Path) -> Document:
    """Return the orb in a folder; raises ConfigError with all that is wrong with its files."""
    problems = Problems()
    reading = _Folder(folder, problems)
    entries = reading.top()
    if not reading.files:
        raise unresolved(f"the folder '{folder}' holds no orb", "an orb begins with '@orb.yml'")
    text = "".join(reading.texts)
    includes = Includes(folder, text, problems)
    for key in _WITH_INCLUDES:
        if entry := entries.get(key):
            entries[key] = Entry(key, entry.place, changed(entry.node, includes.resolved))
    problems.raise_errors()
    root = map_of(Place(str(folder), 1, 1), entries.values())
    return Document(path=str(folder), text=text, root=root, files=tuple(reading.files))


class _Folder:
    """Reads the files below a folder, one after the other into one text."""

    def __init__(self, root: Path, problems: Problems) -> None:
        self.files: list[str] = []
        self.texts: list[str] = []
        self._size = 0
        self._root = root
        self._problems = problems

    def top(self) -> dict[str, Entry]:
        """Return the orb's keys: those of the files at the top, and a section for each folder."""
        entries: dict[str, Entry] = {}
        for path in self._children(self._root):
            if not path.is_dir():
                for entry in self._map(path):
                    self._merge(entries, entry)
            elif section := self._section(path):
                place = Place(str(path), 1, 1)
                self._merge(entries, Entry(path.name, place, map_of(place, section.values())))
        return entries

    def _section(self, folder: Path) -> dict[str, Entry]:
        """Return the entries below a section, however deep their files lie (ORB-015)."""
        entries: dict[str, Entry] = {}
        for path in self._children(folder):
            if path.is_dir():
                found = list(self._section(path).values())
            elif path.name.startswith("@"):
                found = list(self._map(path))
            else:
                found = [Entry(path.stem, Place(str(path), 1, 1), self._map(path))]
            for entry in found:
                self._add(entries, entry)
        return entries

    def _merge(self, entries: dict[str, Entry], entry: Entry) -> None:
        """Add a key; what a section has from several places is one section (ORB-016)."""
        known = entries.get(entry.key)
        if known and isinstance(known.node, MapNode) and isinstance(entry.node, MapNode):
            section = dict(known.node.entries)
            for each in entry.node:
                self._add(section, each)
            entry = Entry(entry.key, known.place, map_of(known.node.place, section.values()))
            entries[entry.key] = entry
        else:
            self._add(entries, entry)

    def _add(self, entries: dict[str, Entry], entry: Entry) -> None:
        if known := entries.get(entry.key):
            message = f"'{known.place.path}' and '{entry.place.path}' both define '{entry.key}'"
            hint = "files that are packed into one section need names of their own"
            self._problems.add(ProblemKind.ORB_RESOLVE, message, entry.place, hint)
        else:
            entries[entry.key] = entry

    def _children(self, folder: Path) -> Iterator[Path]:
        """Yield the folders and the YAML files in a folder, in the order of their names."""
        if len(folder.relative_to(self._root).parts) > _MAX_DEPTH:
            raise unresolved(f"'{folder}' lies more than {_MAX_DEPTH} folders deep")
        yield from filter(_is_part, sorted(folder.iterdir()))

    def _map(self, path: Path) -> MapNode:
        start = self._size
        source = Source(path=str(path), text=read_within(self._root, path))
        document = read_document(source, self._problems)
        self._keep(document)
        match document.root:
            case MapNode() as root:
                return map_of(
                    root.place,
                    [
                        each._replace(node=changed(each.node, lambda node: _moved(node, start)))
                        for each in root
                    ],
                )
            case None | ScalarNode(value=None):
                return map_of(Place(document.path, 1, 1), ())
            case root:
                message = f"'{path}' must hold a mapping, found {shown(root)}"
                self._problems.add(ProblemKind.SCHEMA, message, root.place, "write 'KEY: VALUE'")
                return map_of(root.place, ())

    def _keep(self, document: Document) -> None:
        self.files.append(document.path)
        self.texts.append(f"{document.text}\n")
        self._size += len(self.texts[-1])
        if self._size > _MAX_TEXT:
            raise unresolved(f"the folder '{self._root}' has more than {_MAX_TEXT:,} characters")


def _is_part(path: Path) -> bool:
    """ORB-016: no dotfile, no file of another type; a link to a folder is none, either."""
    if path.name.startswith("."):
        return False
    if path.is_dir():
        return not path.is_symlink()
    return path.suffix in _SUFFIXES and path.is_file()


def _moved(node: ScalarNode, by: int) -> ScalarNode:
    """Return a scalar that is found in the text of all files where it stood in its own."""
    return node._replace(start=node.start + by, end=node.end + by)
