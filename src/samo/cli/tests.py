"""`samo tests`: the test results of a run."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from samo.cli import options
from samo.cli.api_json import page
from samo.cli.past_run import PastRun, open_run
from samo.cli.terminal_text import one_line
from samo.cli.verdict import duration
from samo.stores.records import TestRecord
from samo.stores.results import TestStatus


@click.command("tests")
@click.argument("reference", metavar="RUN")
@options.repo
@options.as_json
def command(reference: str, repo: Path, as_json: bool) -> int:  # noqa: FBT001 - click's
    """List the test results that a run stored: counts by job, and each test that did not pass.

    \b
    Example:
      samo tests last --json
    """
    with open_run(repo, reference) as (run, history):
        tests = history.tests(run.folder.id)
    if as_json:
        click.echo(json.dumps(page(map(_as_json, tests)), indent=2))
        return 0
    for line in _lines(run, tests):
        click.echo(line)
    return 0


def _lines(run: PastRun, tests: Sequence[TestRecord]) -> Iterator[str]:
    jobs: dict[str, list[TestRecord]] = {}
    for each in tests:
        label = run.tally.label(each.workflow, each.job, each.node, each.attempt)
        jobs.setdefault(label, []).append(each)
    if not jobs:
        yield f"run {run.folder.number} stored no test results"
    for label, results in jobs.items():
        counts = Counter(str(each.test.result) for each in results)
        took = duration(sum(each.test.run_time_s for each in results))
        told = ", ".join(f"{counts[status]} {status}" for status in TestStatus if counts[status])
        yield f"[{label}] {len(results)} tests in {took}: {told}"
        yield from (_line(each) for each in results if each.test.result is not TestStatus.SUCCESS)


def _line(record: TestRecord) -> str:
    test = record.test
    owner = test.classname or test.file
    name = f"{owner}::{test.name}" if owner else test.name
    message = f": {one_line(test.message)}" if test.message else ""
    return f"  {test.result}  {one_line(name)}{message}"


def _as_json(record: TestRecord) -> dict[str, Any]:
    test = record.test
    return {
        "name": test.name,
        "classname": test.classname,
        "file": test.file,
        "result": test.result,
        "message": test.message,
        "run_time": test.run_time_s,
        "source": test.suite,
        "workflow": record.workflow,
        "attempt": record.attempt,
        "job": record.job,
        "node_index": record.node,
    }
