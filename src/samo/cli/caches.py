"""`samo caches`: what jobs have saved for later runs of this repository."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from samo.cli import options
from samo.cli.api_json import iso, page
from samo.cli.artifacts import size
from samo.cli.settings import load_settings
from samo.cli.state_dirs import caches_dir
from samo.cli.terminal_text import one_line
from samo.engine.cache_key import shown
from samo.pipeline.problem import Problem, ProblemKind, UsageError, nearest
from samo.stores.caches import CacheRecord, Caches
from samo.system import find_repository


@click.group("caches", invoke_without_command=True)
@options.repo
@options.as_json
@click.pass_context
def command(context: click.Context, repo: Path, as_json: bool) -> int:  # noqa: FBT001 - click's
    """List the caches of this repository, the one saved last first: size, last use and key.

    Beyond max_gb of [tool.samo.caches], 10 by default, what was not used for longest goes.

    \b
    Examples:
      samo caches
      samo caches clear deps-v1-
    """
    if context.invoked_subcommand:
        return 0
    root = find_repository(repo).root
    folder = caches_dir(root, os.environ)
    caches = Caches(folder).all()
    if as_json:
        click.echo(json.dumps(page(map(_as_json, caches)), indent=2))
        return 0
    for line in _lines(caches):
        click.echo(line)
    together = size(sum(cache.size_bytes for cache in caches))
    cap = size(load_settings(root).caches_bytes)
    click.echo(f"{len(caches)} caches, {together} of at most {cap}, in {folder}")
    return 0


@command.command("clear")
@click.argument("key", default="")
@options.repo
def clear(key: str, repo: Path) -> int:
    """Remove the caches that KEY begins, as a restore would find them; without KEY, all.

    One that a running job restores stays, and makes the exit status 1.

    \b
    Example:
      samo caches clear deps-v1-
    """
    caches = Caches(caches_dir(find_repository(repo).root, os.environ))
    stored = [cache.key for cache in caches.all()]
    cleared = caches.clear(key)
    if key and not cleared.removed and not cleared.kept:
        hint = nearest(key, stored) or "samo caches lists them"
        message = f"no cache begins with '{key}'"
        raise UsageError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint))
    for each in cleared.removed:
        click.echo(f"removed {_shown(each)}")
    for each in cleared.kept:
        click.echo(f"a job uses {_shown(each)} at this moment: it stays", err=True)
    return 1 if cleared.kept else 0


def _lines(caches: Sequence[CacheRecord]) -> Iterator[str]:
    sizes = [size(cache.size_bytes) for cache in caches]
    width = max(map(len, sizes), default=0)
    for cache, each in zip(caches, sizes, strict=True):
        when = iso(cache.used_at)[:16].replace("T", " ")
        yield f"{each:>{width}}  {when}Z  {_shown(cache.key)}"


def _shown(key: str) -> str:
    return one_line(shown(key))


def _as_json(cache: CacheRecord) -> dict[str, object]:
    return {
        "key": shown(cache.key),
        "size_bytes": cache.size_bytes,
        "last_used_at": iso(cache.used_at),
    }
