"""The options of every command that reads a config as one trigger would: what starts the run."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from samo.pipeline.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerCall:
    """The trigger that a call asks for; names are "" and the schedule None where not given."""

    branch: str = ""
    tag: str = ""
    schedule: str | None = None
    params: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    values_file: Path | None = None


_OPTIONS = (
    click.option("--branch", default="", metavar="B", help="As for a push of this branch."),
    click.option("--tag", default="", metavar="T", help="As for a push of this tag."),
    click.option("--schedule", metavar="NAME", help="As for this schedule; its workflow's name."),
    click.option("--param", "params", multiple=True, metavar="K=V", help="A pipeline parameter."),
    click.option("--value", "values", multiple=True, metavar="K=V", help="Set a pipeline value."),
    click.option(
        "--values",
        "values_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Set the values in this YAML or JSON file.",
    ),
)
_NAMES = ("branch", "tag", "schedule", "params", "values", "values_file")


def trigger_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a trigger, handed to it as one `trigger_call`."""

    @wraps(command)
    def with_trigger(**arguments: Any) -> Any:  # noqa: ANN401 - what click hands on
        given = {name: arguments.pop(name) for name in _NAMES}
        return command(**arguments, trigger_call=TriggerCall(**given))

    for option in reversed(_OPTIONS):
        with_trigger = option(with_trigger)
    return with_trigger
