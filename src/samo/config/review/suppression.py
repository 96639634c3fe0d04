"""The comments by which editors are told to be silent, heeded for warnings (CFG-022)."""

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"#\s*cci-ignore(?P<what>-file|-next-line|-start|-end|)\s*$")


def silenced_lines(text: str) -> frozenset[int]:
    """Return the numbers of the lines about which nobody wants to be warned.

    A comment means its own line, the next one, those from a start to an end, or all of the file.
    """
    return frozenset(_silenced(text.split("\n"))) if "cci-ignore" in text else frozenset()


def _silenced(lines: list[str]) -> Iterator[int]:
    start = 0
    for number, line in enumerate(lines, 1):
        found = _COMMENT.search(line)
        match found["what"] if found else None:
            case "":
                yield number
            case "-next-line":
                yield number + 1
            case "-file":
                yield from range(1, len(lines) + 1)
            case "-start":
                start = number
            case "-end" if start:
                yield from range(start, number + 1)
                start = 0
