"""`samo approve`: approves a job that waits for it, from another terminal or later."""

from typing import Any

import click

from samo.cli import options
from samo.cli.granting_options import granting_options
from samo.cli.run_call import RunCall


@click.command("approve", short_help="Approve a job that waits for it.")
@click.argument("reference", metavar="RUN")
@click.argument("job")
@granting_options
@options.repo
def command(reference: str, job: str, **arguments: Any) -> int:  # noqa: ANN401 - click's
    """Approve JOB, or WORKFLOW/JOB where several wait that are called so.

    A run that still runs is told, and goes on where it is. One that ended on hold goes on here, as
    samo run would, with the contexts, variables and further approvals that this call grants; the
    exit status is then that of samo run. RUN is a number, an id's begin, or `last`.

    \b
    Example:
      samo approve last approve-production
    """
    call = RunCall(**arguments)
    from samo.system import reading_repository  # noqa: PLC0415 - not for the help

    reading = reading_repository(call.repo)
    from samo.cli.approving import approve_job  # noqa: PLC0415

    return approve_job(call, reference, job, reading)
