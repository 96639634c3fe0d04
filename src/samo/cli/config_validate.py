"""`samo config validate`: says whether a config is valid, or all that is wrong with it."""

import json
from pathlib import Path
from typing import Any

import click

from samo.cli.project import CONFIG, compile_for, load_config, trigger_for
from samo.cli.trigger_options import TriggerCall, trigger_options
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.problem import ConfigError, Problem


@click.command("validate", short_help="Check a config without running it.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@trigger_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(path: Path | None, trigger_call: TriggerCall, as_json: bool) -> int:  # noqa: FBT001
    """Check the config at PATH, by default .circleci/config.yml, without running it.

    Every problem is one line, `PATH:LINE:COLUMN: error: what is wrong (what is allowed)`, and the
    exit status is 2.

    \b
    Example:
      samo config validate .circleci/config.yml
    """
    if as_json:
        return _print_json(path, trigger_call)
    project = load_config(path)
    pipeline = compile_for(project, trigger_for(project, trigger_call), trigger_call)
    for warning in pipeline.warnings:
        click.echo(str(warning).replace(": error: ", ": warning: ", 1), err=True)
    click.echo(f"{pipeline.path}: valid ({_counted(pipeline)})")
    return 0


def _print_json(path: Path | None, trigger_call: TriggerCall) -> int:
    try:
        project = load_config(path)
        pipeline = compile_for(project, trigger_for(project, trigger_call), trigger_call)
    except ConfigError as error:
        name = str(path or CONFIG)
        answer = {"path": name, "valid": False, "errors": _as_json(error.problems), "warnings": []}
        click.echo(json.dumps(answer, indent=2))
        return error.exit_status
    answer = {
        "path": pipeline.path,
        "valid": True,
        "errors": [],
        "warnings": _as_json(pipeline.warnings),
        "workflows": [
            {"name": workflow.name, "jobs": [job.name for job in workflow.jobs]}
            for workflow in pipeline.workflows
        ],
    }
    click.echo(json.dumps(answer, indent=2))
    return 0


def _counted(pipeline: Pipeline) -> str:
    workflows = len(pipeline.workflows)
    jobs = sum(len(workflow.jobs) for workflow in pipeline.workflows)
    return (
        f"{workflows} workflow{'' if workflows == 1 else 's'}, {jobs} job{'' if jobs == 1 else 's'}"
    )


def _as_json(problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    return [
        {
            "kind": problem.kind,
            "message": problem.message,
            "path": problem.place.path if problem.place else None,
            "line": problem.place.line if problem.place else None,
            "column": problem.place.column if problem.place else None,
            "hint": problem.hint,
        }
        for problem in problems
    ]
