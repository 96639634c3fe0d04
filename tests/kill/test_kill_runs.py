"""kill -9 of samo at any moment of a run: the next command ends it, and a rerun goes on."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from samo.pipeline.event import (
    JobFinished,
    RunFinished,
    RunStarted,
    WorkflowFinished,
    WorkflowStarted,
)
from samo.pipeline.status import JobStatus
from samo.stores import Runs, read_journal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.integration,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to look"),
]

_KILLS = int(os.environ.get("SAMO_TEST_KILLS", "20"))
_CONFIG = """\
version: 2.1
d: &d {docker: [{image: cimg/base:stable}], resource_class: small}
jobs:
  make:
    <<: *d
    steps:
      - checkout
      - run: cp .circleci/config.yml made; setsid sleep 300 &
      - persist_to_workspace: {root: ., paths: [made]}
  use: {<<: *d, steps: [attach_workspace: {at: .}, run: test -s made]}
  free: {<<: *d, steps: [run: sleep 0.1]}
workflows:
  w:
    jobs:
      - make
      - ok: {type: approval, requires: [make]}
      - use: {requires: [ok]}
      - free
      - free: {name: alone, serial-group: only, requires: [free]}
  v: {jobs: [free]}
"""


def test_a_run_that_is_killed_at_any_moment_is_ended_and_can_be_rerun(tmp_path):
    chance = random.Random(11)
    repository = _Repository(tmp_path)
    began = time.monotonic()
    assert repository.samo("run", "--approve", "ok").returncode == 0
    whole_s = time.monotonic() - began
    broken = 0
    for _ in range(_KILLS):
        broken += repository.kill_one(chance.uniform(0, whole_s))
    assert broken > _KILLS // 4  # or the moments are badly chosen


class _Repository:
    """A repository whose runs are killed."""

    def __init__(self, directory):
        self.root = directory / "repository"
        (self.root / ".circleci").mkdir(parents=True)
        (self.root / ".circleci/config.yml").write_text(_CONFIG)
        home = directory / "home"
        # What begins so is passed on to each process of a run, as to those of nested runs.
        self.mark = f"SAMO_RUN_KILLED_{os.getpid()}"
        self.environment = {**os.environ, "SAMO_HOME": str(home), self.mark: "1"}
        for words in (["init", "-q"], ["add", "."], [*_IDENTITY, "commit", "-q", "-m", "Begin"]):
            subprocess.run(["git", *words], cwd=self.root, check=True)
        self._home = home

    def samo(self, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "samo", *arguments],
            check=False,
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )

    def kill_one(self, after_s):
        """Kill a run, and look at what is left of it; return whether it had begun and not ended."""
        known = self.numbers()
        with subprocess.Popen(
            [sys.executable, "-m", "samo", "run", "--approve", "ok"],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            # The wait is what is under test: a kill at a moment that nobody chose.
            with suppress(subprocess.TimeoutExpired):
                process.wait(after_s)
            process.send_signal(signal.SIGKILL)

        told = self.samo("runs", "--json")
        assert told.returncode == 0, told.stderr
        assert _alive(self.mark) == []
        assert list(self._home.glob("repositories/*/runs/*.open")) == []
        new = self.numbers() - known
        if not new:
            return False
        [number] = new
        return self.require_ended(number, told)

    def require_ended(self, number, told):
        folder = self.runs().find(str(number))
        events = list(read_journal(folder.journal))
        assert isinstance(events[0], RunStarted)
        assert isinstance(events[-1], RunFinished)
        [row] = [each for each in json.loads(told.stdout)["items"] if each["number"] == number]
        assert row["status"] == events[-1].status
        if events[-1].status == "success":
            ends = [each for each in events if isinstance(each, WorkflowFinished)]
            assert {status for end in ends for _, status in end.jobs} == {JobStatus.SUCCESS}
            return False
        assert f"run {number} was killed while it ran: it is {row['status']} now" in told.stderr

        again = self.samo("rerun", str(number), "--from-failed", "--approve", "ok")
        assert again.returncode == 0, again.stdout + again.stderr
        rerun = list(read_journal(self.runs().find("last").journal))
        kept = {
            (each.workflow, job)
            for each in rerun
            if isinstance(each, WorkflowStarted)
            for job in each.kept
        }
        ends = [each for each in events if isinstance(each, JobFinished)]
        done = {(each.workflow, each.job) for each in ends if each.status is JobStatus.SUCCESS}
        assert kept == done
        return True

    def runs(self):
        [root] = self._home.glob("repositories/*/runs")
        return Runs(root)

    def numbers(self):
        return {folder.number for folder in self.runs().all()}


_IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.org"]


def _alive(mark):
    """The processes that have the mark in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes())
    return found
