"""A text stream that may break, close or know few characters, and never stops a run."""

from collections.abc import Mapping
from typing import TextIO

from samo.cli.terminal_text import Colours


class Output:
    """Writes to `stream`; after the first write that fails it is `broken` and stays silent."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._encoding = stream.encoding or "utf-8"
        self.broken = False

    def write(self, text: str) -> None:
        """Write the text; characters that the stream cannot say become question marks."""
        if self.broken:
            return
        try:
            self._stream.write(text.encode(self._encoding, "replace").decode(self._encoding))
        except (OSError, ValueError):  # ValueError: closed
            self.broken = True

    def flush(self) -> None:
        """Hand everything on to who reads."""
        if self.broken:
            return
        try:
            self._stream.flush()
        except (OSError, ValueError):
            self.broken = True


def colours_of(stream: TextIO, environ: Mapping[str, str]) -> Colours:
    """Return whether a program's colours may pass: on a terminal whose user wants them."""
    wanted = stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    return Colours.KEPT if wanted else Colours.DROPPED
