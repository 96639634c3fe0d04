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


WARNED = CONFIG + "commands: {lonely: {steps: [checkout]}}\n"


def test_a_warning_is_a_line_and_no_failure(tmp_path):
    write(tmp_path, WARNED)
    done = samo(tmp_path, "config", "validate")

    assert done.returncode == 0
    assert done.stdout == ".circleci/config.yml: valid (2 workflows, 3 jobs)\n"
    assert done.stderr == (
        ".circleci/config.yml:21:12: warning: the command 'lonely' is not used"
        " (remove it, or call it)\n"
    )


def test_a_warning_counts_where_one_is_strict(tmp_path):
    write(tmp_path, WARNED)
    done = samo(tmp_path, "config", "validate", "--strict")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[1] == (
        ".circleci/config.yml: not valid (1 warning, and --strict)"
    )


@pytest.mark.parametrize(("strict", "status"), [([], 0), (["--strict"], 2)])
def test_json_tells_warnings_apart_and_the_verdict(tmp_path, strict, status):
    write(tmp_path, WARNED)
    done = samo(tmp_path, "config", "validate", "--json", *strict)
    answer = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (status, "")
    assert (answer["valid"], answer["errors"]) == (status == 0, [])
    assert [(each["kind"], each["line"]) for each in answer["warnings"]] == [("unused", 21)]
    assert answer["workflows"] == [
        {"name": "all", "jobs": ["build", "deploy"]},
        {"name": "never", "jobs": ["build"]},
    ]


def test_json_is_one_of_the_formats(repository):
    formatted = samo(repository, "config", "validate", "--format", "json")

    assert formatted.stdout == samo(repository, "config", "validate", "--json").stdout


def test_github_reads_a_workflow_command_for_each_problem(tmp_path):
    write(tmp_path, WARNED.replace("- build\n", "- biuld\n"))
    done = samo(tmp_path, "config", "validate", "--format", "github")

    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == (
        "::error file=.circleci/config.yml,line=12,col=9,title=unknown-reference::"
        "unknown job 'biuld' (did you mean 'build'?)\n"
    )


def test_github_reads_warnings_of_a_valid_config(tmp_path):
    write(tmp_path, WARNED)
    done = samo(tmp_path, "config", "validate", "--format", "github")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "::warning file=.circleci/config.yml,line=21,col=12,title=unused::"
        "the command 'lonely' is not used (remove it, or call it)\n"
        ".circleci/config.yml: valid (2 workflows, 3 jobs)\n"
    )


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("json", lambda text: json.loads(text)["errors"][0]["kind"]),
        ("sarif", lambda text: json.loads(text)["runs"][0]["results"][0]["ruleId"]),
        ("github", lambda text: text.partition("title=")[2].partition("::")[0]),
    ],
)
def test_a_missing_config_is_told_in_every_format(tmp_path, form, kind):
    done = samo(tmp_path, "config", "validate", "--format", form)

    assert (done.returncode, done.stderr) == (2, "")
    assert kind(done.stdout) == "config-missing"


def test_sarif_tells_of_errors_with_what_uses_them(tmp_path):
    write(tmp_path, "version: 2.1\nx: &x {foo: 1}\njobs: {build: *x}\n")
    done = samo(tmp_path, "config", "validate", "--format", "sarif")
    results = json.loads(done.stdout)["runs"][0]["results"]

    assert done.returncode == 2
    assert [each["ruleId"] for each in results] == ["schema", "schema", "schema"]
    assert [each["physicalLocation"]["region"] for each in results[0]["relatedLocations"]] == [
        {"startLine": 3, "startColumn": 15}
    ]


def test_an_unknown_format_is_refused(repository):
    done = samo(repository, "config", "validate", "--format", "xml")

    assert done.returncode == 2
    assert "'text', 'json', 'sarif', 'github'" in done.stderr


def test_why_gives_each_its_rule_and_place(repository):
    done = samo(repository, "why")

    assert (done.returncode, done.stderr) == (0, "")
    told, differs = done.stdout.split("differs from the cloud:\n")
    assert told == (
        "for branch 'feature/x':\n"
        "  workflow all runs: no condition: every trigger runs it\n"
        "    build runs: no branch filter: every branch runs\n"
        "    deploy does not run: branch filter `only: main` does not match 'feature/x'"
        " (.circleci/config.yml:16:13)\n"
        "  workflow never does not run: workflow condition `false` does not hold"
        " (.circleci/config.yml:19:11)\n"
    )
    assert (
        "  .circleci/config.yml:4:14: image cimg/base:stable: this machine's own programs stand in"
        " for it (LOC-003) [build]\n"
    ) in differs


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
