"""What a run keeps: caches, workspaces, artifacts, test results, journals, history.

The history is not among the names here: `samo.stores.history` imports SQLAlchemy, which only
commands that read it wait for.
"""

from samo.stores.artifacts import Artifact, default_destination, store_artifacts
from samo.stores.caches import Cache, CachePart, Caches
from samo.stores.globs import match_names
from samo.stores.journal import Journal, read_journal
from samo.stores.junit import read_results
from samo.stores.results import Results, TestResult, TestStatus, load_results, save_results
from samo.stores.runs import RunFolder, Runs
from samo.stores.workspaces import Layer, Workspace, conflict

__all__ = [
    "Artifact",
    "Cache",
    "CachePart",
    "Caches",
    "Journal",
    "Layer",
    "Results",
    "RunFolder",
    "Runs",
    "TestResult",
    "TestStatus",
    "Workspace",
    "conflict",
    "default_destination",
    "load_results",
    "match_names",
    "read_journal",
    "read_results",
    "save_results",
    "store_artifacts",
]
