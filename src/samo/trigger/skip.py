"""Commits that ask the cloud to run nothing for them (CFG-021)."""

from samo.trigger.values import RepositoryFacts

_MARKS = ("[ci skip]", "[skip ci]")
_LOOKED_AT = 250
"""So many characters of a subject or a body count."""


def skip_mark(facts: RepositoryFacts) -> str:
    """Return the mark by which the head commit asks for it, "" where it does not."""
    looked_at = (facts.subject[:_LOOKED_AT], facts.body[:_LOOKED_AT])
    return next((mark for mark in _MARKS for text in looked_at if mark in text), "")
