"""Secrets become `****` in what steps write, also where output cuts them in two (ENV-013, 014)."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

MASK = "****"
_SHORTEST = 4
_HARMLESS = frozenset({"true", "True", "false", "False"})


class Secrets:
    """The values to be masked; none of them costs nothing.

    Values shorter than four characters and booleans are not masked, as CircleCI has it
    (ENV-013). A value of several lines is masked line by line too: a log shows its lines. What
    the cloud lets pass is masked as well: a value in base64.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        # By a text that stands in each of them: to look for many texts one by one is much faster
        # than one pattern of them all, and most output has none.
        self._forms: dict[str, frozenset[str]] = {}
        for value in values:
            for common, forms in _forms(value):
                self._forms[common] = self._forms.get(common, frozenset()) | forms
        self._longest = _longest(each for forms in self._forms.values() for each in forms)

    def __bool__(self) -> bool:
        return bool(self._forms)

    def masked(self, text: str) -> str:
        """Return a whole text with the secrets in it masked."""
        return self.replaced(text, lambda _: MASK)

    def replaced(self, text: str, stand_in: Callable[[str], str]) -> str:
        """Return a whole text with what stands in for each secret in it."""
        pattern = self._pattern(text)
        return pattern.sub(lambda match: stand_in(match[0]), text) if pattern else text

    def parted(self, text: str) -> tuple[str, str]:
        """Return what can be shown whatever comes after `text`, masked, and the rest as it is."""
        # Most output ends a line, and few secrets have an end of line within.
        able = (form for form in self._longest if text[-1:] in form)
        safe = len(text) - max((_begun(text, form) for form in able), default=0)
        if safe < len(text) and (pattern := self._pattern(text)):
            for match in pattern.finditer(text):
                if match.start() < safe < match.end():
                    safe = match.start()  # it may be the begin of a longer one
        return self.masked(text[:safe]), text[safe:]

    def _pattern(self, text: str) -> re.Pattern[str] | None:
        found = [forms for common, forms in self._forms.items() if common in text]
        return _pattern(frozenset().union(*found)) if found else None


class Masking:
    """Masks one stream of output, piece by piece."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._rest = ""

    def feed(self, piece: str) -> str:
        """Return what may be shown so far; what may begin a secret waits for more."""
        if not self._secrets:
            return piece
        shown, self._rest = self._secrets.parted(self._rest + piece)
        return shown

    def finish(self) -> str:
        """Return what still waited: no more comes."""
        text, self._rest = self._rest, ""
        return self._secrets.masked(text)


def _forms(value: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the texts to be masked for a value, by what they have in common."""
    from samo.engine.base64_forms import base64_forms  # noqa: PLC0415 - only where there are secrets

    if len(value) < _SHORTEST or value in _HARMLESS:
        return
    yield value, frozenset({value})
    if len(within := value.strip()) >= _SHORTEST:
        yield from base64_forms(within)
    for line in value.splitlines():
        # Lines of blanks, as in any text, give nothing away.
        if len(line.strip()) >= _SHORTEST and line not in _HARMLESS:
            yield line, frozenset({line})
            yield line.strip(), frozenset({line.strip()})


def _longest(forms: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that begin no other one: what may begin another may begin these."""
    ordered = [*sorted(set(forms)), ""]  # what one begins comes right after it
    return tuple(form for form, after in pairwise(ordered) if not after.startswith(form))


def _begun(text: str, form: str) -> int:
    """Return how many characters at the end of `text` may begin `form`, which goes on then."""
    at = max(0, len(text) - len(form) + 1)
    while (at := text.find(form[:_SHORTEST], at)) >= 0:
        if form.startswith(text[at:]):
            return len(text) - at
        at += 1
    return next((count for count in (3, 2, 1) if text.endswith(form[:count])), 0)


@lru_cache(maxsize=256)
def _pattern(forms: frozenset[str]) -> re.Pattern[str]:
    # The longest first: one secret may begin another.
    return re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))))
