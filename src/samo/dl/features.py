"""The n-grams of a text, hashed: what the linear model sees, in training and in service alike.

A word, a pair of neighbouring words and a piece of a word each become the CRC-32 of their UTF-8
bytes behind the letter of their kind, so a feature is the same number in each process and on each
machine (`hash()` is not) and no vocabulary has to be kept.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

_TOKEN = re.compile(r"\w+(?:'\w+)*|[^\w\s]")
_STRETCHED = re.compile(r"(.)\1{2,}", re.DOTALL)
_VARIATION_SELECTORS = dict.fromkeys(range(0xFE00, 0xFE10))
_PIECE_LENGTHS = (3, 4, 5)
_LONGEST_TOKEN = 40


def tokens(text: str) -> list[str]:
    """Return the words and single signs of `text`, in one case and one spelling.

    A letter that is stretched ("soooo") stands twice; an emoji is a sign without its variant.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_VARIATION_SELECTORS).casefold()
    plain = _STRETCHED.sub(r"\1\1", plain.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return [token[:_LONGEST_TOKEN] for token in _TOKEN.findall(plain)]


def features(text: str) -> set[int]:
    """Return the hashes of the n-grams that occur in `text`: 32 bits each."""
    words = tokens(text)
    found = {_hashed("p", f"{first} {second}") for first, second in pairwise(words)}
    for word in words:
        found.update(_of_word(word))
    return found


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> tuple[int, ...]:
    framed = f"<{word}>"
    pieces = {
        framed[start : start + length]
        for length in _PIECE_LENGTHS
        for start in range(len(framed) - length + 1)
    }
    return (_hashed("w", word), *(_hashed("c", piece) for piece in sorted(pieces)))


def _hashed(kind: str, text: str) -> int:
    return crc32(f"{kind}{text}".encode("utf-8", "surrogatepass"))
