"""`samo config validate` and `samo why` over real files and repositories."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

CONFIG = """\
version: 2.1
jobs:
  build:
    docker: [{image: cimg/base:stable}]
    steps: [checkout, {run: make}]
  deploy:
    docker: [{image: cimg/base:stable}]
    steps: [{run: make deploy}]
workflows:
  all:
    jobs:
      - build
      - deploy:
          requires: [build]
          filters:
            branches:
              only: main
  never:
    when: false
    jobs: [build]
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


def git(directory, *arguments):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    command = ["git", *identity, *arguments]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    write(tmp_path, CONFIG)
    git(tmp_path, "init", "-q", "-b", "feature/x")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Begin")
    return tmp_path


def write(directory, text):
    path = directory / ".circleci" / "config.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_a_valid_config_is_counted(repository):
    done = samo(repository, "config", "validate")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ".circleci/config.yml: valid (2 workflows, 3 jobs)\n"


def test_a_config_is_checked_outside_a_repository_too(tmp_path):
    (tmp_path / "other.yml").write_text(CONFIG)
    done = samo(tmp_path, "config", "validate", "other.yml")

    assert (done.returncode, done.stdout) == (0, "other.yml: valid (2 workflows, 3 jobs)\n")


def test_all_problems_are_lines_in_the_order_of_the_file(tmp_path):
    write(tmp_path, CONFIG.replace("- build\n", "- biuld\n").replace("checkout,", "chekout,"))
    done = samo(tmp_path, "config", "validate")
    places = [line.split(" ")[0] for line in done.stderr.splitlines()]

    assert (done.returncode, done.stdout) == (2, "")
    assert places == [".circleci/config.yml:5:13:", ".circleci/config.yml:12:9:"]
    assert "did you mean 'build'?" in done.stderr.splitlines()[1]


def test_a_missing_config_is_a_line_with_a_remedy(tmp_path):
    done = samo(tmp_path, "config", "validate")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        ".circleci/config.yml:1:1: error: there is no config here"
        " (write one, or name another by its path; the default is .circleci/config.yml)\n"
    )


def test_bytes_that_are_no_text_are_placed(tmp_path):
    (tmp_path / "c.yml").write_bytes(b"version: 2.1\njobs: \xff\n")
    done = samo(tmp_path, "config", "validate", "c.yml")

    assert done.stderr == "c.yml:2:7: error: the byte 0xff is no UTF-8 (save the file as UTF-8)\n"
    assert done.returncode == 2


@pytest.mark.parametrize("text", ["", "- a\n", "version: 2.1\njobs: {\n", "42\n", "version: 1\n"])
def test_what_is_no_config_is_one_located_line(tmp_path, text):
    write(tmp_path, text)
    done = samo(tmp_path, "config", "validate")

    assert done.returncode == 2
    assert done.stderr.startswith(".circleci/config.yml:")
    assert "Traceback" not in done.stderr


def test_json_tells_the_kind_and_the_place_of_each_problem(tmp_path):
    write(tmp_path, CONFIG.replace("- build\n", "- biuld\n"))
    done = samo(tmp_path, "config", "validate", "--json")
    answer = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (2, "")
    assert (answer["valid"], answer["path"]) == (False, ".circleci/config.yml")
    problem = answer["errors"][0]
    assert (problem["kind"], problem["line"], problem["column"]) == ("unknown-reference", 12, 9)


def test_why_gives_each_its_rule_and_place(repository):
    done = samo(repository, "why")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "for branch 'feature/x':\n"
        "  workflow all runs: no condition: every trigger runs it\n"
        "    build runs: no branch filter: every branch runs\n"
        "    deploy does not run: branch filter `only: main` does not match 'feature/x'"
        " (.circleci/config.yml:16:13)\n"
        "  workflow never does not run: workflow condition `false` does not hold"
        " (.circleci/config.yml:19:11)\n"
    )


def test_why_can_be_asked_of_one_job_and_another_branch(repository):
    done = samo(repository, "why", "deploy", "--branch", "main", "--json")
    items = json.loads(done.stdout)["items"]

    assert [(each["job"], each["runs"]) for each in items] == [(None, True), ("deploy", True)]


def test_why_refuses_a_name_that_is_not_there(repository):
    done = samo(repository, "why", "depoy")

    assert done.returncode == 2
    assert done.stderr == ("error: no workflow or job is called 'depoy' (did you mean 'deploy'?)\n")


def test_why_needs_a_repository(tmp_path):
    done = samo(tmp_path, "why")

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")


def test_the_largest_real_config_is_answered(tmp_path):
    corpus = Path(__file__).parents[4] / "shared" / "corpus" / "configs"
    if not corpus.is_dir():
        pytest.skip("the corpus of real configs is not here")
    largest = max(corpus.iterdir(), key=lambda path: path.stat().st_size)
    done = samo(tmp_path, "config", "validate", str(largest))

    assert "bug of samo" not in done.stderr
    assert done.returncode in (0, 2)
