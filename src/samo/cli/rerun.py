"""`samo rerun`: runs the pipeline of an earlier run once more."""

from typing import Any

import click

from samo.cli import options
from samo.cli.granting_options import granting_options
from samo.cli.run_call import RunCall


@click.command("rerun", short_help="Run the pipeline of a run once more.")
@click.argument("reference", metavar="RUN")
@click.option("--from-failed", is_flag=True, help="Keep what has succeeded; run only the rest.")
@granting_options
@options.repo
def command(reference: str, from_failed: bool, **arguments: Any) -> int:  # noqa: ANN401, FBT001
    """Run the pipeline of a run once more: a new run, with the config and values of that one.

    Jobs see the commit that they saw then. Changes that were not committed then are not kept: such
    a run sees the work tree as it is now, and says so. With --from-failed the jobs that succeeded
    are not run again, and what they persisted to the workspace is there. Contexts, variables and
    approvals are granted anew. RUN is a number, an id's begin, or `last`; the exit status is that
    of samo run.

    \b
    Examples:
      samo rerun last --from-failed
      samo rerun 7 --approve-all
    """
    call = RunCall(**arguments)
    # None of this is needed to show the help, and git answers while the engine is imported.
    from samo.system import reading_repository  # noqa: PLC0415

    reading = reading_repository(call.repo)
    from samo.cli.relaunch import Part, relaunch  # noqa: PLC0415

    return relaunch(call, reference, Part.FROM_FAILED if from_failed else Part.ALL, reading)
