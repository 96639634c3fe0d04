"""Where samo keeps what it must remember of a repository, and finds what is the user's."""

import os
from collections.abc import Mapping
from pathlib import Path

from samo.system import cache_home, fingerprint


def state_dir(root: Path, environ: Mapping[str, str]) -> Path:
    """Return where a repository's runs and history are: `.samo` in it, or below SAMO_HOME."""
    home = environ.get("SAMO_HOME")
    return Path(home).absolute() / "repositories" / _mark(root) if home else root / ".samo"


def runs_dir(root: Path, environ: Mapping[str, str]) -> Path:
    """Return where a repository's runs are."""
    return state_dir(root, environ) / "runs"


def caches_dir(root: Path, environ: Mapping[str, str]) -> Path:
    """Return where a repository's caches are: outside of its work tree (CACHE-017)."""
    return cache_home(environ) / "caches" / _mark(root)


def scratch_dir(root: Path, environ: Mapping[str, str]) -> Path:
    """Return where a repository's jobs run: outside of its work tree, too.

    Below it git, npm and pytest would find the user's own repository by looking upwards.
    """
    # Short: a Unix socket's path within it has 107 bytes for all.
    return cache_home(environ) / "scratch" / _digest(root)


def own_contexts_file(environ: Mapping[str, str]) -> Path:
    """Return where the user's own contexts are: never in a repository, which others write."""
    own = environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME") or Path.home()) / ".config"
    return Path(own).absolute() / "samo" / "contexts.toml"


def _mark(root: Path) -> str:
    """Tell repositories that share a place apart, by their path."""
    return f"{root.name}-{_digest(root)}"


def _digest(root: Path) -> str:
    number = fingerprint(os.fsencode(root.resolve()))
    return f"{(number ^ number >> 64) & 0xFFFFFFFFFFFF:012x}"
