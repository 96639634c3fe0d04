"""The paths below a folder that patterns name, as Go's filepath.Match reads them (WS-002)."""

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from samo.stores.problems import store_failure, store_problem

_META = re.compile(r"[*?\[\\]")
# The grammar of filepath.Match; what it does not cover is Go's ErrBadPattern.
_ONE = r"(?:\\.|[^\\\]-])"
_PIECE = re.compile(
    rf"(?P<star>\*)|(?P<any>\?)|\[(?P<class>\^?+(?:{_ONE}(?:-{_ONE})?)+)\]|(?P<one>\\.|[^\\\[])",
    re.DOTALL,
)
_RANGE = re.compile(rf"({_ONE})(?:-({_ONE}))?", re.DOTALL)


def match_names(root: Path, patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the files and folders below `root` that `patterns` name, each once, in their order.

    `*` and `?` stop at `/`, `[^x]` negates, `\\` escapes, and a name that begins with a dot is
    like any other. "." is `root` itself (WS-003). Raises SamoError for a pattern that matches
    nothing (WS-004), is malformed, or leads out of `root`.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        clean = posixpath.normpath(pattern.lstrip("/") or ".")
        if clean.split("/")[0] == "..":
            raise store_problem(
                f"'{pattern}' leads out of {root}", "paths are relative to the root"
            )
        names = list(_expand(root, "", _components(pattern, clean)))
        if not names:
            raise store_problem(
                f"'{pattern}' matches nothing in {root}", "paths are relative to the root"
            )
        found.update(dict.fromkeys(names))
    return tuple(found)


_Component = str | re.Pattern[str]


def _components(pattern: str, clean: str) -> list[_Component]:
    components: list[_Component] = []
    for text in clean.split("/"):
        components.append(_compile(pattern, text) if _META.search(text) else text)
    return components


def _expand(root: Path, prefix: str, components: list[_Component]) -> Iterator[str]:
    first, *rest = components
    for name in _names(root / prefix, first):
        path = prefix + name
        if not rest:
            yield path
        elif (root / path).is_dir():
            yield from _expand(root, f"{path}/", rest)


def _names(folder: Path, component: _Component) -> list[str]:
    if isinstance(component, str):
        return [component] if os.path.lexists(folder / component) else []
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names, and no path of each
    except OSError as error:
        raise store_failure(f"cannot read {folder}", error) from error
    return [name for name in names if component.fullmatch(name)]


def _compile(pattern: str, text: str) -> re.Pattern[str]:
    expression, at = "", 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if not piece:
            raise store_problem(f"'{pattern}' is no pattern: it goes wrong at '{text[at:]}'")
        expression += _translate(piece)
        at = piece.end()
    return re.compile(expression, re.DOTALL)


def _translate(piece: re.Match[str]) -> str:
    if piece["star"]:
        return ".*"
    if piece["any"]:
        return "."
    return re.escape(piece["one"][-1]) if piece["one"] else _translate_class(piece["class"])


def _translate_class(text: str) -> str:
    ranges = ""
    for each in _RANGE.finditer(text.removeprefix("^")):
        low, high = each[1][-1], (each[2] or each[1])[-1]
        # In Go a range the wrong way round is legal, and empty.
        ranges += f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
    if text.startswith("^"):
        return f"[^{ranges}]" if ranges else "."
    return f"[{ranges}]" if ranges else "(?!)"
