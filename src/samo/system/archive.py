"""Files and folders in one compressed archive, and out of it again.

Packing is trusted: the system's tar and zstd do it where both are there, four times as fast as
Python (`samo.system.archive_tools`). Unpacking is not, because an archive may be hostile and so may
the folder that it lands in: a symbolic link in either leads anywhere. To check a list first and let
another program extract leaves two readers that may disagree and a gap in time, so one reader, ours,
does both: see `samo.system.landing`. It takes about as long as tar does: both spend their time in
the file system, where each file is made.
"""

import errno
import gzip
import hashlib
import os
import stat
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, SamoError
from samo.system.archive_tools import ZSTD_MAGIC, pack_by_tools, tar_words, unzstd
from samo.system.forward import Forward, Source
from samo.system.landing import Landing, Refused
from samo.system.tar_header import Header

_GZIP_MAGIC = b"\x1f\x8b"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# What tarfile and zlib raise for bytes that are no archive.
_DAMAGE = (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error, ValueError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An archive that was written: its size and SHA-256 in hexadecimal.

    `files` are the names in it that are no folders, `left_out` those that no archive can hold.
    """

    size_bytes: int
    sha256: str
    files: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """What there is to pack: all `names`, parents first, and which of them are no folders.

    `left_out` are sockets, pipes and devices.
    """

    names: tuple[str, ...]
    files: tuple[str, ...]
    left_out: tuple[str, ...]


def pack(archive: Path, root: Path, names: Iterable[str]) -> Packed:
    """Write the files and folders `names`, relative to `root`, into `archive`.

    Modes, symbolic links and holes are kept; sockets, pipes and devices left out. Nothing is
    synced: after a power cut the archive may not have its digest any more. Raises SamoError where a
    name is missing or leads out of `root`, or the disk is full.
    """
    found = members(root, names)
    words = tar_words()
    try:
        with archive.open("w+b") as file:
            if words:
                pack_by_tools(words, file, root, found.names)
            else:
                _pack_by_tarfile(file, root, found.names)
        size_bytes, sha256 = archive.stat().st_size, digest(archive)
    except OSError as error:
        raise _failed(f"cannot write the archive {archive}", error) from error
    return Packed(size_bytes=size_bytes, sha256=sha256, files=found.files, left_out=found.left_out)


def digest(archive: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal; raises OSError."""
    with archive.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(archive: Path, target: Path) -> tuple[str, ...]:
    """Lay the content of `archive` out below `target`, over what is there; return its names.

    Files are replaced and others stay. Nothing is ever written outside `target`: a name, a hard
    link or a link on the way that leads out raises SamoError, as does a damaged archive. What
    came before it in the archive is there by then.
    """
    try:
        with archive.open("rb") as file, _opened(archive, file) as stream:
            return _land(stream, target)
    except Refused as error:
        raise _problem(f"the archive {archive} may not be unpacked: {error}") from error
    except _DAMAGE as error:
        hint = "what it was made from must be stored again"
        raise _problem(f"the archive {archive} is damaged: {error}", hint) from error
    except OSError as error:
        raise _failed(f"cannot unpack the archive {archive} into {target}", error) from error


def members(root: Path, names: Iterable[str]) -> Members:
    """Return what `names` and the folders among them come to, nothing twice.

    Raises SamoError where a name is missing, or leads out of `root` by itself or by a link.
    """
    found: dict[str, int] = {}
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not _is_inside(root, root / path):
            raise _problem(f"'{name}' leads out of {root}")
        try:
            found.update(_below(root, str(path)))
        except OSError as error:
            raise _failed(f"cannot read {root / path}", error) from error
    able = {name: kind for name, kind in found.items() if kind in _KINDS}
    return Members(
        names=tuple(able),
        files=tuple(name for name, kind in able.items() if kind != stat.S_IFDIR),
        left_out=tuple(name for name in found if name not in able),
    )


_KINDS = frozenset({stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR})


def _is_inside(root: Path, path: Path) -> bool:
    # os.path.realpath, as Path.resolve raises where links go round in a circle.
    parent = Path(os.path.realpath(path.parent))
    return path == root or parent.is_relative_to(os.path.realpath(root))


def _below(root: Path, name: str) -> Iterator[tuple[str, int]]:
    kind = stat.S_IFMT((root / name).lstat().st_mode)
    yield name, kind
    if kind == stat.S_IFDIR:
        yield from _content(root, "" if name == "." else f"{name}/")


def _content(root: Path, prefix: str) -> Iterator[tuple[str, int]]:
    """Yield what is below a folder, parents first; folders may be deeper than calls."""
    levels = [iter(_entries(root, prefix))]
    while levels:
        found = next(levels[-1], None)
        if found is None:
            levels.pop()
            continue
        yield found
        if found[1] == stat.S_IFDIR:
            levels.append(iter(_entries(root, f"{found[0]}/")))


def _entries(root: Path, prefix: str) -> list[tuple[str, int]]:
    with os.scandir(f"{root}/{prefix}") as entries:
        return sorted((prefix + entry.name, _kind(entry)) for entry in entries)


def _kind(entry: os.DirEntry[str]) -> int:
    if entry.is_dir(follow_symlinks=False):
        return stat.S_IFDIR
    if entry.is_symlink():
        return stat.S_IFLNK
    return stat.S_IFREG if entry.is_file(follow_symlinks=False) else 0


def _pack_by_tarfile(file: BinaryIO, root: Path, names: tuple[str, ...]) -> None:
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.GNU_FORMAT) as tar,
    ):
        for name in names:
            tar.add(root / name, arcname=name, recursive=False)


@contextmanager
def _opened(archive: Path, file: BinaryIO) -> Iterator[Source]:
    """Yield the tar stream in `file`, told apart by its first bytes."""
    magic = os.pread(file.fileno(), len(ZSTD_MAGIC), 0)
    if magic == ZSTD_MAGIC:
        try:
            with unzstd(file) as stream:
                yield stream
        except FileNotFoundError as error:
            if error.filename != "zstd":
                raise
            hint = "install zstd, or store again what is in it"
            raise _problem("zstd is needed to unpack, and is not on the PATH", hint) from error
    elif magic.startswith(_GZIP_MAGIC):
        with gzip.GzipFile(fileobj=file, mode="rb") as stream:
            yield stream
    else:
        raise _problem(f"{archive} is no archive of ours: neither zstd nor gzip wrote it")


def _land(source: Source, target: Path) -> tuple[str, ...]:
    names = []
    stream = Forward(source)
    file = cast("IO[bytes]", stream)  # what tarfile needs of one that is only read
    with (
        Landing(target) as landing,
        tarfile.open(fileobj=file, mode="r:", tarinfo=Header) as tar,
    ):
        while member := tar.next():
            landing.take(member, stream)
            names.append(member.name)
            tar.members.clear()  # type: ignore[attr-defined] # it would keep each
    stream.drain()
    return tuple(names)


def _failed(what: str, error: OSError) -> SamoError:
    hint = "free some space and run again" if error.errno in _NO_ROOM else ""
    return _problem(f"{what}: {error.strerror or error}", hint)


def _problem(message: str, hint: str = "") -> SamoError:
    return SamoError(Problem(kind=ProblemKind.STORE, message=message, hint=hint))
