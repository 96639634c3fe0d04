"""The program that the kill tests kill: it writes into every store, without an end.

After each whole write it says so on its standard output: `<store> <number>`. It restores and
attaches as well, and its caches are always too large together: so some go all the time.
"""

import itertools
import sys
from pathlib import Path

from samo.pipeline.event import JobQueued, RunId
from samo.pipeline.job import JobName
from samo.stores import CachePart, Caches, Journal, Runs
from samo.stores.results import Results, TestResult, TestStatus, save_results
from samo.stores.workspaces import Workspace, require_whole
from samo.system.archive import unpack

FILES = tuple("abc")
CAP_BYTES = 5_000


def main(root: Path, start: int) -> None:
    source = root / f"source-{start}"
    source.mkdir()
    runs, workspace = Runs(root / "runs"), Workspace(root / "ws")
    caches = Caches(root / "caches", cap_bytes=CAP_BYTES)
    folder = runs.create(RunId(f"run-{start}"))
    with Journal(folder.journal) as journal:
        for number in itertools.count(start):
            for name in FILES:
                (source / name).write_text(f"{number}\n" * 20_000)
            caches.save(f"key-{number:06}", [CachePart(at="~", root=source, names=FILES)])
            tell("cache", number)
            caches.trim()
            with caches.using(["key-"], sys.exit) as cache:
                unpack(cache.parts[0][1], root / "restored")
            layer = workspace.persist(JobName("job"), 0, source, FILES)
            tell("layer", number)
            require_whole(layer)
            unpack(layer.archive, root / "attached")
            journal.append(_event(number))
            tell("event", number)
            save_results(folder.tests("w", "j", 0), Results(tests=(_test(number),), problems=()))
            tell("test", number)
            tell("number", runs.reserve_numbers(1))


def tell(store: str, number: int) -> None:
    sys.stdout.write(f"{store} {number}\n")
    sys.stdout.flush()


def _event(number: int) -> JobQueued:
    name = JobName(f"job-{number}")
    return JobQueued(time=1000.0, run=RunId("r"), workflow="w", job=name)


def _test(number: int) -> TestResult:
    return TestResult(
        name=f"test-{number}",
        classname="",
        file="",
        result=TestStatus.SUCCESS,
        message="",
        run_time_s=0.0,
        suite="",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
