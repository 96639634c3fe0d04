"""The rows of the live view: jobs by workflow and stage, and fewer of them where room is short."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from samo.cli.stages import job_stages
from samo.cli.tally import JobTally, Tally, WorkflowTally
from samo.cli.terminal_text import one_line
from samo.cli.verdict import duration
from samo.pipeline.job import JobName
from samo.pipeline.pipeline import Workflow
from samo.pipeline.status import JobStatus

STYLES = {
    "success": "green",
    "failed": "bold red",
    "timedout": "bold red",
    "infrastructure_fail": "bold red",
    "error": "bold red",
    "running": "cyan",
    "failing": "red",
    "on_hold": "yellow",
    "on hold": "yellow",
    "canceled": "magenta",
    "not_run": "dim",
    "blocked": "dim",
    "queued": "dim",
}
_ACTIVE = frozenset(
    {
        JobStatus.RUNNING,
        JobStatus.ON_HOLD,
        JobStatus.FAILED,
        JobStatus.TIMEDOUT,
        JobStatus.INFRASTRUCTURE_FAIL,
    }
)

Stages = Mapping[tuple[str, JobName], int]
"""How many jobs stand in a row before a job, at the most: by workflow and job."""

LastLines = Mapping[tuple[str, JobName], str]
"""The last line that a job's steps wrote: by workflow and job."""


def stages_of(workflows: Sequence[Workflow]) -> Stages:
    """Return the stages of all jobs."""
    return {
        (workflow.name, name): stage
        for workflow in workflows
        for name, stage in job_stages(workflow.jobs).items()
    }


def rows(
    tally: Tally, stages: Stages, last_lines: LastLines, now: float, height: int
) -> Iterator[Text]:
    """Return the rows that fit `height`: all jobs, or those at work and a count of the rest."""
    needed = sum(len(each.jobs) + 1 for each in tally.workflows.values())
    # One row for each stage's name, too.
    needed += len({(job.workflow, stages.get((job.workflow, job.name))) for job in tally.jobs()})
    if needed <= height:
        for workflow in tally.workflows.values():
            yield from _workflow_rows(workflow, stages, last_lines, now)
        return
    active = [job for job in tally.jobs() if job.status in _ACTIVE]
    rest = Counter(job.status for job in tally.jobs() if job.status not in _ACTIVE)
    hidden = active[height - 1 :]
    rest.update(job.status for job in hidden)
    for job in active[: height - 1]:
        yield _job_row(job, tally.label(job.workflow, job.name), last_lines, now)
    yield Text(", ".join(f"{count} {status}" for status, count in rest.items()), no_wrap=True)


def _workflow_rows(
    workflow: WorkflowTally, stages: Stages, last_lines: LastLines, now: float
) -> Iterator[Text]:
    took = workflow.duration_s or max(now - workflow.started, 0.0)
    title = Text(f"{workflow.name}  ", style="bold", no_wrap=True)
    title.append(workflow.status, STYLES.get(workflow.status, ""))
    yield title.append(f"  {duration(took)}", "")
    width = max((len(name) for name in workflow.jobs), default=0)
    by_stage: dict[int, list[JobTally]] = {}
    for job in workflow.jobs.values():
        by_stage.setdefault(stages.get((workflow.name, job.name), 0), []).append(job)
    for stage in sorted(by_stage):
        if len(by_stage) > 1:
            yield Text(f"  stage {stage + 1}", style="dim")
        for job in by_stage[stage]:
            yield _job_row(job, f"    {job.name:{width}}", last_lines, now)


def _job_row(job: JobTally, label: str, last_lines: LastLines, now: float) -> Text:
    row = Text(no_wrap=True, overflow="ellipsis")
    row.append(f"{label}  ")
    row.append(f"{job.status:<9}", STYLES.get(job.status, ""))
    row.append(f"{_took(job, now):>12}  ")
    if job.status is JobStatus.RUNNING:
        step = _current_step(job)
        row.append(step)
        last = one_line(last_lines.get((job.workflow, job.name), ""))
        row.append(f"  {last}" if last else "", "dim")
    elif job.reason:
        row.append(one_line(job.reason))
    return row


def _took(job: JobTally, now: float) -> str:
    if job.status is JobStatus.RUNNING:
        return duration(max(now - job.started, 0.0))
    return duration(job.duration_s) if job.duration_s else ""


def _current_step(job: JobTally) -> str:
    running = [one_line(step.name) for step in job.steps.values() if step.status is None]
    return running[-1] if running else ""
