"""Cut a long text into passages of the length that the model was trained on."""

import re

LONGEST_PASSAGE = 40
"""Words. Nineteen in twenty comments of the training set are shorter."""

_SENTENCE_END = re.compile(r"(?<=[.!?\N{HORIZONTAL ELLIPSIS}])\s+|\n+")


def passages(text: str) -> tuple[str, ...]:
    """Return `text` in passages of whole sentences, each of at most `LONGEST_PASSAGE` words.

    A sentence that is longer is cut between two words. A short text is one passage, as it stands;
    so is one without a word.
    """
    if len(text.split()) <= LONGEST_PASSAGE:
        return (text,)
    packed: list[str] = []
    open_words: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        if open_words and len(open_words) + len(words) > LONGEST_PASSAGE:
            packed.append(" ".join(open_words))
            open_words = []
        open_words += words
        while len(open_words) > LONGEST_PASSAGE:
            packed.append(" ".join(open_words[:LONGEST_PASSAGE]))
            open_words = open_words[LONGEST_PASSAGE:]
    return (*packed, " ".join(open_words)) if open_words else tuple(packed)
