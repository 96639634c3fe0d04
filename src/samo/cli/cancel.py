"""`samo cancel`: cancels a run, from another terminal or when it has ended on hold."""

import os
from pathlib import Path

import click

from samo.cli import options


@click.command("cancel")
@click.argument("reference", metavar="RUN")
@options.repo
def command(reference: str, repo: Path) -> int:
    """Cancel a run that runs, as Ctrl-C does, or one that has ended on hold.

    Returns when all its processes have ended. RUN is a number, an id's begin, or `last`.

    \b
    Example:
      samo cancel last
    """
    from samo.cli.canceling import cancel_run  # noqa: PLC0415 - not for the help

    click.echo(cancel_run(repo, reference, os.environ))
    return 0
