"""Real programs: what they print, how they end, and that all of them end."""

import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from samo.system import Cancel, Ending, Exit, Process

pytestmark = pytest.mark.integration

LONG_S = 60.0


@pytest.fixture
def cancel():
    made = Cancel()
    yield made
    made.close()


@contextmanager
def started(script, cwd, shell=("bash", "-c")):
    process = Process([*shell, script], environment={"PATH": os.environ["PATH"]}, cwd=cwd)
    try:
        yield process
    finally:
        process.kill()
        process.reap()


def run(script, cwd, cancel, *, output=None, silence_s=LONG_S):
    chunks = []
    with started(script, cwd) as process:
        ended = process.wait(output or chunks.append, cancel=cancel, silence_s=silence_s)
    return ended, b"".join(chunks)


def held():
    """Count the descriptors and threads of this process."""
    return len(list(Path("/dev/fd").iterdir())), threading.active_count()


def is_over(pidfd):
    """Wait until the process behind a descriptor has ended."""
    return bool(select.select([pidfd], [], [], LONG_S)[0])


def test_both_streams_come_in_the_order_written(tmp_path, cancel):
    ended, text = run("echo one; echo two >&2; echo three; exit 3", tmp_path, cancel)
    assert (ended, text) == (Exit(code=3), b"one\ntwo\nthree\n")


def test_a_program_killed_by_a_signal_has_the_code_and_name_of_it(tmp_path, cancel):
    ended, _ = run("kill -9 $$", tmp_path, cancel)
    assert ended == Exit(code=137, signal="SIGKILL")


def test_a_shell_that_reports_a_killed_child_ended_by_itself(tmp_path, cancel):
    ended, _ = run("sh -c 'kill -9 $$'; exit $?", tmp_path, cancel)
    assert ended == Exit(code=137)


def test_a_signal_without_a_name_is_told_by_its_number(tmp_path, cancel):
    ended, _ = run(f"kill -{signal.SIGRTMIN + 1} $$", tmp_path, cancel)
    assert ended == Exit(code=128 + 35, signal="signal 35")


def test_standard_input_is_at_its_end(tmp_path, cancel):
    assert run("cat; echo end", tmp_path, cancel) == (Exit(code=0), b"end\n")


def test_there_is_no_terminal_to_ask_at(tmp_path, cancel):
    ended, _ = run("exec 2>/dev/null; : </dev/tty", tmp_path, cancel)
    assert ended.code != 0


def test_bytes_come_as_they_are(tmp_path, cancel):
    _, text = run(r"printf '\377\000\303(no newline'", tmp_path, cancel)
    assert text == b"\xff\x00\xc3(no newline"


def test_a_long_line_comes_whole(tmp_path, cancel):
    _, text = run("head -c 200000 /dev/zero | tr '\\0' x", tmp_path, cancel)
    assert text == b"x" * 200_000


def test_a_gigabyte_comes_in_small_pieces(tmp_path, cancel):
    sizes = []
    run("head -c 1G /dev/zero", tmp_path, cancel, output=lambda chunk: sizes.append(len(chunk)))
    assert (sum(sizes), max(sizes) <= 1 << 16) == (1 << 30, True)


def test_what_a_child_prints_a_moment_after_the_end_is_not_lost(tmp_path, cancel):
    script = 'exec > >(while read -r line; do echo "late $line"; done); echo one; echo two'
    assert run(script, tmp_path, cancel) == (Exit(code=0), b"late one\nlate two\n")


@pytest.mark.parametrize("child", ["sleep 1000 &", "yes &", "setsid sleep 1000 &"])
def test_a_child_that_goes_on_does_not_delay_the_end(child, tmp_path, cancel):
    with started(f"{child} echo $!; exit 4", tmp_path) as process:
        seen = bytearray()
        assert process.wait(seen.extend, cancel=cancel, silence_s=LONG_S) == Exit(code=4)
        assert process.is_open
        os.kill(int(seen.removeprefix(b"y\n" * seen.count(b"y\n")).split()[0]), signal.SIGKILL)


def test_a_child_is_heard_until_it_ends(tmp_path, cancel):
    os.mkfifo(tmp_path / "go")
    with started("(read -r line <go; echo late) & exit 0", tmp_path) as process:
        process.wait(lambda _: None, cancel=cancel, silence_s=LONG_S)
        (tmp_path / "go").write_text("go\n")
        heard = []
        process.drain(heard.append, until=cancel)
    assert (heard, process.is_open) == ([b"late\n"], False)


def test_nobody_is_heard_once_it_is_called_off(tmp_path, cancel):
    with started("sleep 1000 & exit 0", tmp_path) as process:
        process.wait(lambda _: None, cancel=cancel, silence_s=LONG_S)
        cancel.set()
        process.drain(lambda _: None, until=cancel)
        assert process.is_open


def test_silence_ends_a_program(tmp_path, cancel):
    ended, text = run("echo start; sleep 1000", tmp_path, cancel, silence_s=0.2)
    assert (ended.ending, ended.code, text) == (Ending.SILENT, 143, b"start\n")


def test_a_program_that_closed_its_output_is_silent(tmp_path, cancel):
    ended, _ = run("exec >&- 2>&-; sleep 1000", tmp_path, cancel, silence_s=0.2)
    assert ended.ending is Ending.SILENT


def test_output_starts_the_silence_anew(tmp_path, cancel):
    script = "for i in {1..30}; do echo; sleep 0.05; done"
    ended, text = run(script, tmp_path, cancel, silence_s=1.0)
    assert (ended, text) == (Exit(code=0), b"\n" * 30)


def test_silence_may_last_for_ages(tmp_path, cancel):
    assert run("exit 0", tmp_path, cancel, silence_s=1e12) == (Exit(code=0), b"")


@pytest.mark.parametrize(
    "stubborn",
    ["while :; do sleep 1000; done", "exec yes", "bash -c 'trap \"\" TERM; sleep 1000' & wait"],
)
def test_cancel_ends_a_program_that_ignores_being_asked(stubborn, tmp_path, cancel):
    asked = []

    def output(_):
        if not cancel.is_set:
            asked.append(time.monotonic())
            cancel.set()

    ended, _ = run(f"trap '' TERM; echo ready; {stubborn}", tmp_path, cancel, output=output)
    assert ended == Exit(code=137, ending=Ending.CANCELED, signal="SIGKILL")
    assert time.monotonic() - asked[0] < 2


def test_who_is_asked_to_end_may_say_goodbye(tmp_path, cancel):
    seen = bytearray()

    def output(chunk):
        seen.extend(chunk)
        if b"ready" in chunk:
            cancel.set()

    # The shell itself dies of the signal at once: the grace is its child's.
    script = "bash -c \"trap 'echo bye; exit' TERM; echo ready; sleep 1000 & wait\"; :"
    ended, _ = run(script, tmp_path, cancel, output=output)
    assert (ended.ending, bytes(seen)) == (Ending.CANCELED, b"ready\nbye\n")


def test_the_end_of_a_program_counts_more_than_a_cancel_at_the_same_time(tmp_path, cancel):
    with started("exit 5", tmp_path) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        cancel.set()
        ended = process.wait(lambda _: None, cancel=cancel, silence_s=LONG_S)
    assert ended == Exit(code=5)


def test_kill_ends_the_whole_group(tmp_path, cancel):
    with started("sleep 1000 & echo $!; exit 0", tmp_path) as process:
        seen = bytearray()
        process.wait(seen.extend, cancel=cancel, silence_s=LONG_S)
        child = os.pidfd_open(int(seen))
        process.kill()
        assert is_over(child)
        os.close(child)


def test_an_output_that_raises_ends_the_program(tmp_path, cancel):
    def output(_):
        raise BrokenPipeError

    with started("trap '' TERM; echo hello; sleep 1000", tmp_path) as process:
        with pytest.raises(BrokenPipeError):
            process.wait(output, cancel=cancel, silence_s=LONG_S)
        result = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert result.si_status == signal.SIGKILL


@pytest.mark.parametrize(
    ("program", "error"), [("/no/such", FileNotFoundError), ("/etc", PermissionError)]
)
def test_what_cannot_be_started_raises(program, error, tmp_path):
    with pytest.raises(error):
        Process([program], environment={}, cwd=tmp_path)


def test_runs_leave_neither_descriptors_nor_threads(tmp_path, cancel):
    before = held()
    for script in ["sleep 1000 & exit 0", *["echo x; exit 1", "kill $$", "true"] * 33] * 2:
        run(script, tmp_path, cancel)
    assert held() == before


def test_a_program_that_is_never_waited_for_leaves_nothing(tmp_path):
    before = held()
    with started("sleep 1000", tmp_path):
        pass
    assert held() == before


def test_cancel_wakes_all_who_wait(cancel):
    woken = []
    threads = [threading.Thread(target=lambda: woken.append(cancel.wait(LONG_S))) for _ in range(5)]
    for thread in threads:
        thread.start()
    cancel.set()
    for thread in threads:
        thread.join()
    assert woken == [True] * 5


def test_a_wish_that_nobody_has_is_not_there(cancel):
    assert (cancel.wait(0), cancel.is_set) == (False, False)


def test_a_second_wish_changes_nothing(cancel):
    cancel.set()
    cancel.set()
    assert (cancel.wait(0), cancel.is_set) == (True, True)


def test_descriptors_beyond_a_thousand_can_be_waited_for(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limits[1] != resource.RLIM_INFINITY and limits[1] < 2048:
        pytest.skip("this machine allows fewer open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (2048, limits[1]))
    taken = [os.open(os.devnull, os.O_RDONLY) for _ in range(1030)]
    cancel = Cancel()
    try:
        assert run("echo there", tmp_path, cancel) == (Exit(code=0), b"there\n")
    finally:
        cancel.close()
        for descriptor in taken:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_a_system_that_has_no_descriptors_of_processes_will_do(tmp_path):
    program = """
import os, sys, threading
del os.pidfd_open
from samo.system import Cancel, Process
cancel = Cancel()
def wait(script):
    process = Process(["bash", "-c", script], environment=dict(os.environ), cwd=".")
    print(process.wait(lambda _: cancel.set(), cancel=cancel, silence_s=60))
    process.reap()
wait("exit 7")
wait("trap '' TERM; echo ready; sleep 1000")
print(threading.active_count())
"""
    result = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=tmp_path
    )
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        "Exit(code=7, ending=<Ending.EXITED: 'exited'>, signal='')",
        "Exit(code=137, ending=<Ending.CANCELED: 'canceled'>, signal='SIGKILL')",
        "1",
    ]
