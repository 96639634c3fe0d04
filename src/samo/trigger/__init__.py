"""What starts a run: which workflows and jobs a trigger selects, and why not the rest."""

from samo.trigger.model import Exclusion, Selection, Trigger, TriggerKind
from samo.trigger.origin import parse_origin, without_credentials
from samo.trigger.select import select
from samo.trigger.skip import skip_mark
from samo.trigger.values import RepositoryFacts, pipeline_values

__all__ = [
    "Exclusion",
    "RepositoryFacts",
    "Selection",
    "Trigger",
    "TriggerKind",
    "parse_origin",
    "pipeline_values",
    "select",
    "skip_mark",
    "without_credentials",
]
