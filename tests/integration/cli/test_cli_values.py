"""`--value` and `--values`: pipeline values that a call gives (ENV-003)."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.integration

CONFIG = """\
version: 2.1
jobs:
  build: {docker: [{image: cimg/base:stable}], steps: [run: "true"]}
workflows:
  on-push: {when: pipeline.event.name == "push", jobs: [build]}
  on-request: {when: pipeline.event.github.pull_request.number > 11, jobs: [build]}
"""


def samo(directory, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "samo", *arguments],
        check=False,
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def repository(tmp_path):
    (tmp_path / ".circleci").mkdir()
    (tmp_path / ".circleci/config.yml").write_text(CONFIG)
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q", "-b", "main"], ["commit", "-q", "--allow-empty", "-m", "Begin"]):
        subprocess.run(["git", *identity, *command], cwd=tmp_path, check=True)
    return tmp_path


def running(repository, *arguments):
    """Return the workflows that `samo why` says would run."""
    done = samo(repository, "why", "--json", *arguments)
    assert done.stderr == ""
    items = json.loads(done.stdout)["items"]
    return [each["workflow"] for each in items if each["runs"] and not each["job"]]


def test_values_of_a_file_decide_what_runs(repository):
    (repository / "request.json").write_text(
        '{"pipeline": {"event": {"github": {"pull_request": {"number": 12}}}}}'
    )

    assert running(repository) == []
    assert running(repository, "--values", "request.json") == ["on-request"]


def test_values_of_the_call_beat_those_of_the_file(repository):
    (repository / "push.yml").write_text("pipeline.event.name: tag\n")

    assert running(repository, "--values", "push.yml", "--value", "pipeline.event.name=push") == [
        "on-push"
    ]


def test_the_path_of_the_config_is_that_in_the_repository(repository):
    (repository / "ci").mkdir()
    (repository / "ci/other.yml").write_text(
        CONFIG.replace(
            'pipeline.event.name == "push"', 'pipeline.config.file_path == "ci/other.yml"'
        )
    )

    assert running(repository / "ci", "--config", "other.yml") == ["on-push"]


def test_a_value_that_there_is_not_is_told_where_it_stands(repository):
    (repository / "push.yml").write_text("pipeline:\n  event.nam: push\n")
    done = samo(repository, "config", "validate", "--values", "push.yml")

    assert done.returncode == 2
    assert done.stderr == (
        "push.yml:2:3: error: there is no pipeline value 'pipeline.event.nam'"
        " (did you mean 'pipeline.event.name'?)\n"
    )


def test_a_file_that_is_not_there_is_a_wrong_call(repository):
    done = samo(repository, "run", "--values", "absent.yml")

    assert done.returncode == 2
    assert done.stderr == (
        "error: the pipeline values in absent.yml cannot be read: No such file or directory"
        " (name a file with a YAML or JSON mapping)\n"
    )
