"""What every executor's sandbox promises of a step: how it starts, is heard and ends."""

import os
import threading
import time
from pathlib import Path

import pytest
from sandboxes import JOB, LONG_S, call_of, opened, prints, refusal, run

from samo.executors import SandboxError
from samo.system import Ending, Exit, end_marked

pytestmark = pytest.mark.integration


def test_lines_share_one_shell(sandbox, cancel):
    assert prints(sandbox, "cd /\nX=1\necho $PWD $X\n", cancel) == "/ 1\n"


def test_nothing_of_a_shell_carries_over(sandbox, cancel):
    prints(sandbox, "cd /; X=1; export Y=1; set +e", cancel)
    assert prints(sandbox, 'echo "${PWD##*/}<$X$Y>$-"', cancel) == "project<>ehB\n"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 7", 7),
        ("false\necho on", 1),
        ("false | cat", 1),
        ("[ x = y ] && echo y", 1),
        ("no-such-command", 127),
        ("if then", 2),
        ("", 0),
    ],
)
def test_the_default_shell_stops_at_what_fails(script, code, sandbox, cancel):
    ended, text = run(sandbox, script, cancel)
    assert (ended.code, "on\n" in text) == (code, False)


@pytest.mark.parametrize(
    ("shell", "script", "text"),
    [
        ("/bin/sh", "false\nfalse | true\necho $0 | sed 's,.*/,,;s,-.*,,'", "step\n"),
        ("bash --login -eo pipefail", "shopt -q login_shell && echo login", "login\n"),
        ("python3", "import sys; print(len(sys.argv))", "1\n"),
        ("python3 -u -W error", "print('on')", "on\n"),
        ("env A='b c' sh", 'echo "$A"', "b c\n"),
    ],
)
def test_a_shell_is_a_command_line_that_gets_a_file(shell, script, text, sandbox, cancel):
    assert prints(sandbox, script, cancel, shell=shell) == text


def test_bytes_that_are_no_text_reach_the_shell(sandbox, cancel):
    assert prints(sandbox, "printf '\udcff' | od -An -tx1", cancel).split() == ["ff"]


def test_a_nul_in_a_script_is_the_shells_affair(sandbox, cancel):
    ended, _ = run(sandbox, "echo one\necho \0two\n", cancel)
    assert ended.ending is Ending.EXITED


def test_a_shell_that_is_not_there_is_told(sandbox, cancel):
    message = refusal(sandbox, cancel, shell="/no/such/shell -e")
    assert message == "there is no shell '/no/such/shell -e' on this machine"


def test_a_shell_that_is_no_program_is_told(sandbox, cancel):
    message = refusal(sandbox, cancel, shell="/etc")
    assert message == "cannot start the shell '/etc': Permission denied"


@pytest.mark.parametrize(
    ("shell", "why"),
    [("bash 'x", "No closing quotation"), (" ", "the shell's command line is empty")],
)
def test_a_shell_that_is_no_command_line_is_told(shell, why, sandbox, cancel):
    assert refusal(sandbox, cancel, shell=shell) == f"cannot start the shell '{shell}': {why}"


def test_a_script_that_no_file_can_hold_is_told(sandbox, cancel):
    message = refusal(sandbox, cancel, "echo \ud800")
    assert message == "the command has U+D800 in it, which no file can hold"


def test_a_sandbox_goes_on_after_what_could_not_start(sandbox, cancel):
    refusal(sandbox, cancel, shell="/no/such/shell")
    assert prints(sandbox, "echo on", cancel) == "on\n"


def test_both_streams_come_as_bytes_and_in_order(sandbox, cancel):
    printed = []
    sandbox.run(call_of(sandbox, r"printf 'a\377'; printf b >&2"), printed.append, cancel)
    assert b"".join(printed) == b"a\xffb"


def test_it_comes_while_the_step_runs(sandbox, cancel):
    prints(sandbox, "mkfifo ~/go", cancel)
    with sandbox.fetch("~/go") as go:
        script = "echo first; read -r line <~/go; echo $line"
        printed = bytearray()

        def answer(chunk):
            printed.extend(chunk)
            if chunk == b"first\n":
                go.write_text("second\n")

        sandbox.run(call_of(sandbox, script), answer, cancel)
    assert printed == b"first\nsecond\n"


def test_a_long_line_comes_whole(sandbox, cancel):
    script = "head -c 200000 /dev/zero | tr '\\0' x"
    assert prints(sandbox, script, cancel) == "x" * 200_000


def test_standard_input_is_at_its_end(sandbox, cancel):
    assert prints(sandbox, "cat; echo end", cancel) == "end\n"


def test_what_a_killed_shell_leaves_is_told_by_code_and_signal(sandbox, cancel):
    ended, text = run(sandbox, "echo last words; kill -9 $$", cancel)
    assert (ended, text) == (Exit(code=137, signal="SIGKILL"), "last words\n")


def test_silence_ends_a_step(sandbox, cancel):
    ended, text = run(sandbox, "echo on; sleep 1000", cancel, no_output_timeout_s=0.2)
    assert (ended.ending, text) == (Ending.SILENT, "on\n")


def test_cancel_ends_a_step_that_ignores_being_asked(sandbox, cancel):
    asked = []

    def stop(_):
        asked.append(time.monotonic())
        cancel.set()

    script = "trap '' TERM; echo ready; sleep 1000"
    ended = sandbox.run(call_of(sandbox, script), stop, cancel)
    assert ended.ending is Ending.CANCELED
    assert time.monotonic() - asked[0] < 2


def test_what_a_step_leaves_running_serves_later_steps(sandbox, cancel):
    left = "mkfifo ~/ask ~/answer; (read -r line <~/ask; echo got $line >~/answer) & exit 0"
    prints(sandbox, left, cancel)
    assert prints(sandbox, "echo it >~/ask; cat ~/answer", cancel) == "got it\n"


def test_a_background_step_goes_on_beside_others_and_is_heard(sandbox, cancel):
    prints(sandbox, "mkfifo ~/ask ~/answer", cancel)
    heard, has_come = bytearray(), threading.Event()

    def hear(chunk):
        heard.extend(chunk)
        has_come.set()

    script = "read -r line <~/ask; echo heard $line; echo >~/answer; sleep 1000"
    sandbox.run_in_background(call_of(sandbox, script), hear)
    prints(sandbox, "echo it >~/ask; cat ~/answer", cancel)
    assert has_come.wait(LONG_S)
    assert heard == b"heard it\n"


def test_how_a_background_step_ends_is_nobodys_affair(sandbox, cancel):
    sandbox.run_in_background(call_of(sandbox, "exit 3"), lambda _: None)
    assert prints(sandbox, "echo on", cancel) == "on\n"


def test_a_background_step_that_cannot_start_is_told(sandbox):
    with pytest.raises(SandboxError, match="there is no shell"):
        sandbox.run_in_background(call_of(sandbox, "", shell="/no/such"), lambda _: None)


@pytest.mark.parametrize(
    "left",
    [
        "sleep 1000 & echo",
        "trap '' TERM HUP; sleep 1000 & echo",
        "setsid sleep 1000 & echo",
        "setsid sleep 1000 >/dev/null 2>&1 & echo",
    ],
)
def test_close_ends_what_steps_left_running(left, executor, tmp_path, marker, cancel):
    with opened(executor, tmp_path / "job", marker) as sandbox:
        prints(sandbox, left, cancel)
        sandbox.run_in_background(call_of(sandbox, f"{left}; sleep 1000"), lambda _: None)
    assert end_marked(marker) == 0


def test_close_leaves_no_thread_descriptor_or_file(executor, tmp_path, marker, cancel):
    def held():
        return threading.active_count(), len(list(Path("/dev/fd").iterdir()))

    before = held()
    for number in range(5):
        with opened(executor, tmp_path / f"job-{number}", marker) as sandbox:
            prints(sandbox, "mkdir -p ~/a/b; chmod 500 ~/a ~/a/b; ln -s / ~/link", cancel)
            prints(sandbox, "setsid sleep 1000 & sleep 1000 & echo", cancel)
            sandbox.run_in_background(call_of(sandbox, "yes"), lambda _: None)
    assert held() == before
    assert list(tmp_path.iterdir()) == []


def test_a_sandbox_that_was_never_used_can_be_closed(executor, tmp_path, marker):
    executor.open(JOB, tmp_path / "job", marker).close()
    assert list(tmp_path.iterdir()) == []


def test_jobs_run_side_by_side(executor, tmp_path, marker, cancel):
    """Each waits for the other: one after the other they would never end."""
    fifo = tmp_path / "shown" / "meet"
    fifo.parent.mkdir()
    os.mkfifo(fifo)
    scripts = [f"echo met >{fifo}", f"cat {fifo}"]
    texts = {}

    def work(number):
        with opened(executor, tmp_path / f"job-{number}", marker) as sandbox:
            texts[number] = prints(sandbox, scripts[number], cancel)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {0: "", 1: "met\n"}
