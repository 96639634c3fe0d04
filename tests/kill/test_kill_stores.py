import random
import subprocess
import sys
from pathlib import Path

import pytest
from kill_writer import CAP_BYTES

from samo.pipeline.job import JobName
from samo.stores import Caches, Runs, read_journal
from samo.stores.results import load_results
from samo.stores.workspaces import Workspace
from samo.system.archive import unpack

pytestmark = [pytest.mark.slow, pytest.mark.integration]

_WRITER = Path(__file__).with_name("kill_writer.py")
_KILLS = 30
_STEP = 1000


def test_a_kill_at_any_moment_leaves_nothing_half_written_and_loses_nothing(tmp_path):
    chance = random.Random(9)
    told = {store: [] for store in ("cache", "layer", "event", "test", "number")}
    for attempt in range(_KILLS):
        for store, number in _write_until_killed(tmp_path, attempt * _STEP, chance):
            told[store].append(number)
        _check(tmp_path, told)
    assert Caches(tmp_path / "caches").save("key-last", []) is not None
    assert list((tmp_path / "caches" / "partial").iterdir()) == []


def _write_until_killed(root, start, chance):
    """Let a writer tell of some writes, kill it somewhere in the next ones, return what it told."""
    with subprocess.Popen(
        [sys.executable, _WRITER, root, str(start)], stdout=subprocess.PIPE, text=True
    ) as writer:
        head = [writer.stdout.readline() for _ in range(chance.randint(1, 8))]
        # The wait is what is under test: a kill at a moment that nobody chose.
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(chance.uniform(0, 0.03))
        writer.kill()
        tail = writer.stdout.read().splitlines()
    return [(line.split()[0], int(line.split()[1])) for line in (*head, *tail)]


def _check(root, told):
    caches = Caches(root / "caches")
    for number in told["cache"][-3:]:
        _require_whole(_found(caches, f"key-{number:06}").parts[0][1], root / "out", number)
    # The newest may be one that was stored whole, and not told of any more.
    newest = _found(caches, "key-")
    _require_whole(newest.parts[0][1], root / "out", int(newest.key.removeprefix("key-")))
    capped = Caches(root / "caches", cap_bytes=CAP_BYTES)
    capped.trim()
    assert sum(cache.size_bytes for cache in capped.all()) <= CAP_BYTES

    layers = Workspace(root / "ws").layers([JobName("job")])
    assert [layer.number for layer in layers] == list(range(len(layers)))
    assert len(layers) >= len(told["layer"])
    for layer in layers[-3:]:
        _require_whole(layer.archive, root / "out")

    folders = Runs(root / "runs").all()
    journals = [folder.journal for folder in folders if folder.journal.exists()]
    events = [event.job for journal in journals for event in read_journal(journal)]
    assert {f"job-{number}" for number in told["event"]} <= set(events)

    tests = [test.name for folder in folders for test in load_results(folder.tests("w", "j", 0))]
    assert {f"test-{number}" for number in told["test"]} <= set(tests)

    assert told["number"] == sorted(set(told["number"]))


def _found(caches, key):
    with caches.using([key], pytest.fail) as cache:
        return cache


def _require_whole(archive, out, number=None):
    unpack(archive, out)
    texts = {(out / name).read_text() for name in "abc"}
    assert len(texts) == 1
    [line] = set(texts.pop().splitlines())
    assert number in (None, int(line))
