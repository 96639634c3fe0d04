"""Durations as a config writes them: 90s, 1.25h, 1h30m."""

import math
import re

DURATION = re.compile(r"(?:\d+(?:\.\d+)?[hms])+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([hms])")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0}


def seconds_of(text: str) -> float | None:
    """Return the seconds that a text says; None where it is no duration, or one without an end."""
    if not DURATION.fullmatch(text):
        return None
    seconds = sum(float(count) * _SECONDS[unit] for count, unit in _PART.findall(text))
    return seconds if math.isfinite(seconds) else None
