"""`samo why`: what would run for a trigger, and which rule keeps the rest out."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from samo.cli import options
from samo.cli.project import compile_for, load_project, trigger_for
from samo.cli.trigger_options import TriggerCall, trigger_options
from samo.cli.trigger_text import trigger_text
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest
from samo.trigger import Explanation, Trigger, explain, select


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

    \b
    Example:
      samo why deploy-production --branch main
    """
    return _why(_Call(**arguments))


def _why(call: _Call) -> int:
    project = load_project(call.repo, call.config)
    trigger = trigger_for(project, call.trigger_call)
    told = _explanations(compile_for(project, trigger, call.trigger_call), trigger, call.name)
    if call.as_json:
        click.echo(json.dumps({"items": [_as_json(each) for each in told]}, indent=2))
        return 0
    click.echo(f"for {trigger_text(trigger)}:")
    for line in _lines(told):
        click.echo(line)
    return 0


def _explanations(pipeline: Pipeline, trigger: Trigger, name: str | None) -> list[Explanation]:
    told = explain(pipeline, trigger, select(pipeline, trigger))
    if name is None:
        return list(told)
    return list(_narrowed(pipeline, told, name))


def _narrowed(pipeline: Pipeline, told: Sequence[Explanation], name: str) -> Iterator[Explanation]:
    workflows = [each.name for each in pipeline.workflows]
    owners = [each.name for each in pipeline.workflows if name in [job.name for job in each.jobs]]
    if name not in workflows and not owners:
        jobs = [str(job.name) for each in pipeline.workflows for job in each.jobs]
        message = f"no workflow or job is called '{name}'"
        hint = nearest(name, [*workflows, *jobs])
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
    for each in told:
        if each.workflow == name or (each.workflow in owners and each.job in ("", name)):
            yield each


def _lines(told: Sequence[Explanation]) -> Iterator[str]:
    for each in told:
        verdict = "runs" if each.runs else "does not run"
        indent, what = ("    ", each.job) if each.job else ("  ", f"workflow {each.workflow}")
        where = f" ({each.place})" if each.place else ""
        yield f"{indent}{what} {verdict}: {each.reason}{where}"


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
