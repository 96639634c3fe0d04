"""The reader behind `--events`: one JSON object a line."""

from typing import Self, TextIO

from samo.cli.output import Output
from samo.pipeline.event import Event, to_line


class JsonLines:
    """Writes each event to `stream`, at once; when nobody reads any more, it falls silent."""

    def __init__(self, stream: TextIO) -> None:
        self._out = Output(stream)

    def __call__(self, event: Event) -> None:
        """Write the event."""
        self._out.write(to_line(event) + "\n")
        self._out.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._out.flush()
