"""The compiled plan: what compilation makes of a config for one trigger."""

from dataclasses import field

from samo.pipeline.dataclass import dataclass
from samo.pipeline.job import Condition, Job, Patterns
from samo.pipeline.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A legacy schedule trigger of a workflow: five cron fields in UTC (WF-036)."""

    cron: str
    branches: Patterns
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A named set of jobs; `condition` is None where it always runs."""

    name: str
    jobs: tuple[Job, ...]
    condition: Condition | None = None
    schedules: tuple[Schedule, ...] = ()
    max_auto_reruns: int = 0
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NullValue:
    """A pipeline value that the config reads and that is null, and where it reads it.

    `job` is the declared name of the job that reads it, "" where none does but a workflow.
    """

    name: str
    job: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Everything that a config says, with no parameter, orb, command or matrix left in it.

    Workflows whose condition is false, and jobs that a filter keeps out, are still here: what
    runs for a trigger is `samo.trigger`'s answer, and it can say why. `changed_parameters` are the
    pipeline parameters whose value is not their default.
    """

    path: str
    version: str
    workflows: tuple[Workflow, ...]
    is_setup: bool = False
    changed_parameters: frozenset[str] = frozenset()
    null_values: tuple[NullValue, ...] = field(default=(), compare=False)
