"""The operating system, once: processes, archives (`samo.system.archive`), files, locks, git."""

from samo.system.cache_home import cache_home
from samo.system.cancel import Cancel
from samo.system.durable import replacing, sync, write_all, write_atomically
from samo.system.fingerprint import fingerprint
from samo.system.git import (
    GitFacts,
    Reading,
    Repository,
    find_repository,
    read_repository,
    reading_repository,
)
from samo.system.lock import Hold, held, is_locked, locked, owned, signal_owner, try_lock
from samo.system.marked import end_marked
from samo.system.process import Ending, Exit, Output, Process, argv_of
from samo.system.snapshot import Snapshot, take_snapshot

__all__ = [
    "Cancel",
    "Ending",
    "Exit",
    "GitFacts",
    "Hold",
    "Output",
    "Process",
    "Reading",
    "Repository",
    "Snapshot",
    "argv_of",
    "cache_home",
    "end_marked",
    "find_repository",
    "fingerprint",
    "held",
    "is_locked",
    "locked",
    "owned",
    "read_repository",
    "reading_repository",
    "replacing",
    "signal_owner",
    "sync",
    "take_snapshot",
    "try_lock",
    "write_all",
    "write_atomically",
]
