"""`samo config process` over real files: as YAML and as JSON, for one trigger."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.integration

CONFIG = """\
version: 2.1
parameters: {tag: {type: string, default: "1.10"}}
jobs:
  build:
    docker: [{image: "cimg/python:<< pipeline.parameters.tag >>"}]
    steps:
      - run: |
          cat \\<<EOF
          yes
          EOF
      - when: {condition: {equal: [main, << pipeline.git.branch >>]}, steps: [run: "yes"]}
"""
PROCESSED = """\
version: 2
jobs:
  build:
    docker:
    - image: cimg/python:3.12
    steps:
    - run:
        command: |
          cat <<EOF
          yes
          EOF
    - run:
        command: 'yes'
workflows:
  build:
    jobs:
    - build
  version: 2
"""


def process(config, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "samo", "config", "process", *arguments],
        check=False,
        cwd=config.parents[1],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def config(tmp_path):
    path = tmp_path / ".circleci" / "config.yml"
    path.parent.mkdir()
    path.write_text(CONFIG)
    return path


def test_process_prints_the_config_as_a_trigger_compiles_it(config):
    done = process(config, "--branch", "main", "--param", "tag=3.12")

    assert (done.returncode, done.stdout, done.stderr) == (0, PROCESSED, "")


def test_what_process_prints_is_a_config_that_it_prints_again(config):
    config.write_text(PROCESSED)

    assert process(config, ".circleci/config.yml").stdout == PROCESSED


def test_process_prints_the_same_as_json(config):
    done = process(config, "--json")

    document = json.loads(done.stdout)
    assert document["jobs"]["build"] == {
        "docker": [{"image": "cimg/python:1.10"}],
        "steps": [{"run": {"command": "cat <<EOF\nyes\nEOF\n"}}],
    }


def test_process_says_what_is_wrong_and_prints_nothing_else(config):
    config.write_text("version: 3\n")
    done = process(config)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(".circleci/config.yml:1:10: error: unknown version")
