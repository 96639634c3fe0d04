"""Paths as users write them, and as messages show them."""

import os
from pathlib import Path


def expanded(text: str) -> Path:
    """Return the path that is meant by a text; `~` is a home directory, where there is one."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - pathlib's raises for ~nobody


def short(path: Path) -> Path:
    """Return the path as one would type it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
