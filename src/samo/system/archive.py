"""Files and folders in one compressed archive, and out of it again.

Packing is trusted: the system's tar and zstd do it where both are there, four times as fast as
Python. Unpacking is not, because an archive may be hostile and so may the folder that it lands in:
a symbolic link in either leads anywhere. To check a list first and let another program extract
leaves two readers that may disagree and a gap in time, so one reader, ours, does both: see
`samo.system.landing`. It takes about as long as tar does (8,600 files of 280 MB were measured):
both spend their time in the file system, where each file is made.
"""

import errno
import gzip
import os
import shutil
import stat
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from samo.pipeline.problem import Problem, ProblemKind, SamoError
from samo.system.landing import Landing, Refused

_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK_BYTES = 1 << 16
_Stream = IO[bytes] | gzip.GzipFile
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# What tarfile and zlib raise for bytes that are no archive.
_DAMAGE = (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error, ValueError, OverflowError)


def pack(archive: Path, root: Path, names: Iterable[str]) -> int:
    """Write the files and folders `names`, relative to `root`, into `archive`; return its bytes.

    Modes and symbolic links are kept; sockets, pipes and devices left out. The archive is on the
    disk when this returns, but only a caller that writes beside and renames never shows half.
    Raises SamoError where a name is missing or leads out of `root`, or the disk is full.
    """
    listed = members(root, names)
    write = _pack_by_tools if shutil.which("tar") and shutil.which("zstd") else _pack_by_tarfile
    try:
        with archive.open("wb") as file:
            write(file, root, listed)
            file.flush()
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                os.fsync(file.fileno())
    except OSError as error:
        raise _failed(f"cannot write the archive {archive}", error) from error
    return archive.stat().st_size


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


def members(root: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Return `names` and all that is below the folders among them, parents first.

    Raises SamoError where a name is missing, or leads out of `root` by itself or by a link.
    """
    found: dict[str, None] = {}
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not _is_inside(root, root / path):
            raise _problem(f"'{name}' leads out of {root}")
        try:
            found.update(dict.fromkeys(_below(root, str(path))))
        except OSError as error:
            raise _failed(f"cannot read {root / path}", error) from error
    return tuple(found)


def _is_inside(root: Path, path: Path) -> bool:
    # os.path.realpath, as Path.resolve raises where links go round in a circle.
    parent = Path(os.path.realpath(path.parent))
    return path == root or parent.is_relative_to(os.path.realpath(root))


def _below(root: Path, name: str) -> Iterator[str]:
    mode = (root / name).lstat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode) or stat.S_ISDIR(mode)):
        return
    yield name
    if stat.S_ISDIR(mode):
        yield from _content(root, "" if name == "." else f"{name}/")


def _content(root: Path, prefix: str) -> Iterator[str]:
    with os.scandir(root / prefix) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        name = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield name
            yield from _content(root, f"{name}/")
        elif entry.is_symlink() or entry.is_file(follow_symlinks=False):
            yield name


def _pack_by_tools(file: BinaryIO, root: Path, names: tuple[str, ...]) -> None:
    """Files instead of pipes carry names and complaints, so that nobody waits for a reader."""
    tar_words = ["tar", "-C", str(root), "--no-recursion", "--null", "-T", "-", "-cf", "-"]
    zstd_words = ["zstd", "--quiet", "-3", "-T2", "-c"]
    with tempfile.TemporaryFile() as listing, tempfile.TemporaryFile() as complaints:
        listing.write(b"".join(os.fsencode(name) + b"\0" for name in names))
        listing.seek(0)
        environment = {**os.environ, "LC_ALL": "C", "COPYFILE_DISABLE": "1"}
        tar = subprocess.Popen(
            tar_words, stdin=listing, stdout=subprocess.PIPE, stderr=complaints, env=environment
        )
        zstd = subprocess.Popen(
            zstd_words, stdin=tar.stdout, stdout=file, stderr=complaints, env=environment
        )
        # zstd alone holds the pipe from here on: should it die, tar dies of that.
        assert tar.stdout is not None
        tar.stdout.close()
        zstd_code, tar_code = zstd.wait(), tar.wait()
        # GNU tar's 1: a file changed while it was read, as files of a running job do.
        if zstd_code or tar_code not in (0, 1):
            raise _complaint(complaints)


def _complaint(file: IO[bytes]) -> OSError:
    file.seek(0)
    text = file.read().decode(errors="replace").strip()
    if "No space left" in text or "quota exceeded" in text:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    lines = text.splitlines() or ["tar or zstd was ended"]
    return OSError(errno.EIO, lines[0])


def _pack_by_tarfile(file: BinaryIO, root: Path, names: tuple[str, ...]) -> None:
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.GNU_FORMAT) as tar,
    ):
        for name in names:
            tar.add(root / name, arcname=name, recursive=False)


@contextmanager
def _opened(archive: Path, file: BinaryIO) -> Iterator[_Stream]:
    """Yield the tar stream in `file`, told apart by its first bytes."""
    magic = os.pread(file.fileno(), len(_ZSTD_MAGIC), 0)
    if magic == _ZSTD_MAGIC:
        with _zstd(file) as stream:
            yield stream
    elif magic.startswith(_GZIP_MAGIC):
        with gzip.GzipFile(fileobj=file, mode="rb") as stream:
            yield stream
    else:
        raise _problem(f"{archive} is no archive of ours: neither zstd nor gzip wrote it")


@contextmanager
def _zstd(file: BinaryIO) -> Iterator[IO[bytes]]:
    words = ["zstd", "--quiet", "-dc"]
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(words, stdin=file, stdout=subprocess.PIPE, stderr=complaints)
        except FileNotFoundError as error:
            hint = "install zstd, or store again what is in it"
            raise _problem("zstd is needed to unpack, and is not on the PATH", hint) from error
        with process:
            assert process.stdout is not None
            yield process.stdout
        if process.returncode:
            complaints.seek(0)
            text = complaints.read().decode(errors="replace").strip()
            raise tarfile.ReadError(text.removeprefix("/*stdin*\\ : ") or "zstd was ended")


def _land(stream: _Stream, target: Path) -> tuple[str, ...]:
    names = []
    with (
        Landing(target) as landing,
        tarfile.open(fileobj=stream, mode="r|", bufsize=_CHUNK_BYTES) as tar,
    ):
        for member in tar:
            landing.take(member, tar.extractfile(member) if member.isreg() else None)
            names.append(member.name)
    # Only a decompressor that has seen the end has compared its checksum.
    while stream.read(_CHUNK_BYTES):
        pass
    return tuple(names)


def _failed(what: str, error: OSError) -> SamoError:
    hint = "free some space and run again" if error.errno in _NO_ROOM else ""
    return _problem(f"{what}: {error.strerror or error}", hint)


def _problem(message: str, hint: str = "") -> SamoError:
    return SamoError(Problem(kind=ProblemKind.STORE, message=message, hint=hint))
