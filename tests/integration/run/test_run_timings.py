"""Tests split by how long they took in the runs before, through the real program (CLI-009)."""

import pytest
from run_repository import make_repository

pytestmark = pytest.mark.integration

CONFIG = """\
version: 2.1
jobs:
  test:
    docker: [{image: cimg/base:stable}]
    parallelism: 2
    steps:
      - checkout
      - run: echo a.py b.py c.py d.py | circleci tests split --split-by=timings > mine; cat mine
      - run: |
          mkdir results
          for name in $(cat mine); do
            echo "<testsuite><testcase file='$name' name='t' time='$(cat $name)'/></testsuite>"
          done > results/all.xml
          sed -i '1s/^/<testsuites>/; $s/$/<\\/testsuites>/' results/all.xml
      - store_test_results: {path: results}
      - run: test ! -e fail
  other:
    docker: [{image: cimg/base:stable}]
    steps: [run: "echo a.py b.py | circleci tests split --split-by=timings --total=2"]
workflows:
  w: {jobs: [test, other]}
"""
SECONDS = {"a.py": "9", "b.py": "1", "c.py": "1", "d.py": "1"}
FALLBACK = "Error auto-detecting timing type, falling back to weighting by name."


@pytest.fixture
def repository(tmp_path):
    return make_repository(tmp_path / "r", CONFIG, **SECONDS)


def split(done):
    """Return what each node of the job printed when it split."""
    texts = {0: "", 1: ""}
    for event in done.of("step.output", job="test", step=1):
        texts[event["node"]] += event["text"]
    return [text.split("\n") for text in texts.values()]


def test_the_second_run_balances_by_the_times_of_the_first(repository):
    first, second = repository.run(), repository.run()

    assert split(first) == [[FALLBACK, "a.py", "c.py", ""], [FALLBACK, "b.py", "d.py", ""]]
    assert split(second) == [["a.py", ""], ["b.py", "c.py", "d.py", ""]]


def test_times_are_those_of_the_job_itself_and_of_its_successful_runs(repository):
    (repository.root / "fail").write_text("")
    failed = repository.run()
    (repository.root / "fail").unlink()
    after = repository.run()

    assert (failed.status, after.status) == (1, 0)
    assert split(after) == split(failed)
    assert FALLBACK in repository.run().output("other")


def test_jobs_without_test_results_leave_nothing(repository):
    repository.run("--job", "other")

    assert not (repository.root / ".samo/runs/timings").exists()
