"""Where orbs come from: this repository, the user's cache, the registry, an address."""

from samo.orbs.cache import OrbCache
from samo.orbs.gather import Brought, gather
from samo.orbs.lock import LOCK_NAME, Pin, read_lock, write_lock
from samo.orbs.registry import Registry, registry_for
from samo.orbs.sources import OrbSources

__all__ = [
    "LOCK_NAME",
    "Brought",
    "OrbCache",
    "OrbSources",
    "Pin",
    "Registry",
    "gather",
    "read_lock",
    "registry_for",
    "write_lock",
]
