"""The caches of a repository: immutable, found by the begin of a key, shared by all its runs.

An entry is a folder `<sequence>.<key>` with its archives and an `entry.json`. Sequences are given
under the store's lock and only grow: no clock says which of two caches was saved last.
"""

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.stores.file_names import file_name
from samo.stores.problems import store_failure, store_problem
from samo.stores.staging import staged, store_lock
from samo.system import write_atomically

_LONGEST_KEY = 900
_ENTRY = re.compile(r"([0-9]{12})\.(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CachePart:
    """What a cache holds of one place: the paths `names` below the folder `root`.

    `at` says where `root` was for the job that saved, "~" or "/", and so where to lay it out.
    """

    at: str
    root: Path
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """A stored cache: its whole key, its size packed, and (at, archive) of each part."""

    key: str
    size_bytes: int
    parts: tuple[tuple[str, Path], ...]


class Caches:
    """The caches below `root`; any number of processes may share them."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def find(self, keys: Sequence[str]) -> Cache | None:
        """Return the cache that the first matching key of `keys` means.

        A key matches all stored keys that it begins; the one saved last wins, even over the key
        itself (CACHE-010 to CACHE-012).
        """
        stored = [cache for _, path in self._entries() if (cache := _read(path))]
        for key in keys:
            for cache in stored:
                if cache.key.startswith(key):
                    return cache
        return None

    def save(self, key: str, parts: Sequence[CachePart]) -> Cache | None:
        """Store `parts`, maybe none (CACHE-014), under `key`; None where the key is taken.

        Of several that save one key at once, one is stored whole (CACHE-018). Raises SamoError
        for a key of more than 900 characters, a part that is missing, or a full disk.
        """
        if len(key) > _LONGEST_KEY:
            message = f"a cache key may have {_LONGEST_KEY} characters; this has {len(key)}"
            raise store_problem(message, f"it begins '{key[:40]}'")
        if self._is_taken(key):
            return None
        try:
            with staged(self._root) as entry:
                _write(entry, key, parts)
                return self._publish(entry, key)
        except OSError as error:
            raise store_failure(f"cannot save the cache '{key}'", error) from error

    def _publish(self, entry: Path, key: str) -> Cache | None:
        with store_lock(self._root):
            if self._is_taken(key):
                return None
            newest = next((sequence for sequence, _ in self._entries()), 0)
            path = self._root / "entries" / f"{newest + 1:012}.{file_name(key)}"
            path.parent.mkdir(exist_ok=True)
            for broken in self._entries_of(key):
                shutil.rmtree(broken)
            entry.rename(path)
        return _read(path)

    def _is_taken(self, key: str) -> bool:
        """Whether the key has a whole entry: a damaged one may be saved anew."""
        return any(_read(path) for path in self._entries_of(key))

    def _entries_of(self, key: str) -> list[Path]:
        return [path for _, path in self._entries() if path.name[13:] == file_name(key)]

    def _entries(self) -> Iterator[tuple[int, Path]]:
        """Yield all entries with their sequences, the one saved last first."""
        try:
            names = [path.name for path in (self._root / "entries").iterdir()]
        except FileNotFoundError:
            return
        except OSError as error:
            raise store_failure(f"cannot read the caches in {self._root}", error) from error
        for name in sorted(names, reverse=True):
            if match := _ENTRY.fullmatch(name):
                yield int(match[1]), self._root / "entries" / name


def _write(entry: Path, key: str, parts: Sequence[CachePart]) -> None:
    from samo.system.archive import pack  # noqa: PLC0415 - with tarfile, which few runs need

    written = []
    for number, part in enumerate(parts):
        name = f"{number}.tar"
        size_bytes = pack(entry / name, part.root, part.names)
        written.append({"at": part.at, "archive": name, "size_bytes": size_bytes})
    content = {"key": key, "parts": written}
    write_atomically(entry / "entry.json", json.dumps(content).encode("ascii"))


def _read(path: Path) -> Cache | None:
    """Return the entry at `path`; None where it is damaged, which no cache is better than."""
    try:
        content = json.loads((path / "entry.json").read_bytes())
        parts = tuple((part["at"], path / part["archive"]) for part in content["parts"])
        sizes = [part["size_bytes"] for part in content["parts"]]
        if sizes != [archive.stat().st_size for _, archive in parts]:
            return None
        return Cache(key=content["key"], size_bytes=sum(sizes), parts=parts)
    except (OSError, ValueError, KeyError, TypeError):
        return None
