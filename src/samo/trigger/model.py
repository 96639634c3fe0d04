"""The words of triggers: what starts a run, what it selects, and what keeps the rest out."""

from enum import StrEnum

from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Workflow
from samo.pipeline.place import Place


class TriggerKind(StrEnum):
    """What asks for a run."""

    PUSH = "push"
    TAG = "tag"
    SCHEDULE = "schedule"
    API = "api"


@dataclass(frozen=True, slots=True)
class Trigger:
    """What asks for a run, and of what: the names are "" where there is none.

    Where both a branch and a tag are given, the branch's filters decide (WF-026). `schedule` is
    the name of a schedule; for one that the config itself declares, that of its workflow.
    """

    kind: TriggerKind
    branch: str = ""
    tag: str = ""
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A workflow (`job` is "") or a job that does not run, and the rule that keeps it out."""

    workflow: str
    job: str
    reason: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Selection:
    """What runs for a trigger, free of all that does not run, and why the rest does not."""

    workflows: tuple[Workflow, ...]
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says of a workflow or a job: whether it may run, in words, and where."""

    runs: bool
    reason: str
    place: Place | None
