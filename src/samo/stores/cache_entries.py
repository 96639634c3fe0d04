"""The entries of a store of caches on the disk: made, read, marked as used, and removed.

An entry is a folder `<sequence>.<key>` with its archives, an `entry.json`, and `used`: a number
that the store gives to each use. Sequences and uses are counted under the store's lock and only
grow: no clock says which of two caches was saved or used last. Who uses an entry shares a lock on
its `entry.json`; who removes it must have that lock alone. Nothing is synced, as to wait for the
disk can take longer than to save: what a power cut spoils has not its digest any more, and what is
damaged is no entry.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from samo.pipeline.dataclass import dataclass
from samo.stores.file_names import file_name
from samo.stores.problems import store_failure
from samo.stores.staging import store_lock, trash
from samo.system import Hold, held

_ENTRY = re.compile(r"([0-9]{12})\.(.+)", re.DOTALL)

Part = tuple[str, Path, Sequence[str]]
"""Where a part of a cache goes, the folder that it comes from, and the names in that folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A stored cache; `parts` are (at, archive, SHA-256).

    `last_use` orders entries by their last uses; `used_at` is when that was by the clock.
    """

    path: Path
    key: str
    size_bytes: int
    parts: tuple[tuple[str, Path, str], ...]
    last_use: int
    used_at: float

    def is_whole(self) -> bool:
        """Whether its archives are what was written; raises OSError where they cannot be read."""
        from samo.system.archive import digest  # noqa: PLC0415 - with tarfile and OpenSSL

        return all(digest(archive) == sha256 for _, archive, sha256 in self.parts)


def folders(root: Path) -> Iterator[Path]:
    """Yield the folders of all entries, the one saved last first."""
    try:
        names = [path.name for path in (root / "entries").iterdir()]
    except FileNotFoundError:
        return
    except OSError as error:
        raise store_failure(f"cannot read the caches in {root}", error) from error
    for name in sorted(names, reverse=True):
        if _ENTRY.fullmatch(name):
            yield root / "entries" / name


def read(path: Path) -> Entry | None:
    """Return the entry at `path`; None where it is damaged, which no cache is better than."""
    try:
        content = json.loads((path / "entry.json").read_bytes())
        parts = tuple(_part(path, part) for part in content["parts"])
        sizes = [part["size_bytes"] for part in content["parts"]]
        if sizes != [archive.stat().st_size for _, archive, _ in parts]:
            return None
        return Entry(
            path=path,
            key=content["key"],
            size_bytes=sum(sizes),
            parts=parts,
            last_use=_last_use(path),
            used_at=(path / "used").stat().st_mtime,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(folder: Path, key: str, parts: Sequence[Part], skip: Callable[[str], None]) -> None:
    """Write an entry into a folder that is not published yet; `skip` hears of what is left out."""
    from samo.system.archive import pack  # noqa: PLC0415 - with tarfile, which few runs need

    written = []
    for number, (at, root, names) in enumerate(parts):
        name = f"{number}.tar"
        packed = pack(folder / name, root, names)
        values = {"size_bytes": packed.size_bytes, "sha256": packed.sha256}
        written.append({"at": at, "archive": name, **values})
        for each in packed.left_out:
            skip(each)
    content = {"key": key, "parts": written}
    (folder / "entry.json").write_bytes(json.dumps(content).encode("ascii"))


def publish(root: Path, folder: Path, key: str) -> Path:
    """Make a folder the entry saved last, in the place of a damaged one of its key.

    Whoever calls holds the store's lock.
    """
    newest = next((int(path.name[:12]) for path in folders(root)), 0)
    path = root / "entries" / f"{newest + 1:012}.{file_name(key)}"
    path.parent.mkdir(exist_ok=True)
    for broken in folders_of(root, key):
        trash(root, broken)
    _count_use(root, folder)
    folder.rename(path)
    return path


def folders_of(root: Path, key: str) -> list[Path]:
    """Return the folders that have this key, whole or damaged."""
    return [path for path in folders(root) if path.name[13:] == file_name(key)]


def mark_used(root: Path, entry: Entry) -> None:
    """Note that an entry is used now."""
    with store_lock(root):
        _count_use(root, entry.path)


def in_use(entry: Entry) -> AbstractContextManager[bool]:
    """Keep an entry from being removed; the value says whether it is there at all."""
    return held(entry.path / "entry.json", Hold.SHARED)


def drop(root: Path, path: Path) -> bool:
    """Remove an entry unless it is in use; return whether it is gone."""
    description = path / "entry.json"
    with store_lock(root), held(description, Hold.ALONE) as alone:
        if not alone and description.exists():
            return False
        trash(root, path)
    return True


def _part(path: Path, part: dict[str, Any]) -> tuple[str, Path, str]:
    return part["at"], path / part["archive"], part["sha256"]


def _count_use(root: Path, folder: Path) -> None:
    last = max(map(_last_use, folders(root)), default=0)
    (folder / "used").write_text(f"{last + 1}\n")


def _last_use(path: Path) -> int:
    try:
        return int((path / "used").read_bytes())
    except (FileNotFoundError, ValueError):  # a kill may leave it empty
        return 0
