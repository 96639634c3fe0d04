"""One parallel copy of a job, from opening its sandbox to closing it."""

from dataclasses import replace

from samo.engine.output import StepLog
from samo.engine.steps import (
    DONE,
    Report,
    StepEnd,
    StepPost,
    Surroundings,
    open_log,
    perform,
    start,
)
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import StepFinished, StepStarted
from samo.pipeline.status import JobStatus, StepStatus
from samo.pipeline.step import Run, Step, When

_BAD = frozenset({StepStatus.FAILED, StepStatus.TIMEDOUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a job, or of one node of it."""

    status: JobStatus
    reason: str = ""


class NodeRun:
    """Runs the steps of a node in order; a failure changes which of the rest run (STEP-014).

    `post` is where the node's events go; each step makes its own of it.
    """

    def __init__(self, around: Surroundings, post: StepPost) -> None:
        self._around = around
        self._post = post
        self._background: list[tuple[StepPost, StepLog, float]] = []
        self._failed = False

    def steps(self) -> Outcome:
        """Run the steps; background ones still run when this returns."""
        for index, step in enumerate(self._around.node.job.steps):
            if self._around.cancel.is_set:
                return Outcome(status=JobStatus.CANCELED)  # STEP-018
            if not self._applies(step):
                continue
            end, fault = self._step(index, step)
            if fault is not None:
                reason = f"the log of step '{step.name}' cannot be written: {fault.strerror}"
                return Outcome(status=JobStatus.INFRASTRUCTURE_FAIL, reason=reason)
            if end.status is StepStatus.CANCELED:
                return Outcome(status=JobStatus.CANCELED)
            self._failed = self._failed or end.status in _BAD
            if self._around.sandbox.is_halted:
                break  # STEP-019, STEP-020
        return Outcome(status=JobStatus.FAILED if self._failed else JobStatus.SUCCESS)

    def close(self) -> None:
        """End what still runs, and the steps in the background with it."""
        self._around.sandbox.close()
        for to, log, started in self._background:
            log.close()
            self._finish(to, DONE, started)  # its exit status never counts (STEP-011)

    def _applies(self, step: Step) -> bool:
        if isinstance(step, Run) and step.is_deploy and not self._around.node.deploys:
            return False
        match step.when:
            case When.ALWAYS:
                return True
            case When.ON_FAIL:
                return self._failed
        return not self._failed

    def _step(self, index: int, step: Step) -> tuple[StepEnd, OSError | None]:
        to = replace(self._post, step=index, name=step.name)
        started = to.clock()
        to.tell(StepStarted)
        log = open_log(self._around, to)
        report = Report(to=to, log=log)
        if isinstance(step, Run) and step.background:
            end = start(step, self._around, report)
            if end is None:
                self._background.append((to, log, started))
                return DONE, None
        else:
            end = perform(step, self._around, report)
        log.close()
        self._finish(to, end, started)
        return end, log.fault

    def _finish(self, to: StepPost, end: StepEnd, started: float) -> None:
        to.tell(
            StepFinished,
            status=end.status,
            duration_s=to.clock() - started,
            exit_code=end.exit_code,
            reason=end.reason,
        )
