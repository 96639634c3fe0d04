"""The options of every command that runs jobs: what its user grants them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_OPTIONS = (
    click.option("--approve", multiple=True, metavar="JOB", help="Approve this job beforehand."),
    click.option("--approve-all", is_flag=True, help="Approve every job that asks for it."),
    click.option(
        "--context", "contexts", multiple=True, metavar="NAME", help="Grant this context."
    ),
    click.option(
        "--context-file",
        type=click.Path(path_type=Path),
        metavar="F",
        help="Grant the contexts in this TOML file, a table of variables each.",
    ),
    click.option("--pass-env", multiple=True, metavar="NAME", help="Hand this variable to jobs."),
    click.option("--events", metavar="FILE|-", help="Write events as JSON lines; - is stdout."),
)


def granting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options, which it takes by the names that RunCall has for them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
