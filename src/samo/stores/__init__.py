"""What a run keeps: caches, workspaces, artifacts, test results, journals, history.

Here are the names that every run needs. The rest is imported from its module by who needs it:
the parser of test results, say, or the history with SQLAlchemy, for which no run waits.
"""

from samo.stores.caches import Cache, CachePart, Caches
from samo.stores.journal import Journal, read_journal
from samo.stores.runs import RunFolder, Runs

__all__ = ["Cache", "CachePart", "Caches", "Journal", "RunFolder", "Runs", "read_journal"]
