"""What a secret looks like in base64: by itself, and within a longer text that was encoded."""

import base64
import re
from collections.abc import Iterator

_URL_SAFE = str.maketrans("+/", "-_")
_SHORTEST = 4
_WIDTHS = (64, 76)
"""How long programs make the lines of base64: openssl, and base64 itself."""


def base64_forms(value: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the forms of a value for each place that it can have among the groups of three bytes.

    Each comes with a text that all of its forms contain. The characters at the ends that hold bits
    of what stands before or after the value, too, are no part of a form.
    """
    data = value.encode("utf-8", "surrogatepass")
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode("ascii")
        begin = (before * 8 + 5) // 6
        core = encoded[begin : (before + len(data)) * 8 // 6]
        ends = (core, encoded[begin:].rstrip("="), encoded[begin:])
        yield from _by_common(form for each in ends for form in (each, each.translate(_URL_SAFE)))
    yield from _lines(base64.b64encode(data).decode("ascii"))


def _by_common(forms: Iterator[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the forms of one text, which differ at its end and by their alphabet."""
    together = frozenset(forms)
    common = max(re.split("[-+/_]", min(together, key=len)), key=len)
    if len(common) >= _SHORTEST:
        yield common, together
    else:
        yield from ((form, frozenset({form})) for form in together)


def _lines(encoded: str) -> Iterator[tuple[str, frozenset[str]]]:
    for width in _WIDTHS:
        lines = [encoded[at : at + width] for at in range(0, len(encoded), width)]
        for line in lines if len(lines) > 1 else ():
            yield line, frozenset({line})
