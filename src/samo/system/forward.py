"""A stream that is only read onwards, in the form of a file that tarfile walks along."""

import tarfile
from collections.abc import Iterator
from typing import Protocol

_CHUNK_BYTES = 1 << 18  # what a core's own cache holds from reading to writing
_LONGEST_HEADER = 1 << 20  # names and links of any file system are shorter


class Source(Protocol):
    """Bytes that come from somewhere: fewer than were asked for at times, none at the end."""

    def read(self, size: int, /) -> bytes | None:
        """Return up to so many bytes."""
        ...


class Forward:
    """The bytes of `source`: content is handed out as it lies in memory, not copied once more."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ahead = memoryview(b"")
        self._at = 0

    def tell(self) -> int:
        """Return how many bytes are behind."""
        return self._at

    def seek(self, position: int) -> int:
        """Skip to `position`, or to the end if that is before it; there is no way back."""
        if position < self._at:
            raise tarfile.ReadError("a member lies before the one that it follows")
        while self._at < position and self._next(position - self._at):
            pass
        return self._at

    def read(self, size: int) -> bytes:
        """Return `size` bytes, or what is left; raises ReadError for more than a header has."""
        if size > _LONGEST_HEADER:
            raise tarfile.ReadError(f"a header of {size} bytes")
        end = self._at + size
        found = []
        while self._at < end and (piece := self._next(end - self._at)):
            found.append(piece)
        return b"".join(found)

    def pieces(self, size: int) -> Iterator[memoryview]:
        """Yield the next `size` bytes, piece by piece; raises ReadError where they end early."""
        end = self._at + size
        while self._at < end:
            piece = self._next(end - self._at)
            if not piece:
                raise tarfile.ReadError("unexpected end of data")
            yield piece

    def drain(self) -> None:
        """Read to the end: only then has a decompressor compared its checksum."""
        while self._next(_CHUNK_BYTES):
            pass

    def _next(self, limit: int) -> memoryview:
        """Take one to `limit` bytes; none at the end."""
        if not self._ahead:
            self._ahead = memoryview(self._source.read(_CHUNK_BYTES) or b"")
        piece, self._ahead = self._ahead[:limit], self._ahead[limit:]
        self._at += len(piece)
        return piece
