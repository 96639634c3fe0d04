"""The cache steps: keys are evaluated when their step runs (CACHE-003)."""

import os
import posixpath
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from samo.engine.cache_key import CacheKeyError, KeyFacts, cache_key, sealed, shown
from samo.engine.steps.report import DONE, Report, StepEnd, Surroundings, failed
from samo.pipeline.event import CacheRestored, CacheSaved
from samo.pipeline.problem import SamoError
from samo.pipeline.step import RestoreCache, SaveCache
from samo.stores import Cache, CachePart


def restore_cache(step: RestoreCache, around: Surroundings, report: Report) -> StepEnd:
    """Lay out the newest cache that the first matching key begins; none is no failure."""
    try:
        keys = [_key(each, around) for each in step.keys]
    except CacheKeyError as error:
        return _key_fault(error, report)
    try:
        with around.caches.using(keys, report.warn) as cache:
            if cache is not None:
                return _lay_out(cache, around, report)
    except SamoError as error:
        report.warn(error.problems[0].message)  # as for a save: a job must do without
    report.log.say(f"no cache is found for {', '.join(map(shown, keys))}")  # CACHE-013
    return DONE


def _lay_out(cache: Cache, around: Surroundings, report: Report) -> StepEnd:
    try:
        for at, archive in cache.parts:
            around.sandbox.deliver(archive, at)
    except SamoError as error:
        return failed(error.problems[0].message)
    report.log.say(f"restored {shown(cache.key)} ({cache.size_bytes:,} bytes)")
    report.tell(CacheRestored, key=shown(cache.key), size_bytes=cache.size_bytes)
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
            cache = around.caches.save(key, parts, skip=report.leave_out)
        except SamoError as error:
            # A job must do without the cache anyway, as the first one does.
            report.warn(error.problems[0].message)
            return DONE
    if cache is None:
        report.log.say(f"the key {shown(key)} is there already: nothing to save")
        return DONE
    report.log.say(f"saved {shown(key)} ({cache.size_bytes:,} bytes)")
    report.tell(CacheSaved, key=shown(key), size_bytes=cache.size_bytes)
    for gone in around.caches.trim():
        report.log.say(f"removed {shown(gone)}, unused for longest: the caches were too large")
    return DONE


def _key(template: str, around: Surroundings) -> str:
    system = os.uname()
    facts = KeyFacts(
        variables=around.variables,
        fetch=around.sandbox.fetch,
        epoch_s=int(around.clock()),
        arch=f"{system.sysname.lower()}-{system.machine}",
    )
    return sealed(cache_key(template, facts), around.secrets)


def _key_fault(error: CacheKeyError, report: Report) -> StepEnd:
    # CACHE-015: shown on the step, and the job goes on.
    report.log.say(f"error: the cache key cannot be evaluated: {error}")
    return DONE


def _parts(
    paths: tuple[str, ...], around: Surroundings, report: Report, fetched: ExitStack
) -> list[CachePart]:
    """Return what there is of the paths, by the folder in which it is laid out again."""
    names: dict[str, list[str]] = {}
    for at, name in _located(paths, around, report):
        names.setdefault(at, []).append(name)
    roots = {at: fetched.enter_context(around.sandbox.fetch(at)) for at in names}
    parts = []
    for at, wanted in names.items():
        there = [name for name in wanted if _exists(roots[at] / name)]
        for name in wanted:
            if name not in there:
                report.warn(f"{at}/{name} is missing")  # CACHE-014
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
            yield _in_cloud(path, around)
        else:
            # A restore would write over the machine's own files.
            report.warn(f"{path} lies outside the job's own place: not cached (LOC-003)")


def _in_cloud(path: str, around: Surroundings) -> tuple[str, str]:
    """Return folder and name of what the job owns elsewhere, by its path in the cloud.

    Its path here may begin with the folder of this job, which the one that restores may not have.
    """
    start = around.node.job.working_directory or "~/project"
    written = PurePosixPath(posixpath.normpath(posixpath.join(start, path)))
    if around.sandbox.owns(around.sandbox.expand(str(written.parent))):
        return str(written.parent), written.name
    return str(written), "."


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()
