"""Lay the members of a tar stream out below one folder, and nowhere else.

Every folder on the way to a member is opened from its parent without following a link, and all is
done relative to that descriptor: what the archive or a running job puts in the way between two
calls changes nothing. A file is never written to where it is, but replaced, so that neither a link
nor another name of it is written through.
"""

import errno
import os
import shutil
import stat
import tarfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK_BYTES = 1 << 18


class Refused(Exception):  # noqa: N818 - says what happened to the member
    """A member that may not be laid out; its text names it and says why."""


class Landing:
    """The folder `target`, made where it is missing, and open for members; for one thread."""

    def __init__(self, target: Path) -> None:
        target.mkdir(parents=True, exist_ok=True)
        self._root = os.open(target, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._parent = self._root
        self._parent_names: list[str] = []
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
            self._leave()
            os.close(self._root)

    def take(self, member: tarfile.TarInfo, content: IO[bytes] | None) -> None:
        """Lay one member out; `content` is a file's. Raises Refused, or OSError of the disk."""
        names = _names(member, member.name)
        if not names:
            return
        parent = self._enter(member, names[:-1])
        if member.isdir():
            self._make_folder(member, names)
            return
        _clear(member, names[-1], parent)
        if content:
            _write(member, content, names[-1], parent)
        elif member.issym():
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
        """Return a descriptor of a folder below the root, made where it is missing."""
        if names == self._parent_names:
            return self._parent
        self._leave()
        for name in names:
            inner = _open_folder(member, name, self._parent)
            self._leave()
            self._parent = inner
        self._parent_names = names
        return self._parent

    def _leave(self) -> None:
        if self._parent != self._root:
            os.close(self._parent)
        self._parent, self._parent_names = self._root, []


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


def _write(member: tarfile.TarInfo, content: IO[bytes], name: str, parent: int) -> None:
    descriptor = os.open(name, _NEW_FILE, 0o600, dir_fd=parent)
    try:
        with open(descriptor, "wb", buffering=0, closefd=False) as file:
            shutil.copyfileobj(content, file, _CHUNK_BYTES)
        os.fchmod(descriptor, stat.S_IMODE(member.mode) & 0o777)
        os.utime(descriptor, (member.mtime, member.mtime))
    except BaseException:
        os.unlink(name, dir_fd=parent)
        raise
    finally:
        os.close(descriptor)
