"""The end of a run in lines: each workflow and job, what waits, and what differs from the cloud."""

from collections.abc import Iterator

from samo.cli.differences import whole_list
from samo.cli.tally import JobTally, StepTally, Tally, WorkflowTally
from samo.pipeline.dataclass import dataclass
from samo.pipeline.event import RunStarted, WorkflowStarted
from samo.pipeline.status import JobStatus, WorkflowStatus


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the verdict; `status` is the word in it that may be coloured, or ""."""

    text: str
    status: str = ""


def verdict(tally: Tally) -> Iterator[Line]:
    """Tell how the run stands, whole or broken off."""
    for workflow in tally.attempts():
        yield Line("")
        yield from _workflow_lines(workflow)
    yield from _holds(tally)
    yield from _differences(tally)
    yield from _last_line(tally)


def detail(tally: Tally) -> Iterator[Line]:
    """Tell all of a run, its steps too."""
    if tally.start is not None:
        yield Line(title(tally.start))
    for workflow in tally.attempts():
        yield Line("")
        head, *jobs = _workflow_lines(workflow)
        yield head
        for line, job in zip(jobs, workflow.jobs.values(), strict=True):
            yield line
            yield from (_step_line(step) for _, step in sorted(job.steps.items()))
    yield from _holds(tally)
    yield from _differences(tally)
    yield from _last_line(tally)


def title(start: RunStarted) -> str:
    """Return what a run is of: `run 7 of branch main at 1a2b3c4`."""
    what = f"tag {start.tag}" if start.tag else f"branch {start.branch}" if start.branch else ""
    revision = f" at {start.revision[:7]}" if start.revision else ""
    again = f", run {start.rerun_of} once more" if start.rerun_of else ""
    return f"run {start.number}" + (f" of {what}" if what else "") + revision + again


def next_attempt(start: WorkflowStarted) -> str:
    """Say that a workflow begins once more: `workflow w failed: attempt 2 runs 3 of 5 jobs`."""
    again, jobs = len(start.jobs) - len(start.kept), len(start.jobs)
    return f"workflow {start.workflow} failed: attempt {start.attempt} runs {again} of {jobs} jobs"


def duration(seconds: float) -> str:
    """Return a span of time in words: `0.3 s`, `2 min 05 s`, `1 h 02 min`."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def step_end(step: StepTally) -> str:
    """Return how a step ended, in words."""
    ways = {"failed": "failed", "timedout": "ran out of time"}
    told = ways.get(step.status or "", str(step.status or "running").replace("_", " "))
    if step.exit_code:
        told += f" with exit status {step.exit_code}"
    return told + (f": {step.reason}" if step.reason else "")


def failed_steps(job: JobTally) -> list[StepTally]:
    """Return the steps of a job that failed, in order."""
    return [step for _, step in sorted(job.steps.items()) if step.failed]


def _workflow_lines(workflow: WorkflowTally) -> Iterator[Line]:
    ended = f" in {duration(workflow.duration_s)}" if workflow.duration_s else ""
    again = f", attempt {workflow.attempt}" if workflow.attempt > 1 else ""
    yield Line(f"workflow {workflow.name}{again}: {workflow.status}{ended}", workflow.status)
    names = max((len(name) for name in workflow.jobs), default=0)
    statuses = max((len(job.status) for job in workflow.jobs.values()), default=0)
    for job in workflow.jobs.values():
        took = duration(job.duration_s) if job.started or job.duration_s else ""
        cells = f"  {job.name:{names}}  {job.status:{statuses}}  {took:>11}  {_why(job)}"
        yield Line(cells.rstrip(), job.status)


def _step_line(step: StepTally) -> Line:
    node = f" (node {step.node})" if step.node else ""
    took = f" in {duration(step.duration_s)}" if step.status else ""
    return Line(f"    {step.step}  {step.name}{node}: {step_end(step)}{took}", step.status or "")


def _why(job: JobTally) -> str:
    if job.status is JobStatus.SUCCESS:
        return job.reason
    failures = [f"step '{step.name}' {step_end(step)}" for step in failed_steps(job)]
    return job.reason or "; ".join(failures)


def _holds(tally: Tally) -> Iterator[Line]:
    waiting = [job for job in tally.jobs() if job.status is JobStatus.ON_HOLD]
    if waiting:
        yield Line("")
        yield Line("on hold, waiting for an approval:", "on hold")
    number = tally.start.number if tally.start else "last"
    for job in waiting:
        named = tally.label(job.workflow, job.name)
        yield Line(f"  {named}: samo approve {number} {named}")


def _differences(tally: Tally) -> Iterator[Line]:
    if tally.differences:
        yield Line("")
    for line in whole_list(tally.differences, tally.label):
        yield Line(line)


def _last_line(tally: Tally) -> Iterator[Line]:
    if tally.start is None:
        return
    number = tally.start.number
    yield Line("")
    if tally.end is None:
        yield Line(f"run {number}: not finished")
        return
    status = tally.end.status
    took = duration(tally.end.duration_s)
    more = "" if status is WorkflowStatus.SUCCESS else f" (samo show {number})"
    yield Line(f"run {number}: {status} in {took}{more}", status)
