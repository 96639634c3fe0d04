"""What a run keeps: caches, workspaces, artifacts, test results, journals, history."""

from samo.stores.journal import Journal, read_journal
from samo.stores.runs import RunFolder, Runs

__all__ = ["Journal", "RunFolder", "Runs", "read_journal"]
