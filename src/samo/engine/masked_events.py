"""What an event tells in words is masked; the names by which a run is known stay as they are."""

from dataclasses import fields, replace
from typing import Any

from samo.engine.masking import Secrets
from samo.pipeline.event import Event

WORDS = frozenset({"name", "reason", "message", "key", "path"})
"""What may hold a job's own text; output, which is cut anywhere, is masked where it comes in."""


def masked_event(event: Event, secrets: Secrets) -> Event:
    """Return the event with the secrets in its words masked."""
    if not secrets:
        return event
    words: dict[str, Any] = {
        each.name: secrets.masked(getattr(event, each.name))
        for each in fields(event)
        if each.name in WORDS
    }
    return replace(event, **words)
