"""The caches of a repository: immutable, found by the begin of a key, shared by all its runs.

Instead of an age (CACHE-017) they have a size together: beyond it, what was not used for longest
goes. Neither order asks a clock, which may jump: see `samo.stores.cache_entries`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from samo.pipeline.dataclass import dataclass
from samo.stores.cache_entries import (
    Entry,
    drop,
    folders,
    folders_of,
    in_use,
    mark_used,
    publish,
    read,
    write,
)
from samo.stores.problems import store_failure
from samo.stores.staging import staged, store_lock, unheard

CAP_BYTES = 10 * 10**9
"""How large the caches of a repository may be together, where its settings do not say."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheRecord:
    """What a list of caches tells of one; `used_at` is in Unix seconds."""

    key: str
    size_bytes: int
    used_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was asked to go: the keys that went, and those that a running restore holds."""

    removed: tuple[str, ...]
    kept: tuple[str, ...]


class Caches:
    """The caches below `root`, of `cap_bytes` together; any number of processes may share them."""

    def __init__(self, root: Path, *, cap_bytes: int = CAP_BYTES) -> None:
        self._root = root
        self._cap_bytes = cap_bytes

    @contextmanager
    def using(self, keys: Sequence[str], tell: Callable[[str], None]) -> Iterator[Cache | None]:
        """Yield the cache that the first matching key of `keys` means; it stays until the end.

        A key matches all stored keys that it begins; the one saved last wins, even over the key
        itself (CACHE-010 to CACHE-012). What is damaged is passed over, which `tell` hears of.
        """
        stored = self._stored()
        for entry in (entry for key in keys for entry in stored if entry.key.startswith(key)):
            with in_use(entry) as is_there:
                if is_there and _is_whole(entry):
                    self._mark_used(entry)
                    yield _cache(entry)
                    return
            if is_there:
                tell(f"the cache {entry.key} is damaged: removed, as if it had not been saved")
                self._drop(entry.path)
        yield None

    def save(
        self, key: str, parts: Sequence[CachePart], *, skip: Callable[[str], None] = unheard
    ) -> Cache | None:
        """Store `parts`, maybe none (CACHE-014), under `key`; None where the key is taken.

        Of several that save one key at once, one is stored whole (CACHE-018). `skip` hears the
        names of sockets, pipes and devices, which are left out. Raises SamoError for a part
        that is missing, or a full disk.
        """
        if self._is_taken(key):
            return None
        try:
            with staged(self._root) as folder:
                write(folder, key, [(part.at, part.root, part.names) for part in parts], skip)
                return self._publish(folder, key)
        except OSError as error:
            raise store_failure(f"cannot save the cache '{key}'", error) from error

    def trim(self) -> tuple[str, ...]:
        """Remove caches until the others fit the cap (CACHE-017); return the keys that went.

        What is damaged goes first, then what was not used for longest; never the one saved last,
        nor one in use.
        """
        for path in folders(self._root):
            if read(path) is None:
                self._drop(path)
        stored = self._stored()
        size_bytes = sum(entry.size_bytes for entry in stored)
        removed = []
        for entry in sorted(stored[1:], key=lambda each: each.last_use):
            if size_bytes > self._cap_bytes and self._drop(entry.path):
                size_bytes -= entry.size_bytes
                removed.append(entry.key)
        return tuple(removed)

    def all(self) -> tuple[CacheRecord, ...]:
        """Return what is stored, the one saved last first."""
        return tuple(
            CacheRecord(key=entry.key, size_bytes=entry.size_bytes, used_at=entry.used_at)
            for entry in self._stored()
        )

    def clear(self, key: str) -> Cleared:
        """Remove the caches that `key` begins, for "" all and what is damaged as well.

        Raises SamoError where they cannot be removed.
        """
        removed: list[str] = []
        kept: list[str] = []
        for path in list(folders(self._root)):
            entry = read(path)
            if not (entry.key.startswith(key) if entry else not key):
                continue
            try:
                gone = drop(self._root, path)
            except OSError as error:
                raise store_failure(f"cannot remove the cache {path}", error) from error
            if entry:
                (removed if gone else kept).append(entry.key)
        return Cleared(removed=tuple(removed), kept=tuple(kept))

    def _publish(self, folder: Path, key: str) -> Cache | None:
        with store_lock(self._root):
            if self._is_taken(key):
                return None
            entry = read(publish(self._root, folder, key))
        return _cache(entry) if entry else None

    def _stored(self) -> list[Entry]:
        return [entry for path in folders(self._root) if (entry := read(path))]

    def _is_taken(self, key: str) -> bool:
        """Whether the key has a whole entry: a damaged one may be saved anew."""
        return any(read(path) for path in folders_of(self._root, key))

    def _mark_used(self, entry: Entry) -> None:
        with suppress(OSError):  # a disk that is only read forgets of no cache
            mark_used(self._root, entry)

    def _drop(self, path: Path) -> bool:
        try:
            return drop(self._root, path)
        except OSError:  # it stays, and is no worse than before
            return False


def _cache(entry: Entry) -> Cache:
    parts = tuple((at, archive) for at, archive, _ in entry.parts)
    return Cache(key=entry.key, size_bytes=entry.size_bytes, parts=parts)


def _is_whole(entry: Entry) -> bool:
    try:
        return entry.is_whole()
    except OSError:  # a disk that cannot read it back
        return False
