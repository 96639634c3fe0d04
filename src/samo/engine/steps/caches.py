"""The cache steps: keys are evaluated when their step runs (CACHE-003)."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from samo.engine.cache_key import CacheKeyError, KeyFacts, cache_key
from samo.engine.steps.report import DONE, Report, StepEnd, Surroundings, failed
from samo.pipeline.event import CacheRestored, CacheSaved
from samo.pipeline.problem import SamoError
from samo.pipeline.step import RestoreCache, SaveCache
from samo.stores import CachePart


def restore_cache(step: RestoreCache, around: Surroundings, report: Report) -> StepEnd:
    """Lay out the newest cache that the first matching key begins; none is no failure."""
    try:
        keys = [_key(each, around) for each in step.keys]
    except CacheKeyError as error:
        return _key_fault(error, report)
    cache = around.caches.find(keys)
    if cache is None:
        report.log.say(f"no cache is found for {', '.join(keys)}")  # CACHE-013
        return DONE
    try:
        for at, archive in cache.parts:
            around.sandbox.deliver(archive, at)
    except SamoError as error:
        return failed(error.problems[0].message)
    report.log.say(f"restored {cache.key} ({cache.size_bytes:,} bytes)")
    report.tell(CacheRestored, key=cache.key, size_bytes=cache.size_bytes)
    return DONE


def save_cache(step: SaveCache, around: Surroundings, report: Report) -> StepEnd:
    """Keep the paths that are there under the key, unless it is taken (CACHE-009)."""
    try:
        key = _key(step.key, around)
    except CacheKeyError as error:
        return _key_fault(error, report)
    with ExitStack() as fetched:
        parts = _parts(step.paths, around, report, fetched)
        try:
            cache = around.caches.save(key, parts)
        except SamoError as error:
            return failed(error.problems[0].message)
    if cache is None:
        report.log.say(f"the key {key} is there already: nothing to save")
        return DONE
    report.log.say(f"saved {key} ({cache.size_bytes:,} bytes)")
    report.tell(CacheSaved, key=key, size_bytes=cache.size_bytes)
    return DONE


def _key(template: str, around: Surroundings) -> str:
    system = os.uname()
    facts = KeyFacts(
        variables=around.variables,
        fetch=around.sandbox.fetch,
        epoch_s=int(around.clock()),
        arch=f"{system.sysname.lower()}-{system.machine}",
    )
    return cache_key(template, facts)


def _key_fault(error: CacheKeyError, report: Report) -> StepEnd:
    # CACHE-015: shown on the step, and the job goes on.
    report.log.say(f"error: the cache key cannot be evaluated: {error}")
    return DONE


def _parts(
    paths: tuple[str, ...], around: Surroundings, report: Report, fetched: ExitStack
) -> list[CachePart]:
    """Return what there is of the paths, by where it is laid out again: below `~` or `/`."""
    names: dict[str, list[str]] = {}
    for at, name in _located(paths, around, report):
        names.setdefault(at, []).append(name)
    roots = {at: fetched.enter_context(around.sandbox.fetch(at)) for at in names}
    parts = []
    for at, wanted in names.items():
        there = [name for name in wanted if _exists(roots[at] / name)]
        for name in wanted:
            if name not in there:
                report.log.say(f"warning: {at.rstrip('/')}/{name} is missing")  # CACHE-014
        parts.append(CachePart(at=at, root=roots[at], names=tuple(there)))
    return parts


def _located(
    paths: tuple[str, ...], around: Surroundings, report: Report
) -> Iterator[tuple[str, str]]:
    home = PurePosixPath(around.sandbox.home)
    for path in paths:
        absolute = PurePosixPath(around.sandbox.expand(path))
        if absolute.is_relative_to(home):
            yield "~", str(absolute.relative_to(home))
        elif around.sandbox.owns(str(absolute)):
            yield "/", str(absolute.relative_to("/"))
        else:
            # A restore would write over the machine's own files.
            report.log.say(
                f"warning: {path} lies outside the job's own place: not cached (LOC-003)"
            )


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()
