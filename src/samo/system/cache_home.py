"""Where samo keeps what it can do without, for the user and all repositories."""

from collections.abc import Mapping
from pathlib import Path


def cache_home(environ: Mapping[str, str]) -> Path:
    """Return SAMO_HOME, or samo's folder in the user's cache directory; an absolute path."""
    if home := environ.get("SAMO_HOME"):
        return Path(home).absolute()
    own = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or Path.home()) / ".cache"
    return Path(own).absolute() / "samo"
