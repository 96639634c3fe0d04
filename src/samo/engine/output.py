"""What a step writes, on its way: decoded, masked, kept in the step's log, told as events."""

import codecs
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from samo.engine.masking import Masking, Secrets

Tell = Callable[[str], None]
"""Takes the next piece of a step's output, masked."""


class StepLog:
    """The output of one step; takes pieces from one thread at a time.

    Bytes that are no UTF-8 stay what they are in the log; who is told gets U+FFFD for them. The
    file is made with the first byte: a step that writes nothing has none. Where it cannot be
    written, `fault` says why: the step itself goes on to its end.
    """

    def __init__(self, path: str | Path, secrets: Secrets, tell: Tell) -> None:
        self._path = path
        self._tell = tell
        self._masking = Masking(secrets)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
        self._file: BinaryIO | None = None
        self.fault: OSError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Pass on what still waited; nothing may be taken any more."""
        self._write(self._masking.feed(self._decoder.decode(b"", final=True)))
        self._write(self._masking.finish())
        if self._file is not None:
            self._file.close()

    def take(self, chunk: bytes) -> None:
        """Take what a process wrote."""
        self._write(self._masking.feed(self._decoder.decode(chunk)))

    def say(self, line: str) -> None:
        """Add a line of our own."""
        self.take(line.encode("utf-8", "surrogateescape") + b"\n")

    def _write(self, text: str) -> None:
        if not text:
            return
        data = text.encode("utf-8", "surrogateescape")
        if self.fault is None:
            self._keep(data)
        self._tell(text if text.isascii() else data.decode("utf-8", "replace"))

    def _keep(self, data: bytes) -> None:
        try:
            if self._file is None:
                path = Path(self._path)
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = path.open("ab", buffering=0)
            self._file.write(data)
        except OSError as error:
            self.fault = error
