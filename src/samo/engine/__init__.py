"""Runs a Pipeline: a pure state machine, and one loop."""

from samo.engine.approvals import Approvals
from samo.engine.differences import Circumstances, Origins, all_differences, values_met
from samo.engine.execution import Execution, Reader
from samo.engine.fidelity import circumstances, refusals
from samo.engine.job import Supplies
from samo.engine.masking import Secrets
from samo.engine.resources import Resources
from samo.engine.schedule import most_starts
from samo.engine.variables import Grants, RunFacts

__all__ = [
    "Approvals",
    "Circumstances",
    "Execution",
    "Grants",
    "Origins",
    "Reader",
    "Resources",
    "RunFacts",
    "Secrets",
    "Supplies",
    "all_differences",
    "circumstances",
    "most_starts",
    "refusals",
    "values_met",
]
