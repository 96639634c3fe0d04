"""Full matches in bounded time, for patterns on which Python's `re` may search for ages.

`re` tries one way after the other, and `(a+)+b` has more ways through forty letters than anybody
can wait for. Here all ways are walked at once: a set of positions is a number with a bit for each,
and each part of a pattern takes the positions where it may begin to those where it may end.
"""

import re
from collections.abc import Callable
from functools import lru_cache

MAX_TEXT = 10_000
MAX_STEPS = 300_000

_TOKEN = re.compile(
    r"(?P<open>\((?:\?(?:P<\w+>|(?P<set>[aims]*)(?:-(?P<unset>[ims]+))?:|(?P<ahead>[=!])))?)(?!\?)"
    r"|(?P<close>\))|(?P<bar>\|)"
    r"|(?:[*+?]|\{(?=[\d,])(?P<least>\d*)(?:(?P<comma>,)(?P<most>\d*))?\})(?P<repeat>\??)(?!\+)"
    r"|(?P<anchor>[\^$]|\\[AbBZ])"
    r"|(?P<character>\[\^?\]?(?:\\.|[^\]\\])*\]|\\x[0-9a-fA-F]{2}|\\[^0-9xuUN]|[^\\*+?(){\[|^$])",
    re.DOTALL,
)
_FLAGS = {"a": re.ASCII, "i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


class Text:
    """A text that is matched, and how many steps that has taken."""

    def __init__(self, text: str) -> None:
        self.end = 1 << len(text)
        self._text = text
        self._places: dict[re.Pattern[str], int] = {}
        self._steps = 0

    def characters(self, pattern: re.Pattern[str]) -> int:
        """Return the positions of the characters that a pattern for one matches."""
        if pattern not in self._places:
            those = {each for each in set(self._text) if pattern.fullmatch(each)}
            self._places[pattern] = sum(
                1 << at for at, each in enumerate(self._text) if each in those
            )
        return self._places[pattern]

    def anchors(self, pattern: re.Pattern[str]) -> int:
        """Return the positions at which an anchor holds."""
        if pattern not in self._places:
            self._places[pattern] = sum(1 << each.start() for each in pattern.finditer(self._text))
        return self._places[pattern]

    def take_step(self) -> None:
        """Count one; raises re.error where they are too many."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise re.error("it takes too long")


Part = Callable[[Text, int], int]
"""Takes the positions where a part of a pattern begins to those where it ends."""


def full_match(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a pattern matches the whole text; raises re.error where that is too hard to say."""
    if len(text) > MAX_TEXT:
        raise re.error(f"it takes too long on {len(text):,} characters")
    searched = Text(text)
    return bool(_parsed(pattern)(searched, 1) & searched.end)


@lru_cache(maxsize=256)
def _parsed(pattern: re.Pattern[str]) -> Part:
    parser = _Parser(pattern.pattern)
    return parser.alternatives(pattern.flags & ~re.UNICODE)


class _Parser:
    """Reads a pattern that `re` has taken: what is not understood here is hard, never wrong."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0

    def alternatives(self, flags: int) -> Part:
        """Read up to the end of a group, or of the pattern."""
        branches: list[list[Part]] = [[]]
        while self._position < len(self._source):
            token = self._next()
            match token.lastgroup:
                case "close":
                    break
                case "bar":
                    branches.append([])
                case "repeat":
                    branches[-1].append(_repeated(branches[-1].pop(), token))
                case _:
                    branches[-1].append(self._part(token, flags))
        return _either([_sequence(parts) for parts in branches])

    def _next(self) -> re.Match[str]:
        token = _TOKEN.match(self._source, self._position)
        if token is None:
            raise re.error("it may take too long", self._source, self._position)
        self._position = token.end()
        return token

    def _part(self, token: re.Match[str], flags: int) -> Part:
        if token["anchor"]:
            anchor = re.compile(token[0], flags)
            return lambda text, starts: starts & text.anchors(anchor)
        if token["character"]:
            character = re.compile(token[0], flags)
            return lambda text, starts: (starts & text.characters(character)) << 1
        inner = (flags | _flags(token["set"] or "")) & ~_flags(token["unset"] or "")
        part = self.alternatives(inner)
        return _ahead(part, token["ahead"] == "=") if token["ahead"] else part


def _flags(letters: str) -> int:
    return sum(_FLAGS[letter] for letter in set(letters))


def _sequence(parts: list[Part]) -> Part:
    def ends(text: Text, starts: int) -> int:
        for part in parts:
            starts = part(text, starts)
        return starts

    return ends


def _either(branches: list[Part]) -> Part:
    def ends(text: Text, starts: int) -> int:
        found = 0
        for branch in branches:
            found |= branch(text, starts)
        return found

    return branches[0] if len(branches) == 1 else ends


def _ahead(part: Part, wanted: bool) -> Part:  # noqa: FBT001
    def ends(text: Text, starts: int) -> int:
        kept = 0
        while starts:
            text.take_step()
            start = starts & -starts
            starts ^= start
            kept |= start if bool(part(text, start)) == wanted else 0
        return kept

    return ends


def _repeated(part: Part, token: re.Match[str]) -> Part:
    least, most = _bounds(token)

    def ends(text: Text, starts: int) -> int:
        for _ in range(least):
            text.take_step()
            before, starts = starts, part(text, starts)
            if starts == before:
                break
        reached = fresh = starts
        turns = 0
        while fresh and (most is None or turns < most - least):
            text.take_step()
            fresh = part(text, fresh) & ~reached
            reached |= fresh
            turns += 1
        return reached

    return ends


def _bounds(token: re.Match[str]) -> tuple[int, int | None]:
    if token[0][0] in "*+?":
        return int(token[0][0] == "+"), 1 if token[0][0] == "?" else None
    least = int(token["least"] or 0)
    return least, (int(token["most"]) if token["most"] else None) if token["comma"] else least
