"""The options that several commands share."""

from pathlib import Path

import click

repo = click.option(
    "--repo",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Another repository than the one here.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, as the API would.")
