"""Lay the members of a tar stream out below one folder, and nowhere else.

Every folder on the way to a member is opened from its parent without following a link, and all is
done relative to that descriptor: what the archive or a running job puts in the way between two
calls changes nothing. A file is never written to where it is, but replaced, so that neither a link
nor another name of it is written through.
"""

import errno
import os
import stat
import tarfile
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from samo.system.durable import write_all
from samo.system.forward import Forward

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_OPEN = 64  # folders; names may be a thousand folders deep, and a process has few descriptors
_CLOSED = -1


class Refused(Exception):  # noqa: N818 - says what happened to the member
    """A member that may not be laid out; its text names it and says why."""


class Landing:
    """The folder `target`, made where it is missing, and open for members; for one thread."""

    def __init__(self, target: Path) -> None:
        target.mkdir(parents=True, exist_ok=True)
        self._root = os.open(target, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._names: list[str] = []
        self._folders: list[int] = []
        self._modes: list[tuple[tarfile.TarInfo, list[str], int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if exc is None:
                self._set_modes()
        finally:
            self._leave(0)
            os.close(self._root)

    def take(self, member: tarfile.TarInfo, stream: Forward) -> None:
        """Lay one member out; `stream` stands at its content. Raises Refused, or OSError."""
        names = _names(member, member.name)
        if not names:
            return
        parent = self._enter(member, names[:-1])
        if member.isdir():
            self._make_folder(member, names)
            return
        if member.isreg():
            _write(member, stream, names[-1], parent)
            return
        _clear(member, names[-1], parent)
        if member.issym():
            os.symlink(member.linkname, names[-1], dir_fd=parent)
        elif member.islnk():
            self._link(member, names)
        else:
            raise Refused(f"'{member.name}' is neither file, folder nor link")

    def _make_folder(self, member: tarfile.TarInfo, names: list[str]) -> None:
        """Make a folder writable until all is in it: Go's module cache has none that is."""
        folder = self._enter(member, names)
        mode = stat.S_IMODE(member.mode) & 0o777
        os.fchmod(folder, mode | stat.S_IRWXU)
        if mode & stat.S_IRWXU != stat.S_IRWXU:
            self._modes.append((member, names, mode))

    def _set_modes(self) -> None:
        for member, names, mode in reversed(self._modes):
            os.fchmod(self._enter(member, names), mode)

    def _link(self, member: tarfile.TarInfo, names: list[str]) -> None:
        source = _names(member, member.linkname)
        if not source:
            raise Refused(f"'{member.name}' is a hard link to a folder")
        origin = os.dup(self._enter(member, source[:-1]))
        try:
            parent = self._enter(member, names[:-1])
            os.link(
                source[-1], names[-1], src_dir_fd=origin, dst_dir_fd=parent, follow_symlinks=False
            )
        except (FileNotFoundError, PermissionError) as error:
            message = f"'{member.name}' is a hard link to '{member.linkname}', which is no file"
            raise Refused(message) from error
        finally:
            os.close(origin)

    def _enter(self, member: tarfile.TarInfo, names: list[str]) -> int:
        """Return a descriptor of a folder below the root, made where it is missing.

        The folders on the way to the last one are still open: most members are its neighbours.
        """
        if names != self._names:
            self._leave(_alike(names, self._names))
            for name in names[len(self._names) :]:
                inner = _open_folder(member, name, self._here)
                if len(self._folders) > _MOST_OPEN:
                    self._close_last()
                self._names.append(name)
                self._folders.append(inner)
        return self._here

    @property
    def _here(self) -> int:
        return self._folders[-1] if self._folders else self._root

    def _leave(self, depth: int) -> None:
        """Go back to a folder so deep, or above it where that one is not open any more."""
        while len(self._names) > depth or (self._folders and self._folders[-1] == _CLOSED):
            self._close_last()
            del self._names[-1], self._folders[-1]

    def _close_last(self) -> None:
        if self._folders[-1] != _CLOSED:
            os.close(self._folders[-1])
            self._folders[-1] = _CLOSED


def _alike(one: list[str], other: list[str]) -> int:
    """Return how many names both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _names(member: tarfile.TarInfo, path: str) -> list[str]:
    names = [name for name in path.split("/") if name not in ("", ".")]
    if path.startswith("/") or ".." in names or "\0" in path:
        raise Refused(f"'{member.name}' leads out of the folder")
    return names


def _open_folder(member: tarfile.TarInfo, name: str, parent: int) -> int:
    try:
        return _open_or_make(name, parent)
    except OSError as error:
        if error.errno not in (errno.ENOTDIR, errno.ELOOP):
            raise
        message = f"'{member.name}' would be written through '{name}', which is no folder"
        raise Refused(message) from error


def _open_or_make(name: str, parent: int) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except FileNotFoundError:
        os.mkdir(name, dir_fd=parent)
        return os.open(name, _FOLDER, dir_fd=parent)


def _clear(member: tarfile.TarInfo, name: str, parent: int) -> None:
    try:
        os.unlink(name, dir_fd=parent)
    except FileNotFoundError:
        return
    except (IsADirectoryError, PermissionError) as error:
        if not stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            raise
        raise Refused(f"'{member.name}' would replace a folder") from error


def _write(member: tarfile.TarInfo, stream: Forward, name: str, parent: int) -> None:
    descriptor = _create(member, name, parent)
    try:
        _fill(member, stream, descriptor)
        os.fchmod(descriptor, stat.S_IMODE(member.mode) & 0o777)
        os.utime(descriptor, (member.mtime, member.mtime))
    except BaseException:
        os.unlink(name, dir_fd=parent)
        raise
    finally:
        os.close(descriptor)


def _create(member: tarfile.TarInfo, name: str, parent: int) -> int:
    try:
        return os.open(name, _NEW_FILE, 0o600, dir_fd=parent)
    except FileExistsError:
        _clear(member, name, parent)
        return os.open(name, _NEW_FILE, 0o600, dir_fd=parent)


def _fill(member: tarfile.TarInfo, stream: Forward, descriptor: int) -> None:
    """Write the content; the holes of a sparse file stay holes."""
    if not member.issparse():
        for piece in stream.pieces(member.size):
            write_all(descriptor, piece)
        return
    content = cast("list[tuple[int, int]]", member.sparse)
    for offset, size in content:
        os.lseek(descriptor, offset, os.SEEK_SET)
        for piece in stream.pieces(size):
            write_all(descriptor, piece)
    os.ftruncate(descriptor, member.size)
