"""`samo show`: a run with its workflows, jobs and steps."""

import json
from pathlib import Path

import click

from samo.cli import options
from samo.cli.api_json import run_json
from samo.cli.past_run import read_run
from samo.cli.verdict import detail


@click.command("show")
@click.argument("reference", metavar="RUN")
@options.repo
@options.as_json
def command(reference: str, repo: Path, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Show a run: its workflows, jobs and steps. RUN is a number, an id's begin, or `last`.

    \b
    Example:
      samo show last
    """
    run = read_run(repo, reference)
    if as_json:
        click.echo(json.dumps(run_json(run.tally, run.folder.id), indent=2))
        return 0
    for line in detail(run.tally):
        click.echo(line.text)
    return 0
