"""The files of an orb that lies in this repository, and of nothing beside it."""

import os
from pathlib import Path

from samo.config.document import MAX_BYTES
from samo.orbs.problems import unresolved
from samo.pipeline.problem import ConfigError


def read_within(root: Path, path: Path) -> bytes:
    """Return a file's content; raises ConfigError where its path or a link leads out of `root`."""
    # os.path.realpath, as Path.resolve raises where links go round in a circle.
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        raise unresolved(f"'{path}' lies outside of the orb's folder '{root}'")
    return read_bytes(path)


def read_bytes(path: Path) -> bytes:
    """Return a file's content; raises ConfigError where it cannot be read, or is too large."""
    try:
        if not path.is_file():
            raise unresolved(f"there is no file '{path}'")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > MAX_BYTES:
        raise unresolved(f"'{path}' has more than {MAX_BYTES:,} bytes")
    return content


def unreadable(path: Path, error: OSError) -> ConfigError:
    """Return what the system refused, in its words."""
    return unresolved(f"'{path}' cannot be read: {error.strerror}")
