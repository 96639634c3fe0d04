"""What every executor's sandbox promises of the place: its variables, its paths, its files."""

import os
import subprocess
from dataclasses import replace

import pytest
from sandboxes import JOB, opened, prints, refusal, run

from samo.executors import Work
from samo.system import find_repository, take_snapshot
from samo.system.archive import pack

pytestmark = pytest.mark.integration


def test_a_step_has_what_its_call_says_and_nothing_else(sandbox, cancel):
    environment = {**sandbox.environment, "MINE": "a 'b'\n$c"}
    text = prints(sandbox, "env -0", cancel, environment=environment)
    added = {"PWD", "OLDPWD", "SHLVL", "_"}
    names = {line.split("=")[0] for line in text.split("\0") if line}
    assert names - added == environment.keys()
    assert "MINE=a 'b'\n$c\0" in text


def test_the_callers_variables_stay_outside(executor, tmp_path, marker):
    assert "PYTEST_CURRENT_TEST" in os.environ
    with opened(executor, tmp_path / "job", marker) as sandbox:
        assert "PYTEST_CURRENT_TEST" not in sandbox.environment


def test_the_runs_marker_is_in_it(sandbox, marker):
    name, value = marker.split("=")
    assert sandbox.environment[name] == value


def test_home_and_the_temporary_folder_are_there_and_empty(sandbox, cancel):
    script = 'echo "$HOME"; ls -A "$HOME"; ls -A "$TMPDIR"'
    assert prints(sandbox, script, cancel) == f"{sandbox.home}\nproject\n"


def test_what_one_job_leaves_at_home_no_other_sees(executor, tmp_path, marker, cancel):
    with opened(executor, tmp_path / "one", marker) as one:
        prints(one, "touch ~/left $TMPDIR/left; echo 'export X=1' >>$BASH_ENV", cancel)
        with opened(executor, tmp_path / "two", marker) as two:
            text = prints(two, "ls ~ $TMPDIR | grep left || echo none$X", cancel)
    assert text == "none\n"


@pytest.mark.parametrize("shell", ["bash", "bash --login -eo pipefail"])
def test_bash_env_acts_on_later_steps_in_bash(shell, sandbox, cancel):
    assert prints(sandbox, "cat $BASH_ENV; echo 'export X=1' >>$BASH_ENV; echo $X", cancel) == (
        "\n"
    )
    environment = {**sandbox.environment, "X": "0"}
    text = prints(sandbox, "echo $X", cancel, shell=shell, environment=environment)
    assert text == "1\n"


@pytest.mark.parametrize(
    ("shell", "script"),
    [("/bin/sh", 'echo "<$X>"'), ("awk -f", 'BEGIN { print "<" ENVIRON["X"] ">" }')],
)
def test_bash_env_is_nothing_to_other_shells(shell, script, sandbox, cancel):
    prints(sandbox, "echo 'export X=1' >>$BASH_ENV", cancel)
    assert prints(sandbox, script, cancel, shell=shell) == "<>\n"


def test_a_step_may_have_a_bash_env_of_its_own(sandbox, cancel):
    prints(sandbox, "echo 'X=mine' >~/profile", cancel)
    environment = {**sandbox.environment, "BASH_ENV": sandbox.expand("~/profile")}
    assert prints(sandbox, "echo $X", cancel, environment=environment) == "mine\n"


@pytest.mark.parametrize("value", ["x" * (1 << 18), "y" * 100_000])
def test_an_enormous_environment_is_told(value, sandbox, cancel):
    environment = {**sandbox.environment, **{f"V{n}": value for n in range(100)}}
    assert refusal(sandbox, cancel, environment=environment) == (
        "the step's variables are larger than the system lets a program have"
        " (128 kB each, 2 MB in all)"
    )


def test_a_variable_with_a_nul_is_told(sandbox, cancel):
    environment = {**sandbox.environment, "X": "a\0b"}
    message = refusal(sandbox, cancel, environment=environment)
    assert message.endswith(": embedded null byte")


def test_a_variable_that_is_no_text_is_told(sandbox, cancel):
    environment = {**sandbox.environment, "X": "\ud800"}
    message = refusal(sandbox, cancel, environment=environment)
    assert message == "a variable of the step has text that is no UTF-8"


@pytest.mark.parametrize(
    ("configured", "path"),
    [("", "~/project"), ("~/a/b", "~/a/b"), ("c", "~/c"), ("/home/circleci/d", "~/d")],
)
def test_the_working_directory_is_made(configured, path, executor, tmp_path, cancel):
    job = replace(JOB, working_directory=configured)
    with opened(executor, tmp_path / "job", "SAMO_TEST_RUN=1", job) as sandbox:
        assert prints(sandbox, "pwd", cancel) == sandbox.expand(path) + "\n"


def test_a_path_is_expanded_as_the_steps_see_it(sandbox):
    assert sandbox.expand("~") == sandbox.home
    assert sandbox.expand("a/../b") == sandbox.expand("~/project/b")
    assert sandbox.expand("$HOME") == sandbox.expand("~/project/$HOME")


def test_a_job_owns_its_home_and_not_the_machine(sandbox):
    owned = [sandbox.owns(sandbox.expand(path)) for path in ("~/x", ".", "/tmp/x", "/etc/x")]
    assert owned == [True, True, True, False]


def test_a_working_directory_that_is_missing_is_told(sandbox, cancel):
    missing = sandbox.expand("missing")
    message = refusal(sandbox, cancel, working_directory=missing)
    assert message == f"there is no working directory {missing}"


def test_a_working_directory_that_is_a_file_is_told(sandbox, cancel):
    prints(sandbox, "touch file", cancel)
    file = sandbox.expand("file")
    message = refusal(sandbox, cancel, working_directory=file)
    assert message == f"the working directory {file} is no directory"


def test_a_job_may_remove_the_place_where_it_works(sandbox, cancel):
    prints(sandbox, "rm -rf ../project", cancel)
    assert refusal(sandbox, cancel).startswith("there is no working directory ")


def test_what_a_step_makes_can_be_fetched(sandbox, cancel):
    prints(sandbox, "mkdir -p out; echo there >out/file", cancel)
    with sandbox.fetch("out") as folder:
        assert {path.name: path.read_text() for path in folder.iterdir()} == {"file": "there\n"}


def test_what_is_missing_can_be_looked_for(sandbox):
    with sandbox.fetch("~/missing") as path:
        assert not path.exists()


def test_an_archive_is_delivered_over_what_is_there(sandbox, tmp_path, cancel):
    prints(sandbox, "mkdir at; echo old >at/replaced; echo old >at/kept", cancel)
    (tmp_path / "replaced").write_text("new\n")
    pack(tmp_path / "archive", tmp_path, ["replaced"])
    sandbox.deliver(tmp_path / "archive", "at")
    assert prints(sandbox, "cat at/kept at/replaced", cancel) == "old\nnew\n"


def test_an_archive_makes_the_place_where_it_is_delivered(sandbox, tmp_path, cancel):
    (tmp_path / "file").write_text("there\n")
    pack(tmp_path / "archive", tmp_path, ["file"])
    sandbox.deliver(tmp_path / "archive", "~/.cache/deep")
    assert prints(sandbox, "cat ~/.cache/deep/file", cancel) == "there\n"


def test_a_snapshot_is_checked_out(sandbox, tmp_path, cancel):
    repository = tmp_path / "shown" / "repo"
    git = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@b"]
    repository.mkdir(parents=True)
    (repository / "file").write_text("there\n")
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *words], check=True)
    snapshot = take_snapshot(find_repository(repository), tmp_path / "shown" / "snapshot")
    sandbox.check_out(Work(snapshot=snapshot, branch="main", tag="", origin_url=""), ".")
    script = "git status --short --branch; cat file; git log --format=%s"
    assert prints(sandbox, script, cancel) == "## main\nthere\none\n"


@pytest.mark.parametrize(
    "command", ["circleci-agent step halt", "circleci step halt", "circleci task halt"]
)
def test_a_step_can_halt_the_job_and_goes_on(command, sandbox, cancel):
    assert not sandbox.is_halted
    assert prints(sandbox, f"{command}; echo on", cancel) == "on\n"
    assert sandbox.is_halted


@pytest.mark.parametrize("command", ["circleci", "circleci step", "circleci-agent a 'b c'"])
def test_what_is_unknown_fails_and_says_so(command, sandbox, cancel):
    ended, text = run(sandbox, command, cancel)
    program, _, rest = command.replace("'", "").partition(" ")
    known = "env subst, run release, step halt, task halt, tests glob, tests run, tests split"
    assert (ended.code, text) == (1, f"{program}: '{rest}' is unknown here (known: {known})\n")


def test_names_are_globbed_and_split_in_it(sandbox, cancel):
    script = "touch a.py b.py; circleci tests glob '*.py' | circleci tests split --total=2"
    assert prints(sandbox, script, cancel) == "a.py\n"


def test_a_file_that_is_handed_over_is_there_for_the_first_step(sandbox, cancel):
    sandbox.hand_over("deep/timings.json", b"{}\n")
    assert prints(sandbox, 'cat "$CIRCLE_INTERNAL_TASK_DATA/deep/timings.json"', cancel) == "{}\n"


def test_what_was_handed_over_to_one_job_the_next_in_the_same_folder_does_not_see(
    executor, tmp_path, cancel
):
    with opened(executor, tmp_path / "job", "M=1") as sandbox:
        sandbox.hand_over("timings.json", b"{}")
    with opened(executor, tmp_path / "job", "M=1") as sandbox:
        assert prints(sandbox, 'ls "$CIRCLE_INTERNAL_TASK_DATA"', cancel) == "bash_env\nstep-1\n"


def test_it_needs_no_more_than_its_own_folder_on_the_path(sandbox, cancel):
    script = 'PATH="${PATH%%:*}"; circleci step halt'
    assert prints(sandbox, script, cancel, shell="/bin/sh -e") == ""
    assert sandbox.is_halted


@pytest.mark.parametrize(
    "script",
    [
        "true",
        "echo x > left; mkdir -p ~/.config; echo y > $TMPDIR/z",
        "cd ~; rmdir project; ln -s / project",
        "! rmdir $TMPDIR || ln -s ~ $TMPDIR",
        "chmod 500 .",
        "echo 'export A=1' >> $BASH_ENV; circleci-agent step halt",
        "rm $BASH_ENV; ln -s ~/project $BASH_ENV; mkdir $CIRCLE_INTERNAL_TASK_DATA/deep",
    ],
)
def test_what_one_job_leaves_the_next_in_the_same_folder_does_not_see(
    executor, tmp_path, cancel, script
):
    folder = tmp_path / "job"
    with opened(executor, folder, "M=1") as sandbox:
        prints(sandbox, script, cancel)
    look = "find ~ $TMPDIR -mindepth 1 | wc -l; test -w . && test ! -L . && echo [${A:-}]; pwd"
    with opened(executor, folder, "M=1") as sandbox:
        assert not sandbox.is_halted
        assert prints(sandbox, look, cancel) == f"1\n[]\n{sandbox.expand('.')}\n"
