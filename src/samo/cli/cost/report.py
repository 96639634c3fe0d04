"""A cost as a table, and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from samo.cli.cost.estimate import Assumed, JobCost, Spread, Unknown, WorkflowCost
from samo.cli.cost.rates import Rates
from samo.cli.terminal_text import one_line
from samo.cli.verdict import duration

NOT_INCLUDED = ("Docker layer caching", "storage", "network", "IP ranges", "users")

_OPTIONS = {
    Unknown.TIME: "--assume-time for jobs that have not succeeded here",
    Unknown.CLASS: "--assume-class for those that leave their class to the plan",
}

_Row = tuple[str, str, str, str]


def lines(workflows: Sequence[WorkflowCost], rates: Rates) -> Iterator[str]:
    """Yield a table for each workflow, the total, and what it leaves out."""
    rows = [row for workflow in workflows for row in _rows(workflow)]
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    for row in rows:
        if not row[0].startswith(" "):
            yield ""
        first, second, third = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        yield f"{first}  {second}  {third}  {row[3]}".rstrip()
    yield ""
    yield from _total(workflows, rates)
    yield f"not included: {', '.join(NOT_INCLUDED)}"
    yield f"rates: {rates.source}, as quoted from {rates.oldest} to {rates.newest}"


def as_json(workflows: Sequence[WorkflowCost], rates: Rates) -> dict[str, Any]:
    """Return all of it; credits that are unknown are null, and no part of any sum."""
    total = Spread.total(workflow.credits for workflow in workflows)
    return {
        "credits": _spread_json(total),
        "usd": round(total.likely * rates.usd_per_credit, 4),
        "unknown_jobs": _unknown(workflows),
        "workflows": [
            {
                "name": workflow.name,
                "credits": _spread_json(workflow.credits),
                "unknown_jobs": _unknown([workflow]),
                "jobs": [_job_json(job) for job in workflow.jobs],
            }
            for workflow in workflows
        ],
        "not_included": list(NOT_INCLUDED),
        "rates": {
            "source": rates.source,
            "oldest": rates.oldest.isoformat(),
            "newest": rates.newest.isoformat(),
            "usd_per_credit": rates.usd_per_credit,
        },
    }


def _rows(workflow: WorkflowCost) -> Iterator[_Row]:
    yield (f"workflow {one_line(workflow.name)}", "class", "time", "credits")
    for job in workflow.jobs:
        known = _said(job.credits) if job.credits else f"unknown: {'; '.join(job.unknown)}"
        yield (f"  {one_line(job.name)}", _class(job), _time(job), known)
    unknown = _unknown([workflow])
    more = f" and {_counted(unknown)} unknown" if unknown else ""
    yield ("  total", "", "", f"{_said(workflow.credits)}{more}")


def _class(job: JobCost) -> str:
    named = f"{job.executor} {one_line(job.resource_class)}".rstrip()
    nodes = f" x {job.parallelism}" if job.parallelism > 1 else ""
    return f"{named}{nodes}{_assumed(job, Assumed.CLASS)}"


def _time(job: JobCost) -> str:
    if job.seconds is None:
        return ""
    return f"{duration(job.seconds.likely)}{_assumed(job, Assumed.TIME)}"


def _assumed(job: JobCost, what: Assumed) -> str:
    return " (assumed)" if what in job.assumed else ""


def _said(taken: Spread) -> str:
    spread = f" ({taken.low:,.0f} to {taken.high:,.0f})" if taken.low < taken.high else ""
    return f"{taken.likely:,.0f}{spread}"


def _total(workflows: Sequence[WorkflowCost], rates: Rates) -> Iterator[str]:
    total = Spread.total(workflow.credits for workflow in workflows)
    said = f"{_said(total)} credits, ${total.likely * rates.usd_per_credit:,.2f}"
    unknown = _unknown(workflows)
    if not unknown:
        yield f"total: {said}"
        return
    yield f"total: at least {said}; {_counted(unknown)} unknown"
    jobs = [job for workflow in workflows for job in workflow.jobs]
    # The option does not speak for macOS.
    lacking = {
        why
        for job in jobs
        for why in job.unknown
        if (job.executor, why) != ("macos", Unknown.CLASS)
    }
    if options := [option for why, option in _OPTIONS.items() if why in lacking]:
        yield f"to count more: {', '.join(options)}"


def _unknown(workflows: Iterable[WorkflowCost]) -> int:
    return sum(job.credits is None for workflow in workflows for job in workflow.jobs)


def _counted(jobs: int) -> str:
    return "1 job is" if jobs == 1 else f"{jobs} jobs are"


def _job_json(job: JobCost) -> dict[str, Any]:
    return {
        "name": job.name,
        "executor": job.executor,
        "resource_class": job.resource_class or None,
        "parallelism": job.parallelism,
        "seconds": _spread_json(job.seconds) if job.seconds else None,
        "credits": _spread_json(job.credits) if job.credits else None,
        "unknown": list(job.unknown),
        "assumed": list(job.assumed),
    }


def _spread_json(spread: Spread) -> dict[str, float]:
    return {
        "low": round(spread.low, 3),
        "likely": round(spread.likely, 3),
        "high": round(spread.high, 3),
    }
