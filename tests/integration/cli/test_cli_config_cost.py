"""Costs by the real program, from a real history."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.integration

IMAGE = "docker: [{image: cimg/base:stable}]"
CONFIG = f"""\
version: 2.1
jobs:
  lint: {{{IMAGE}, resource_class: large, steps: [run: "true"]}}
  unit: {{{IMAGE}, resource_class: medium, parallelism: 3, steps: [run: "true"]}}
  broken: {{{IMAGE}, resource_class: medium, steps: [run: "false"]}}
workflows:
  all:
    jobs:
      - lint
      - unit
      - broken
      - hold: {{type: approval}}
      - lint: {{name: release, filters: {{branches: {{only: main}}}}}}
"""


@pytest.fixture
def repository(tmp_path):
    (tmp_path / ".circleci").mkdir()
    (tmp_path / ".circleci" / "config.yml").write_text(CONFIG)
    for arguments in (["init", "-q", "-b", "work"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)
    return tmp_path


def samo(directory, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "samo", *arguments],
        check=False,
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "XDG_CACHE_HOME": str(directory.parent / "cache")},
    )


def credits_by_job(done):
    assert (done.returncode, done.stderr) == (0, "")
    [workflow] = json.loads(done.stdout)["workflows"]
    return {job["name"]: job["credits"] and job["credits"]["likely"] for job in workflow["jobs"]}


def test_before_the_first_run_all_is_unknown_and_nothing_is_written(repository):
    done = samo(repository, "config", "cost")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "for branch 'work', where nothing has run yet:"
    assert "total: at least 0 credits, $0.00; 3 jobs are unknown" in done.stdout
    assert not (repository / ".samo").exists()


def test_jobs_that_succeeded_cost_what_they_took(repository):
    samo(repository, "run")
    done = samo(repository, "config", "cost", "--json")

    assert credits_by_job(done) == {"lint": 1, "unit": 3, "broken": None, "hold": 0}


def test_a_time_can_be_assumed_for_the_others(repository):
    done = samo(repository, "config", "cost", "--json", "--assume-time", "1.5m")

    assert credits_by_job(done) == {"lint": 30, "unit": 45, "broken": 15, "hold": 0}


def test_what_runs_for_another_branch_is_counted_for_it(repository):
    done = samo(repository, "config", "cost", "--branch", "main", "--assume-time", "60s", "--json")

    assert credits_by_job(done)["release"] == 20


def test_a_trigger_that_runs_nothing_costs_nothing(repository):
    done = samo(repository, "config", "cost", "--tag", "v1")

    assert (done.returncode, done.stdout) == (0, "nothing runs for tag 'v1': no credits\n")


def test_a_config_outside_of_a_repository_has_no_history(tmp_path):
    (tmp_path / "c.yml").write_text(CONFIG)
    done = samo(tmp_path, "config", "cost", "c.yml", "--assume-time", "60s", "--branch", "b")

    assert (done.returncode, done.stderr) == (0, "")
    assert "total: 60 credits, $0.04" in done.stdout


@pytest.mark.parametrize("time", ["5", "9" * 400 + "h"], ids=["no unit", "without an end"])
def test_a_wrong_time_is_refused(repository, time):
    done = samo(repository, "config", "cost", "--assume-time", time)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: '{time}' is no time (such as 90s, 5m or 1.5h)\n"
