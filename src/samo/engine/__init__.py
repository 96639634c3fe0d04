"""Runs a Pipeline: a pure state machine, and one loop."""

from samo.engine.execution import Approvals, Execution, Reader
from samo.engine.fidelity import refusals
from samo.engine.job import Supplies
from samo.engine.masking import Secrets
from samo.engine.resources import Resources
from samo.engine.variables import RunFacts

__all__ = [
    "Approvals",
    "Execution",
    "Reader",
    "Resources",
    "RunFacts",
    "Secrets",
    "Supplies",
    "refusals",
]
