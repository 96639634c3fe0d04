"""`samo doctor`: what this machine can do, and how to get the rest."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click

from samo.cli import options
from samo.cli.machine_checks import Check, State, checks
from samo.pipeline.problem import SamoError


@click.command("doctor")
@options.as_json
def command(as_json: bool) -> int:  # noqa: FBT001 - click's
    """Say what this machine has of what runs need, what it is for, and how to get what lacks.

    The exit status is 1 where no run is possible at all.

    \b
    Example:
      samo doctor --json
    """
    found = tuple(checks(os.environ))
    works = not any(each.is_needed and each.state is State.MISSING for each in found)
    if as_json:
        click.echo(json.dumps({"works": works, "checks": list(map(asdict, found))}, indent=2))
    else:
        for line in _lines(found):
            click.echo(line)
    return 0 if works else SamoError.exit_status


def _lines(found: Sequence[Check]) -> Iterator[str]:
    for check in found:
        yield f"{check.state:8} {check.name:10} {check.found}"
        yield f"{'':19} for {check.purpose}"
        if check.remedy:
            yield f"{'':19} to get it: {check.remedy}"
