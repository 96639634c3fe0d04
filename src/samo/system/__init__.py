"""The operating system, once: processes, archives, durable files, locks, git."""

from samo.system.durable import replacing, write_all, write_atomically
from samo.system.git import GitFacts, Repository, find_repository, read_facts
from samo.system.lock import locked
from samo.system.snapshot import Snapshot, take_snapshot

__all__ = [
    "GitFacts",
    "Repository",
    "Snapshot",
    "find_repository",
    "locked",
    "read_facts",
    "replacing",
    "take_snapshot",
    "write_all",
    "write_atomically",
]
