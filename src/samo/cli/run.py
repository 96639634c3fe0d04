"""`samo run`: runs the workflows of this repository here."""

from pathlib import Path
from typing import Any

import click

from samo.cli import options
from samo.cli.granting_options import granting_options
from samo.cli.run_call import RunCall
from samo.cli.trigger_options import trigger_options


@click.command("run", short_help="Run the workflows of this repository here.")
@click.argument("workflows", nargs=-1, metavar="[WORKFLOW]...")
@click.option("--job", "jobs", multiple=True, metavar="J", help="Only J, and what it requires.")
@trigger_options
@click.option("--commit", metavar="REV", help="A commit as it is, not the work tree.")
@click.option(
    "--executor",
    type=click.Choice(("auto", "process")),
    default="auto",
    help="Where jobs run; auto takes the process executor.",
)
@click.option("--strict", is_flag=True, help="Start nothing if anything differs from the cloud.")
@granting_options
@click.option("--config", type=click.Path(path_type=Path), help="Another config than the default.")
@options.repo
def command(**arguments: Any) -> int:  # noqa: ANN401 - click's, into the frozen value
    """Run what a push of the current branch would start: whole workflows, in parallel.

    Jobs see the work tree as git does: uncommitted changes and untracked files included, ignored
    files not. Exit status: 0 succeeded (or nothing runs for this branch), 1 something failed,
    2 the config or the call is wrong, 3 on hold, 130 canceled.

    \b
    Examples:
      samo run
      samo run delivery --job unit-tests --branch main
    """
    del arguments["executor"]  # both choices mean the one executor there is
    call = RunCall(**arguments)
    # None of this is needed to show the help, and git answers while the engine is imported.
    from samo.system import reading_repository  # noqa: PLC0415

    reading = reading_repository(call.repo)
    from samo.cli.launch import launch  # noqa: PLC0415

    return launch(call, reading)
