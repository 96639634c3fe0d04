"""Secrets become `****` in what steps write, also where output cuts them in two (ENV-013, 014)."""

import re
from collections.abc import Iterable

MASK = "****"
_SHORTEST = 4
_HARMLESS = frozenset({"true", "True", "false", "False"})


class Secrets:
    """The values to be masked; none of them costs nothing.

    Values shorter than four characters and booleans are not masked, as CircleCI has it
    (ENV-013). A value of several lines is masked line by line too: a log shows its lines.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        pieces = {piece for value in values for piece in (value, *value.splitlines())}
        kept = {each for each in pieces if len(each) >= _SHORTEST and each not in _HARMLESS}
        # The longest first: one secret may begin another.
        self._ordered = sorted(kept, key=lambda each: (-len(each), each))
        self._pattern = re.compile("|".join(map(re.escape, self._ordered)))
        self.longest = len(self._ordered[0]) if self._ordered else 0

    def masked(self, text: str) -> str:
        """Return a whole text with the secrets in it masked."""
        return self._pattern.sub(MASK, text) if self.longest else text

    def safe_length(self, text: str) -> int:
        """Return how much of `text` can be masked whatever comes after it."""
        safe = len(text) - self._begun(text)
        for match in self._pattern.finditer(text) if safe < len(text) else ():
            if match.start() < safe < match.end():
                return match.start()  # it may be the begin of a longer one
        return safe

    def _begun(self, text: str) -> int:
        """Return how many characters at the end of `text` may begin a secret."""
        for length in range(min(self.longest - 1, len(text)), 0, -1):
            end = text[-length:]
            if any(secret.startswith(end) for secret in self._ordered):
                return length
        return 0


class Masking:
    """Masks one stream of output, piece by piece."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._rest = ""

    def feed(self, piece: str) -> str:
        """Return what may be shown so far; what may begin a secret waits for more."""
        if not self._secrets.longest:
            return piece
        text = self._rest + piece
        safe = self._secrets.safe_length(text)
        self._rest = text[safe:]
        return self._secrets.masked(text[:safe])

    def finish(self) -> str:
        """Return what still waited: no more comes."""
        text, self._rest = self._rest, ""
        return self._secrets.masked(text)
