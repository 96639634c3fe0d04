"""What a run is to be of: a config as a trigger sees it, and what comes from another run."""

from collections.abc import Mapping
from dataclasses import field

from samo.cli.project import Project, compile_with
from samo.cli.run_call import RunCall
from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import JobName
from samo.pipeline.pipeline import Pipeline
from samo.trigger import Trigger
from samo.trigger.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a rerun takes over: nothing, where a pipeline runs for the first time.

    `rerun_of` is the number of the run before, `kept` are its jobs by workflow that have succeeded
    and do not run again. `workspaces` is the id of the run that began their workspaces.
    """

    rerun_of: int = 0
    kept: Mapping[str, frozenset[JobName]] = field(default_factory=dict)
    workspaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is to be of; `values` are the pipeline values."""

    project: Project
    trigger: Trigger
    call: RunCall
    values: Mapping[str, Value]
    before: Before = Before()

    def compiled(self) -> Pipeline:
        """Compile the config; raises ConfigError with all that is wrong with it."""
        return compile_with(self.project, self.values, self.call.trigger_call)
