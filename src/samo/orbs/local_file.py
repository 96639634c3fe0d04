"""The files of an orb that lies in this repository, and of nothing beside it."""

from pathlib import Path

from samo.config.document import MAX_BYTES
from samo.orbs.problems import unresolved


def read_within(root: Path, path: Path) -> bytes:
    """Return a file's content; raises ConfigError where its path or a link leads out of `root`."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise unresolved(f"'{path}' lies outside of the orb's folder '{root}'")
    return read_bytes(path)


def read_bytes(path: Path) -> bytes:
    """Return a file's content; raises ConfigError where it cannot be read, or is too large."""
    if not path.is_file():
        raise unresolved(f"there is no file '{path}'")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise unresolved(f"'{path}' cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise unresolved(f"'{path}' has more than {MAX_BYTES:,} bytes")
    return content
