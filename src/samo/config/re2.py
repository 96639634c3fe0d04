"""RE2's regular expressions, the dialect of expressions (LOG-019), by way of Java's.

Both dialects quote by `\\Q...\\E` and have flags in the middle. RE2 alone has `[:alpha:]` within a
character class, and an opening bracket there is itself.
"""

import re

from samo.pipeline.regex import compile_java

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": "\\x00-\\x7f",
    "blank": "\\t ",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t\\n\\v\\f\\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_TOKEN = re.compile(
    r"\\Q.*?(?:\\E|$)|\\.|\[(?P<start>\^?\]?)(?P<set>(?:\[:\^?\w+:\]|\\.|[^\]\\])*)\]", re.DOTALL
)
_IN_SET = re.compile(r"\[:(?P<name>\^?\w+):\]|\\.|(?P<sign>[\[&|~])", re.DOTALL)


def compile_re2(pattern: str) -> re.Pattern[str]:
    """Return the Python form of an RE2 regex; raises re.error where there is none."""
    return compile_java(_TOKEN.sub(_java, pattern))


def _java(token: re.Match[str]) -> str:
    if token["set"] is None:
        return token[0]
    return f"[{token['start']}{_IN_SET.sub(_in_java_set, token['set'])}]"


def _in_java_set(item: re.Match[str]) -> str:
    if item["name"]:
        try:
            return _CLASSES[item["name"]]
        except KeyError:
            raise re.error(f"unknown character class {item[0]}") from None
    return f"\\{item['sign']}" if item["sign"] else item[0]
