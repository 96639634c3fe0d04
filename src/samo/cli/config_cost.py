"""`samo config cost`: estimates the credits that a run takes in CircleCI's cloud."""

import json
import os
from pathlib import Path
from typing import Any

import click

from samo.cli import options
from samo.cli.cost.durations import Durations, past_durations
from samo.cli.cost.estimate import Assumptions, Grounds, WorkflowCost, workflow_cost
from samo.cli.cost.rates import Rates, load_rates
from samo.cli.cost.report import as_json, lines
from samo.cli.past_run import open_history
from samo.cli.project import Project, compile_for, load_config, trigger_for
from samo.cli.state_dirs import state_dir
from samo.cli.trigger_options import TriggerCall, trigger_options
from samo.cli.trigger_text import trigger_text
from samo.config.durations import seconds_of
from samo.pipeline.dataclass import dataclass
from samo.pipeline.problem import Problem, ProblemKind, UsageError
from samo.trigger import Trigger, select


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    path: Path | None
    trigger_call: TriggerCall
    assume_time: str
    assume_class: str
    as_json: bool


@click.command("cost", short_help="Estimate the credits that a run takes.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@trigger_options
@click.option(
    "--assume-time",
    default="",
    metavar="TIME",
    help="What a job takes that has not succeeded here yet, such as 90s or 5m.",
)
@click.option(
    "--assume-class",
    default="",
    metavar="CLASS",
    help="The resource class of docker and machine jobs that name none.",
)
@options.as_json
def command(**arguments: Any) -> int:  # noqa: ANN401 - click's, into the frozen value
    """Estimate the credits that a run of the config at PATH takes in CircleCI's cloud.

    A job's time is the median of its successful runs here. What does not run for the trigger is not
    counted, and what nobody knows is called unknown.

    \b
    Example:
      samo config cost --branch main --assume-time 5m
    """
    return _cost(_Call(**arguments))


def _cost(call: _Call) -> int:
    assumptions = Assumptions(
        seconds=_seconds(call.assume_time) if call.assume_time else None,
        resource_class=call.assume_class,
    )
    project = load_config(call.path)
    trigger = trigger_for(project, call.trigger_call)
    selection = select(compile_for(project, trigger, call.trigger_call), trigger)
    durations = _durations(project)
    rates = load_rates()
    grounds = Grounds(durations=durations.by_job, rates=rates, assumptions=assumptions)
    workflows = tuple(workflow_cost(workflow, grounds) for workflow in selection.workflows)
    if call.as_json:
        click.echo(json.dumps(as_json(workflows, rates), indent=2))
        return 0
    _print(workflows, trigger, durations, rates)
    return 0


def _print(
    workflows: tuple[WorkflowCost, ...], trigger: Trigger, durations: Durations, rates: Rates
) -> None:
    if not workflows:
        click.echo(f"nothing runs for {trigger_text(trigger)}: no credits")
        return
    click.echo(f"for {trigger_text(trigger)}, {_basis(durations)}:")
    for line in lines(workflows, rates):
        click.echo(line)


def _basis(durations: Durations) -> str:
    if durations.runs == 0:
        return "where nothing has run yet"
    counted = "the last run" if durations.runs == 1 else f"the last {durations.runs} runs"
    return f"by the times of {counted} on this machine"


def _durations(project: Project) -> Durations:
    """Return how long jobs took in this repository; nothing where none has run."""
    if project.repository is None or not (state_dir(project.root, os.environ) / "runs").is_dir():
        return Durations(by_job={})
    with open_history(project.root) as history:
        return past_durations(history)


def _seconds(text: str) -> float:
    seconds = seconds_of(text)
    if seconds is None:
        message = f"'{text}' is no time"
        hint = "such as 90s, 5m or 1.5h"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
    return seconds
