"""`samo artifacts`: the files that a run's jobs stored."""

import json
from pathlib import Path

import click

from samo.cli import options
from samo.cli.api_json import page
from samo.cli.past_run import PastRun, open_run
from samo.stores.records import ArtifactRecord


@click.command("artifacts")
@click.argument("reference", metavar="RUN")
@click.argument("job", required=False)
@options.repo
@options.as_json
def command(reference: str, job: str | None, repo: Path, as_json: bool) -> int:  # noqa: FBT001
    """List the artifacts that a run stored, or one of its jobs: where they are, and their size.

    \b
    Example:
      samo artifacts last unit-tests
    """
    with open_run(repo, reference) as (run, history):
        wanted = {(each.workflow, each.attempt, each.name) for each in run.jobs(job)}
        kept = history.artifacts(run.folder.id)
    stored = [each for each in kept if (each.workflow, each.attempt, each.job) in wanted]
    if as_json:
        items = (
            {
                "path": artifact.path,
                "node_index": artifact.node,
                "url": _file(run, artifact).as_uri(),
                "workflow": artifact.workflow,
                "attempt": artifact.attempt,
                "job": artifact.job,
                "size_bytes": artifact.size_bytes,
            }
            for artifact in stored
        )
        click.echo(json.dumps(page(items), indent=2))
        return 0
    for artifact in stored:
        label = _label(run, artifact)
        click.echo(f"[{label}] {_file(run, artifact)} ({size(artifact.size_bytes)})")
    return 0


def size(size_bytes: float) -> str:
    """Return a size in words: `12 B`, `3.4 kB`, `1.2 GB`."""
    units = ("B", "kB", "MB", "GB")
    power = 0
    while size_bytes >= 999.5 and power < len(units) - 1:
        size_bytes /= 1000
        power += 1
    return f"{size_bytes:.1f} {units[power]}" if power else f"{size_bytes:.0f} B"


def _file(run: PastRun, artifact: ArtifactRecord) -> Path:
    attempt = run.folder.of_attempt(artifact.attempt)
    folder = attempt.artifacts(artifact.workflow, artifact.job, artifact.node)
    return (folder / artifact.path).resolve()


def _label(run: PastRun, artifact: ArtifactRecord) -> str:
    where = (artifact.workflow, artifact.job, artifact.node, artifact.attempt)
    return run.tally.label(*where)
