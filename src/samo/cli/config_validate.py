"""`samo config validate`: says whether a config is valid, or all that is wrong with it."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from samo.cli.problem_formats import github_lines, pretty_json, problem_json, text_lines
from samo.cli.project import CONFIG, Project, load_config, orbs_for, trigger_for, values_for
from samo.cli.trigger_options import TriggerCall, trigger_options
from samo.config import arguments_from_text
from samo.config.review import Review, review
from samo.pipeline.dataclass import dataclass
from samo.pipeline.pipeline import Pipeline
from samo.pipeline.problem import ConfigError


class Form(StrEnum):
    """For whom the result is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    path: Path | None
    trigger_call: TriggerCall
    strict: bool
    form: str
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """A review, and whether it lets the config pass."""

    path: str
    review: Review
    passes: bool


@click.command("validate", short_help="Check a config without running it.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@trigger_options
@click.option("--strict", is_flag=True, help="Let warnings count as errors do.")
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Form]),
    default=Form.TEXT.value,
    help="Lines for people, or what programs read.",
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(**arguments: Any) -> int:  # noqa: ANN401 - click's, into the frozen value
    """Check the config at PATH, by default .circleci/config.yml, without running it.

    Every problem is one line, `PATH:LINE:COLUMN: error: what is wrong (what is allowed)`, and the
    exit status is 2. What is legal, but surely not meant, is a `warning`.

    \b
    Example:
      samo config validate .circleci/config.yml
      samo config validate --strict --format github
    """
    call = _Call(**arguments)
    verdict = _verdict(call)
    _print(verdict, Form.JSON if call.as_json else Form(call.form))
    return 0 if verdict.passes else ConfigError.exit_status


def _verdict(call: _Call) -> _Verdict:
    path = str(call.path or CONFIG)
    try:
        project = load_config(call.path)
        path = project.source.path
        found = _review(project, call.trigger_call)
    except ConfigError as error:
        found = Review(pipeline=None, problems=error.problems)
    passes = not found.errors and not (call.strict and found.warnings)
    return _Verdict(path=path, review=found, passes=passes)


def _review(project: Project, call: TriggerCall) -> Review:
    values = values_for(project, trigger_for(project, call), call)
    arguments = arguments_from_text(call.params)
    orbs = orbs_for(project, values=values, arguments=arguments)
    return review(project.source, values=values, arguments=arguments, orbs=orbs)


def _print(verdict: _Verdict, form: Form) -> None:
    problems = verdict.review.problems
    match form:
        case Form.JSON:
            click.echo(pretty_json(_as_json(verdict)))
        case Form.SARIF:
            from samo.cli.sarif import sarif_log  # noqa: PLC0415 - for who asks for it

            click.echo(pretty_json(sarif_log(problems)))
        case Form.GITHUB:
            for line in github_lines(problems):
                click.echo(line)
        case Form.TEXT:
            for line in text_lines(problems):
                click.echo(line, err=True)
    if form in (Form.TEXT, Form.GITHUB):
        _conclude(verdict)


def _conclude(verdict: _Verdict) -> None:
    pipeline, warnings = verdict.review.pipeline, verdict.review.warnings
    if verdict.passes and pipeline:
        click.echo(f"{verdict.path}: valid ({_counted(pipeline)})")
    elif not verdict.review.errors:
        counted = _number(len(warnings), "warning")
        click.echo(f"{verdict.path}: not valid ({counted}, and --strict)", err=True)


def _as_json(verdict: _Verdict) -> dict[str, Any]:
    found = verdict.review
    answer: dict[str, Any] = {
        "path": verdict.path,
        "valid": verdict.passes,
        "errors": [problem_json(each) for each in found.errors],
        "warnings": [problem_json(each) for each in found.warnings],
    }
    if found.pipeline:
        answer["workflows"] = [
            {"name": workflow.name, "jobs": [job.name for job in workflow.jobs]}
            for workflow in found.pipeline.workflows
        ]
    return answer


def _counted(pipeline: Pipeline) -> str:
    jobs = sum(len(workflow.jobs) for workflow in pipeline.workflows)
    return f"{_number(len(pipeline.workflows), 'workflow')}, {_number(jobs, 'job')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
