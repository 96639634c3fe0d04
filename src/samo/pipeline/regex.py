"""Java's regular expressions (WF-022, LOG-004), in the words of Python's `re`.

The two dialects agree on nearly everything that names of branches and tags need. What differs is
translated: quoting by `\\Q...\\E`, named groups, `\\z`, `\\h`, POSIX classes, and flags in
the middle of an expression. Intersections and unions of character classes are not
translated: such a pattern is refused, never half understood.
"""

import re
from functools import lru_cache

_CLASSES = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "XDigit": "0-9a-fA-F",
    "Punct": "!-/:-@\\[-`{-~",
    "Space": " \\t\\n\\x0b\\f\\r",
    "Blank": " \\t",
    "ASCII": "\\x00-\\x7f",
}
_ESCAPES = {
    "z": "\\Z",
    "Z": "(?=\\n?\\Z)",
    "h": "[ \\t\\xa0]",
    "e": "\\x1b",
    "R": "(?:\\r\\n|[\\n-\\r])",
}
_PIECE = (  # compiled by the first pattern there is
    r"\\Q(?P<quoted>.*?)(?:\\E|$)"
    r"|\\(?P<sign>[pP])\{(?:Is|java)?(?P<family>\w+)\}"
    r"|\\x\{(?P<code>[0-9A-Fa-f]+)\}"
    r"|\\k<(?P<reference>\w+)>"
    r"|\\(?P<escape>.)"
    r"|\(\?<(?P<group>[A-Za-z]\w*)>"
    r"|\(\?(?P<flags>[a-zA-Z]+)\)"
    r"|(?P<opening>\()|(?P<closing>\))"
    r"|(?P<set>\[\^?\]?)"
    r"|(?P<plain>.)"
)

MAX_WAYS = 10_000_000
"""So many ways through a text are tried one by one."""
_MANY = re.compile(r"[*+{]")
_TWO = re.compile(r"[?|]")
_NESTED = re.compile(r"\)[*+{]")


@lru_cache(maxsize=256)
def compile_java(pattern: str) -> re.Pattern[str]:
    """Return the Python form of a Java regex; raises re.error where there is none.

    As in Java, classes such as `\\w` and ignoring case mean ASCII unless the pattern says more.
    """
    return re.compile(_Translation(pattern).text, re.ASCII)


def is_full_match(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a pattern matches the whole text; raises re.error where that would take too long."""
    source = pattern.pattern
    ways = len(text) ** len(_MANY.findall(source)) * 2 ** len(_TWO.findall(source))
    if ways <= MAX_WAYS and not _NESTED.search(source):
        return pattern.fullmatch(text) is not None
    from samo.pipeline.bounded_match import full_match  # noqa: PLC0415 - few need it

    return full_match(pattern, text)


class _Translation:
    """One pass over a pattern; `text` is what came of it."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._out: list[str] = []
        self._scopes: list[list[str]] = [[]]  # the flags that hold in each open group
        self._in_set = False
        for match in re.finditer(_PIECE, pattern, re.DOTALL):
            self._out.append(self._set_token(match) if self._in_set else self._token(match))
        self._out.append(")" * len(self._scopes[0]))
        self.text = "".join(self._out)

    def _token(self, match: re.Match[str]) -> str:
        match match.lastgroup:
            case "set":
                self._in_set = True
                return match.group()
            case "reference":
                return f"(?P={match['reference']})"
            case "escape":
                return _ESCAPES.get(match["escape"], match.group())
            case "family":
                return f"[{'^' if match['sign'] == 'P' else ''}{self._family(match)}]"
            case "quoted" | "code":
                return self._literal(match)
        return self._scope_token(match)

    def _scope_token(self, match: re.Match[str]) -> str:
        text = match.group()
        match match.lastgroup:
            case "opening" | "group":
                self._scopes.append([])
                return f"(?P<{match['group']}>" if match["group"] else text
            case "closing":
                flags = self._scopes.pop() if len(self._scopes) > 1 else []
                return ")" * len(flags) + text
            case "flags":
                self._scopes[-1].append(f"(?{match['flags']}:")
                return self._scopes[-1][-1]
        if text == "|":
            # A flag holds on through the alternatives that follow, and must not bind them.
            flags = self._scopes[-1]
            return ")" * len(flags) + text + "".join(flags)
        return text

    def _set_token(self, match: re.Match[str]) -> str:
        text = match.group()
        if text == "]":
            self._in_set = False
        if match.lastgroup == "set" or self._pattern.startswith("&&", match.start()):
            message = "character classes within character classes are not understood"
            raise re.error(message, self._pattern, match.start())
        if match.lastgroup == "family":
            if match["sign"] == "P":
                message = f"{text} within a character class is not understood"
                raise re.error(message, self._pattern, match.start())
            return self._family(match)
        return self._literal(match)

    def _family(self, match: re.Match[str]) -> str:
        try:
            return _CLASSES[match["family"]]
        except KeyError:
            message = f"unknown character class {match.group()}"
            raise re.error(message, self._pattern, match.start()) from None

    def _literal(self, match: re.Match[str]) -> str:
        if match["quoted"] is not None:
            return re.escape(match["quoted"])
        if match["code"]:
            return re.escape(chr(int(match["code"], 16)))
        return match.group()
