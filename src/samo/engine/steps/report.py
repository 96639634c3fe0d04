"""What a step has around it, how it reports, and how it ends."""

from collections.abc import Callable, Mapping

from samo.engine.masking import Secrets
from samo.engine.output import StepLog
from samo.engine.variables import Node
from samo.executors import Sandbox, Work
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import Event, RunId, StepOutput
from samo.pipeline.job import JobName
from samo.pipeline.status import StepStatus
from samo.stores import Caches, RunFolder
from samo.system import Cancel

Post = Callable[[Event], None]
"""Takes an event of a job, from any thread; may wait until there is room for it."""

Clock = Callable[[], float]
"""Tells the time in Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEnd:
    """How a step ended; `exit_code` is None where no process ended by itself."""

    status: StepStatus
    exit_code: int | None = None
    reason: str = ""


DONE = StepEnd(status=StepStatus.SUCCESS)


def failed(reason: str) -> StepEnd:
    """Return the end of a step that could not do what it says."""
    return StepEnd(status=StepStatus.FAILED, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the steps of one node of a job work with.

    `variables` is the job's environment, the steps' own not yet in it. `upstream` gives for each
    job of the workflow all that it requires, directly or not, in the order of the graph.
    `work` is None where no step checks out; `folder` is the run's, of this attempt.
    """

    node: Node
    sandbox: Sandbox
    variables: Mapping[str, str]
    caches: Caches
    secrets: Secrets
    upstream: Mapping[JobName, tuple[JobName, ...]]
    folder: RunFolder
    work: Work | None
    cancel: Cancel
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPost:
    """Where the events of one step go, and what they have in common."""

    post: Post
    clock: Clock
    run: RunId
    node: Node
    step: int = 0
    name: str = ""

    def tell(self, kind: Callable[..., Event], **values: object) -> None:
        """Post an event of the step; `values` are those that its kind has of its own."""
        event = kind(
            time=self.clock(),
            run=self.run,
            workflow=self.node.workflow,
            attempt=self.node.attempt,
            job=self.node.job.name,
            node=self.node.index,
            step=self.step,
            name=self.name,
            **values,
        )
        self.post(event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a step tells what it writes (`log`) and what it did (`tell`)."""

    to: StepPost
    log: StepLog

    def tell(self, kind: Callable[..., Event], **values: object) -> None:
        """Post an event of the step."""
        self.to.tell(kind, **values)

    def warn(self, what: str) -> None:
        """Write what went otherwise than meant, and does not fail the step."""
        self.log.say(f"warning: {what}")

    def leave_out(self, name: str) -> None:
        """Write that a name is in no archive."""
        self.warn(f"{name} is left out: neither file, folder nor link")


def open_log(around: Surroundings, to: StepPost) -> StepLog:
    """Return a step's log, whose pieces are told as they come."""
    node = around.node
    path = f"{around.folder.logs(node.workflow, node.job.name, node.index)}/{to.step}.log"
    return StepLog(path, around.secrets, lambda text: to.tell(StepOutput, text=text))
