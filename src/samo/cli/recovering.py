"""Ends the runs that were killed, before any command looks at the runs or adds one."""

from collections.abc import Mapping
from pathlib import Path

import click

from samo.cli.state_dirs import runs_dir, scratch_dir
from samo.stores import Runs


def recover_runs(root: Path, environ: Mapping[str, str]) -> None:
    """Say of each run that broke off what became of it, and end the processes that it left."""
    runs = Runs(runs_dir(root, environ))
    if not runs.broken():
        return
    from samo.engine.recovery import recover  # noqa: PLC0415 - runs are seldom killed

    for each in recover(runs, scratch_dir(root, environ) / "snapshots"):
        left = f"; {each.processes} processes that it left were ended" if each.processes else ""
        click.echo(
            f"run {each.number} was killed while it ran: it is {each.status} now{left} "
            f"(samo rerun {each.number} --from-failed goes on)",
            err=True,
        )
