"""`samo logs`: what the steps of a run wrote."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from samo.cli import options
from samo.cli.api_json import step_json
from samo.cli.output import colours_of
from samo.cli.past_run import PastRun, read_run
from samo.cli.tally import JobTally, StepTally
from samo.cli.terminal_text import Cleaner, one_line
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest

_CHUNK = 64 * 1024

_Owned = tuple[JobTally, StepTally]


@click.command("logs")
@click.argument("reference", metavar="RUN")
@click.argument("job", required=False)
@click.argument("step", required=False)
@options.repo
@options.as_json
def command(
    reference: str,
    job: str | None,
    step: str | None,
    repo: Path,
    as_json: bool,  # noqa: FBT001 - click's
) -> int:
    """Print what the steps of a run wrote: all, those of JOB, or one STEP by index or name.

    \b
    Example:
      samo logs last unit-tests 2
    """
    run = read_run(repo, reference)
    steps = _steps(run, job, step)
    if as_json:
        _print_json(run, steps)
        return 0
    for owner, each in steps:
        if step is None:
            label = run.tally.label(owner.workflow, owner.name, each.node, owner.attempt)
            click.echo(f"[{label}] {each.step} {one_line(each.name)}")
        _print_log(run.log(owner, each))
    return 0


def _steps(run: PastRun, job: str | None, step: str | None) -> list[_Owned]:
    steps = [(owner, each) for owner in run.jobs(job) for _, each in sorted(owner.steps.items())]
    if step is None:
        return steps
    found = [(owner, each) for owner, each in steps if step in (str(each.step), each.name)]
    if not found:
        hint = nearest(step, [each.name for _, each in steps])
        message = f"job '{job}' of run {run.folder.number} has no step '{step}'"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
    return found


def _chunks(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as log:
            while chunk := log.read(_CHUNK):
                yield chunk
    except FileNotFoundError:
        return  # a step that wrote nothing may have no log


def _print_log(path: Path) -> None:
    cleaner = Cleaner(colours_of(sys.stdout, os.environ))
    last = ""
    for chunk in _chunks(path):
        text = cleaner.clean(chunk)
        last = text[-1:] or last
        click.echo(text, nl=False)
    rest = cleaner.finish()
    click.echo(rest, nl=bool(rest.rstrip("\n")) or last not in ("", "\n"))


def _print_json(run: PastRun, steps: list[_Owned]) -> None:
    # Written piece by piece: a log may be larger than memory.
    click.echo('{"items": [', nl=False)
    for index, (owner, step) in enumerate(steps):
        about = {
            "workflow": owner.workflow,
            "attempt": owner.attempt,
            "job": owner.name,
            "job_number": owner.number or None,
            **step_json(step),
        }
        click.echo(",\n" if index else "\n", nl=False)
        click.echo(json.dumps(about).removesuffix("}") + ', "output": "', nl=False)
        for chunk in _chunks(run.log(owner, step)):
            click.echo(json.dumps(chunk)[1:-1], nl=False)
        click.echo('"}', nl=False)
    click.echo('\n], "next_page_token": null}')
