"""`samo config vendor`: brings all orbs of a config into the cache, and pins them in the lock."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from samo.cli import options
from samo.cli.orb_sources import sources_for
from samo.cli.paths import short
from samo.cli.project import Project, load_config, trigger_for, values_for
from samo.cli.trigger_options import TriggerCall, trigger_options
from samo.config import arguments_from_text, compile_pipeline, required_orbs
from samo.orbs import LOCK_NAME, OrbSources, gather, write_lock
from samo.orbs.reference import name_of, version_of
from samo.orbs.sources import Found
from samo.pipeline.dataclass import dataclass

_SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    path: Path | None
    trigger_call: TriggerCall
    update: bool
    as_json: bool


@click.command("vendor", short_help="Bring a config's orbs, and pin them.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@trigger_options
@click.option("--update", is_flag=True, help="Ask what each version stands for today.")
@options.as_json
def command(**arguments: Any) -> int:  # noqa: ANN401 - click's, into the frozen value
    """Bring the orbs of the config at PATH, and the orbs that these import, into the cache.

    What each reference stands for is written to samo-orbs.lock, with the digest of its text: from
    then on every command uses exactly that, and needs no network for it.

    \b
    Example:
      samo config vendor --update
    """
    return _vendor(_Call(**arguments))


def _vendor(call: _Call) -> int:
    project = load_config(call.path)
    sources = sources_for(project.root)
    known = sources.pins
    if call.update:
        sources = replace(sources, pins={}, asks_anew=True)
    found = _found(project, sources, call.trigger_call)
    # Pins that this config does not need may be those of another one.
    pins = {**known, **{reference: each.pin for reference, each in found.items() if each.pin}}
    lock = short(project.root / LOCK_NAME)
    if pins != known:
        write_lock(lock, pins)
    if call.as_json:
        items = [_as_json(reference, each) for reference, each in found.items()]
        click.echo(json.dumps({"items": items}, indent=2))
        return 0
    for line in _lines(found):
        click.echo(line)
    if pins:
        click.echo(f"{lock} {'pins them' if pins != known else 'has not changed'}")
    return 0


def _found(project: Project, sources: OrbSources, call: TriggerCall) -> Mapping[str, Found]:
    """Return all orbs by reference; raises ConfigError where one cannot be had."""
    values = values_for(project, trigger_for(project, call), call)
    arguments = arguments_from_text(call.params)
    references = required_orbs(project.source, values=values, arguments=arguments)
    brought = gather(references, sources, values=values)
    if brought.faults or not references:  # the compiler says where, or that this is no config
        compile_pipeline(project.source, values=values, arguments=arguments, orbs=brought.orbs)
    return brought.found


def _lines(found: Mapping[str, Found]) -> Iterator[str]:
    if not found:
        yield "the config refers to no orbs"
        return
    rows = [("ORB", "VERSION", "SHA256", "FROM")]
    for reference, each in found.items():
        digest = each.pin.sha256[:_SHOWN_DIGITS] if each.pin else "-"
        source = f"{each.origin} {each.path}" if each.path else str(each.origin)
        rows.append((reference, version_of(each.exact) or "-", digest, source))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]])


def _as_json(reference: str, found: Found) -> dict[str, str | None]:
    return {
        "reference": reference,
        "name": name_of(found.exact),
        "version": version_of(found.exact) or None,
        "sha256": found.pin.sha256 if found.pin else None,
        "source": str(found.origin),
        "path": found.path or None,
    }
