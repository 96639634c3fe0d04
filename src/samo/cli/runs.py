"""`samo runs`: the runs of this repository."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from samo.cli import options
from samo.cli.api_json import iso, page
from samo.cli.past_run import open_history
from samo.cli.verdict import duration
from samo.stores.records import RunRecord


@click.command("runs")
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1),
    metavar="N",
    help="How many, at most.",
)
@options.repo
@options.as_json
def command(limit: int, repo: Path, as_json: bool) -> int:  # noqa: FBT001 - click's
    """List the runs of this repository, the newest first.

    \b
    Example:
      samo runs --limit 5
    """
    with open_history(repo) as history:
        runs = history.runs(min(limit, sys.maxsize))  # the most that a database can count
    if as_json:
        click.echo(json.dumps(page(map(_as_json, runs)), indent=2))
        return 0
    for line in _lines(runs):
        click.echo(line)
    return 0


def _lines(runs: Sequence[RunRecord]) -> Iterator[str]:
    digits = max((len(str(run.number)) for run in runs), default=0)
    statuses = max((len(run.status) for run in runs), default=0)
    for run in runs:
        took = duration(run.duration_s) if run.stopped_at is not None else ""
        when = iso(run.created_at)[:16].replace("T", " ")
        what = run.branch or run.tag
        yield (
            f"{run.number:>{digits}}  {run.status:{statuses}}  {took:>11}  {when}Z  "
            f"{run.revision[:7]}  {what}"
        ).rstrip()


def _as_json(run: RunRecord) -> dict[str, Any]:
    return {
        "id": run.id,
        "number": run.number,
        "state": "created",
        "status": run.status,
        "created_at": iso(run.created_at),
        "stopped_at": iso(run.stopped_at) if run.stopped_at is not None else None,
        "vcs": {
            "branch": run.branch or None,
            "tag": run.tag or None,
            "revision": run.revision or None,
        },
    }
