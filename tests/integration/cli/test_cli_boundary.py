"""The outermost layer, through the real program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration


CONFIG = """\
version: 2.1
jobs:
  build:
    docker: [{image: "cimg/base:current"}]
    steps: [run: echo built]
workflows:
  all:
    jobs: [build]
"""
WHY_LINE = (
    "error: option '--branch' requires an argument ('samo why --help' shows how it is called)"
)


def python(*arguments, **kwargs):
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, **kwargs
    )


def samo(*arguments, **kwargs):
    return python("-m", "samo", *arguments, **kwargs)


def guarded(statement, **kwargs):
    program = (
        "import sys, signal, errno\n"
        "from samo.cli.boundary import guarded\n"
        "def action():\n"
        f"    {statement}\n"
        "    return 0\n"
        "sys.exit(guarded(action))\n"
    )
    return python("-c", program, **kwargs)


def test_the_version_is_one_line():
    done = samo("--version")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("samo ")


def test_an_output_that_the_caller_has_closed_is_no_fault():
    shell = ["sh", "-c", 'exec "$0" -m samo --version >&-', sys.executable]
    done = subprocess.run(shell, check=False, capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_run_whose_streams_the_caller_has_closed_runs(tmp_path, closed):
    config = tmp_path / ".circleci" / "config.yml"
    config.parent.mkdir()
    config.write_text(CONFIG)
    author = ("-c", "user.name=me", "-c", "user.email=me@example.com")
    for words in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "first")):
        subprocess.run(["git", *words], check=True, cwd=tmp_path)
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m samo run --events events {closed}', sys.executable],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "SAMO_HOME": str(tmp_path / "home")},
    )

    assert (done.returncode, done.stderr) == (0, b"")
    *_, last = (tmp_path / "events").read_text().splitlines()
    assert '"success"' in last


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_starting_up_imports_nothing_heavy(arguments):
    done = python("-X", "importtime", "-m", "samo", *arguments)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}

    assert not imported & {"rich", "sqlalchemy", "yaml", "asyncio", "samo.config", "samo.stores"}
    assert "samo.cli.main" in imported


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["rnu"], "error: unknown command 'samo rnu' (did you mean 'run'?)"),
        (
            ["config", "vldte"],
            "error: unknown command 'samo config vldte' (did you mean 'validate'?)",
        ),
        (["--nope"], "error: no such option '--nope' ('samo --help' shows how it is called)"),
        (
            ["why", "--branch"],
            WHY_LINE,
        ),
    ],
)
def test_a_wrong_call_is_one_line_with_a_remedy(arguments, line):
    done = samo(*arguments)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", line + "\n")


def test_a_bug_is_one_line_and_the_traceback_a_file(tmp_path):
    done = guarded("raise ValueError('two\\nlines')", env={**os.environ, "TMPDIR": str(tmp_path)})
    line, file = done.stderr.removesuffix(")\n").split(" (the traceback is in ")

    assert line == "this is a bug of samo: ValueError: two"
    assert "in action" in Path(file).read_text()
    assert Path(file).parent == tmp_path
    assert done.returncode == 70


def test_what_the_machine_refuses_is_no_bug():
    done = guarded("raise OSError(errno.ENOSPC, 'No space left on device', '/data/x')")

    assert done.stderr == "error: No space left on device: '/data/x'\n"
    assert done.returncode == 1


def test_control_c_ends_with_its_own_status_and_no_traceback():
    done = guarded("signal.raise_signal(signal.SIGINT)")

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_reader_who_leaves_early_is_no_error():
    with subprocess.Popen(
        [sys.executable, "-m", "samo", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        errors = process.stderr.read()

    assert (process.returncode, errors) == (0, b"")
