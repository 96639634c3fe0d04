"""`samo why`: what would run for a trigger, and which rule keeps the rest out."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from samo.cli import options
from samo.cli.outlook import Outlook, outlook_of
from samo.cli.project import compile_for, load_project, trigger_for
from samo.cli.trigger_options import TriggerCall, trigger_options
from samo.cli.trigger_text import trigger_text
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline, Workflow
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest
from samo.trigger import Selection, Trigger, select
from samo.trigger.explain import Explanation, explain

_MORE = "this is a setup pipeline, and its jobs say what it goes on with"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    name: str | None
    trigger_call: TriggerCall
    config: Path | None
    repo: Path
    as_json: bool


@click.command("why", short_help="What would run, and why the rest would not.")
@click.argument("name", required=False, metavar="[WORKFLOW|JOB]")
@trigger_options
@click.option("--config", type=click.Path(path_type=Path), help="Another config than the default.")
@options.repo
@options.as_json
def command(**arguments: Any) -> int:  # noqa: ANN401 - click's, into the frozen value
    """Say of each workflow and job whether it would run, by which rule, and where that stands.

    Of what would run it says, too, what cannot run here, what differs from the cloud, and whose
    orbs have code in it.

    \b
    Example:
      samo why deploy-production --branch main
    """
    return _why(_Call(**arguments))


def _why(call: _Call) -> int:
    project = load_project(call.repo, call.config)
    trigger = trigger_for(project, call.trigger_call)
    pipeline = compile_for(project, trigger, call.trigger_call)
    selection = select(pipeline, trigger)
    told = _explanations(pipeline, trigger, selection, call.name)
    outlook = outlook_of(project, pipeline, _told_of(selection, told))
    if call.as_json:
        click.echo(json.dumps(_whole_json(pipeline, told, outlook), indent=2))
        return 0
    click.echo(f"for {trigger_text(trigger)}:")
    for line in _lines(told):
        click.echo(line)
    if pipeline.is_setup:
        click.echo(f"  more may follow: {_MORE}")
    for line in outlook.lines():
        click.echo(line)
    return 0


def _explanations(
    pipeline: Pipeline, trigger: Trigger, selection: Selection, name: str | None
) -> list[Explanation]:
    told = explain(pipeline, trigger, selection)
    if name is None:
        return list(told)
    return list(_narrowed(pipeline, told, name))


def _narrowed(pipeline: Pipeline, told: Sequence[Explanation], name: str) -> Iterator[Explanation]:
    workflows = [each.name for each in pipeline.workflows]
    owners = [each.name for each in pipeline.workflows if name in [job.name for job in each.jobs]]
    if name not in workflows and not owners:
        jobs = [str(job.name) for each in pipeline.workflows for job in each.jobs]
        message = f"no workflow or job is called '{name}'"
        hint = nearest(name, [*workflows, *jobs]) or (_MORE if pipeline.is_setup else "")
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
    for each in told:
        if each.workflow == name or (each.workflow in owners and each.job in ("", name)):
            yield each


def _told_of(selection: Selection, told: Sequence[Explanation]) -> tuple[Workflow, ...]:
    """Return what runs of that of which something is told."""
    named = {(each.workflow, each.job) for each in told}
    narrowed = (
        replace(each, jobs=tuple(job for job in each.jobs if (each.name, str(job.name)) in named))
        for each in selection.workflows
    )
    return tuple(each for each in narrowed if each.jobs)


def _lines(told: Sequence[Explanation]) -> Iterator[str]:
    for each in told:
        verdict = "runs" if each.runs else "does not run"
        indent, what = ("    ", each.job) if each.job else ("  ", f"workflow {each.workflow}")
        where = f" ({each.place})" if each.place else ""
        yield f"{indent}{what} {verdict}: {each.reason}{where}"


def _whole_json(
    pipeline: Pipeline, told: Sequence[Explanation], outlook: Outlook
) -> dict[str, Any]:
    return {
        "is_setup": pipeline.is_setup,
        "items": [_as_json(each) for each in told],
        **outlook.as_json(),
    }


def _as_json(explanation: Explanation) -> dict[str, str | bool | int | None]:
    place = explanation.place
    return {
        "workflow": explanation.workflow,
        "job": explanation.job or None,
        "runs": explanation.runs,
        "reason": explanation.reason,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }
