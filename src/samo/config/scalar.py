"""What an unquoted YAML scalar means (CFG-008): booleans, numbers, null, or text."""

import re

Plain = str | int | float | bool | None

_WORDS: dict[str, bool | None] = {
    form: meaning
    for word, meaning in {
        "true": True, "yes": True, "on": True, "false": False, "no": False, "off": False,
        "null": None,
    }.items()
    for form in (word, word.capitalize(), word.upper())
} | {"": None, "~": None}  # fmt: skip
_STARTS = frozenset("+-.0123456789")
_BASES = (
    (re.compile(r"[-+]?(?:0|[1-9][0-9_]*)"), 10),
    (re.compile(r"[-+]?0[0-7_]+"), 8),
    (re.compile(r"[-+]?0x_*[0-9a-fA-F][0-9a-fA-F_]*"), 16),
    (re.compile(r"[-+]?0b_*[01][01_]*"), 2),
)
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9][0-9_]*(?=[eE]))(?:[eE][-+]?[0-9]+)?"
)
_SPECIAL = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}


def resolve_plain(text: str) -> Plain:
    """Return the value of an unquoted scalar.

    Timestamps (CFG-009) and numbers to the base 60 stay text: CircleCI knows neither.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS or len(text) > 64:
        return text
    return _number(text)


def _number(text: str) -> Plain:
    digits = text.replace("_", "")
    for pattern, base in _BASES:
        if pattern.fullmatch(text):
            return int(digits, base)
    if _FLOAT.fullmatch(text):
        return float(digits)
    special = _SPECIAL.get(text.lower())
    return float(special) if special else text
