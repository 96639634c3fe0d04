"""Paths as messages show them."""

from pathlib import Path


def short(path: Path) -> Path:
    """Return the path as one would type it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
