"""Where the orbs of a project come from: its settings, its lock, the user's cache, the registry."""

import os
from collections.abc import Mapping
from pathlib import Path

from samo.cli.paths import short
from samo.cli.settings import load_settings
from samo.config import Arguments, Continuation, Source, required_orbs
from samo.config.orbs import Orb
from samo.orbs import LOCK_NAME, OrbCache, OrbSources, gather, read_lock, registry_for
from samo.system import cache_home


def orbs_of(
    source: Source,
    root: Path,
    *,
    values: Mapping[str, object],
    arguments: Arguments | Continuation,
) -> Mapping[str, Orb]:
    """Return all orbs that a config needs from outside, in the form that its compiler takes them.

    Raises SamoError as `sources_for` does, which a config without orbs never asks.
    """
    references = required_orbs(source, values=values, arguments=arguments)
    if not references:
        return {}
    return gather(references, sources_for(root), values=values).orbs


def sources_for(root: Path) -> OrbSources:
    """Return where the orbs of the project at `root` come from.

    Raises SamoError where the settings, the lock or the registry's address are wrong.
    """
    return OrbSources(
        local={name: short(path) for name, path in load_settings(root).orbs.items()},
        pins=read_lock(short(root / LOCK_NAME)),
        cache=OrbCache(cache_home(os.environ) / "orbs"),
        registry=registry_for(os.environ),
    )
