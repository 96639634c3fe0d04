"""What a job with mounts of its own sees, what it cannot change, and how all of it ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from samo.executors import Call, NoIsolation, ProcessExecutor, SandboxError, find_isolation
from samo.executors.namespace import Isolation, Namespace
from samo.pipeline.job import Job, JobName, MachineExecutor
from samo.pipeline.place import Place
from samo.system import Cancel
from samo.system.archive import pack
from samo.system.polling import ready

pytestmark = pytest.mark.integration

PLACE = Place("config.yml", 1, 1)
JOB = Job(
    name=JobName("build"),
    declared_name="build",
    executor=MachineExecutor(place=PLACE),
    place=PLACE,
)
LONG_S = 60.0
ESCAPES = """
import os, sys
from pathlib import Path
from test_executors_isolation import JOB, call_of, isolated
from samo.system import Cancel

sandbox = isolated().open(JOB, Path(sys.argv[1]), "M=1")
script = f"env -i setsid sh -c 'echo on; sleep 1000' {os.environ['WORD']} & sleep 1000"
sandbox.run(call_of(sandbox, script), lambda chunk: os.write(1, chunk), Cancel())
"""


def isolated(**seen):
    isolation = find_isolation(os.environ, **seen)
    if isinstance(isolation, NoIsolation):
        pytest.skip(isolation.reason)
    return ProcessExecutor(os.environ, isolation=isolation)


@pytest.fixture
def executor():
    made = isolated()
    yield made
    made.close()


@pytest.fixture
def cancel():
    made = Cancel()
    yield made
    made.close()


@contextmanager
def opened(executor, folder, job=JOB):
    sandbox = executor.open(job, folder, "M=1")
    try:
        yield sandbox
    finally:
        sandbox.close()


def call_of(sandbox, script):
    return Call(
        shell=sandbox.default_shell,
        script=script,
        environment=sandbox.environment,
        working_directory=sandbox.expand("."),
        no_output_timeout_s=LONG_S,
    )


def run(sandbox, script, cancel):
    printed = bytearray()
    ended = sandbox.run(call_of(sandbox, script), printed.extend, cancel)
    return ended.code, printed.decode()


def running(word):
    """Return handles of the processes that have a word on their command line."""
    handles = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (folder / "cmdline").read_bytes().split(b"\0"):
                handles.append(os.pidfd_open(int(folder.name)))
        except OSError:
            continue
    return handles


def test_a_job_has_the_paths_of_the_clouds_images(executor, tmp_path, cancel):
    with opened(executor, tmp_path / "job") as sandbox:
        text = "/home/circleci\n/home/circleci/project\n/tmp\n"
        assert run(sandbox, "echo ~; pwd; echo $TMPDIR", cancel) == (0, text)


def test_a_job_cannot_change_the_machine(executor, tmp_path, cancel):
    with opened(executor, tmp_path / "job") as sandbox:
        code, text = run(sandbox, "touch /etc/samo-test", cancel)
    assert (code, "Read-only file system" in text) == (1, True)


def test_a_job_has_a_tmp_of_its_own(executor, tmp_path, cancel):
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as there,
        opened(executor, tmp_path / "job") as sandbox,
    ):
        assert run(sandbox, f"ls {there}", cancel)[0] == 2
        assert run(sandbox, "ls -A /tmp; echo mine >/tmp/left", cancel) == (0, "")
        with sandbox.fetch("/tmp/left") as left:
            assert left.read_text() == "mine\n"
    assert not Path("/tmp/left").exists()


def test_a_job_sees_its_own_processes_alone(executor, tmp_path, cancel):
    with opened(executor, tmp_path / "job") as sandbox:
        _, text = run(sandbox, "ls /proc | grep -c '^[0-9]'", cancel)
    assert int(text) < 10


def test_a_memory_disk_is_there_and_empty(executor, tmp_path, cancel):
    if not Path("/mnt").is_dir():
        pytest.skip("this machine has no /mnt to put it in")
    script = "ls -A /mnt/ramdisk; echo left >/mnt/ramdisk/file"
    for _ in range(2):
        with opened(executor, tmp_path / "job") as sandbox:
            assert run(sandbox, script, cancel) == (0, "")


def test_a_working_directory_that_the_machine_has_not_is_made_for_the_job(
    executor, tmp_path, cancel
):
    wanted = f"/samo-{uuid.uuid4().hex}/app"
    with opened(executor, tmp_path / "job", replace(JOB, working_directory=wanted)) as sandbox:
        assert run(sandbox, "pwd; touch made; command -v git >/dev/null", cancel) == (
            0,
            f"{wanted}\n",
        )
        with sandbox.fetch("made") as made:
            assert made.is_file()
        assert sandbox.owns(sandbox.expand("made"))
    assert not Path(wanted).parent.exists()


def test_for_a_folder_that_the_machine_has_another_stands_in(executor, tmp_path, cancel):
    with opened(executor, tmp_path / "job", replace(JOB, working_directory="/opt")) as sandbox:
        assert run(sandbox, "pwd", cancel) == (0, "/home/.samo/work\n")
        assert sandbox.expand("/opt/x") == "/home/.samo/work/x"


def test_links_lead_where_the_job_sees_them_lead(executor, tmp_path, cancel):
    with opened(executor, tmp_path / "job") as sandbox:
        run(sandbox, "mkdir ~/real; echo it >~/real/file; ln -s /home/circleci/real link", cancel)
        with sandbox.fetch("link/file") as file:
            assert file.read_text() == "it\n"


@pytest.mark.parametrize("at", ["/etc", "~/out"])
def test_nothing_is_laid_out_where_the_job_may_not_write(at, executor, tmp_path, cancel):
    (tmp_path / "samo-test").touch()
    pack(tmp_path / "archive", tmp_path, ["samo-test"])
    with opened(executor, tmp_path / "job") as sandbox:
        run(sandbox, "ln -s /etc ~/out", cancel)
        with pytest.raises(SandboxError, match="is read-only for the job"):
            sandbox.deliver(tmp_path / "archive", at)
    assert not Path("/etc/samo-test").exists()


@pytest.mark.parametrize(
    "planted",
    [
        'ln -s "{}/step-2" /home/.samo/agent/step-2',
        'mv /home/.samo/agent /home/.samo/old; ln -s "{}" /home/.samo/agent',
    ],
)
def test_no_script_is_written_through_a_link_of_the_job(planted, executor, tmp_path, cancel):
    (tmp_path / "mine").mkdir()
    with opened(executor, tmp_path / "job") as sandbox:
        run(sandbox, planted.format(tmp_path / "mine"), cancel)
        with pytest.raises(SandboxError, match="cannot write the step's script"):
            run(sandbox, "true", cancel)
    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.parametrize("path", ["/etc/passwd", "/etc", "link/passwd"])
def test_what_is_hidden_from_a_job_is_not_fetched_for_it(path, tmp_path, cancel):
    executor = isolated(hidden=(Path("/etc/passwd"),))
    with opened(executor, tmp_path / "job") as sandbox:
        assert run(sandbox, "ln -s /etc link; cat /etc/passwd 2>/dev/null", cancel)[1] == ""
        told = pytest.raises(SandboxError, match=f"{path} is hidden from jobs")
        with told, sandbox.fetch(path):
            pass
    executor.close()


def test_a_program_that_is_gone_leaves_no_descriptor_open(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(FileNotFoundError):
        Namespace(Isolation(bwrap=str(tmp_path / "gone"), nsenter=""), (), {})
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_flees_without_a_mark_is_ended(executor, tmp_path, cancel):
    word = f"1000.{uuid.uuid4().int % 10**9}"
    with opened(executor, tmp_path / "job") as sandbox:
        run(sandbox, f"env -i setsid sleep {word} >/dev/null 2>&1 & echo on", cancel)
    assert running(word) == []


def test_a_job_that_ends_its_own_place_fails_alone(executor, tmp_path, cancel):
    with opened(executor, tmp_path / "job") as sandbox:
        assert run(sandbox, "kill -9 -1; sleep 1000", cancel)[0] == 137
    with opened(executor, tmp_path / "job") as sandbox:
        assert run(sandbox, "echo on", cancel) == (0, "on\n")


@pytest.mark.parametrize(
    ("left", "is_kept"), [("true", True), ("touch ~/x", False), ("sleep 1000 & true", False)]
)
def test_only_what_is_as_it_was_serves_the_next_job(left, is_kept, executor, tmp_path, cancel):
    first_ids = []
    for _ in range(2):
        with opened(executor, tmp_path / "job") as sandbox:
            first_ids.append(run(sandbox, f"echo $$; {left} >/dev/null 2>&1", cancel))
    assert (first_ids[0] != first_ids[1]) is is_kept


def test_nothing_outlives_a_samo_that_is_killed(tmp_path):
    isolated().close()
    word = f"1000.{uuid.uuid4().int % 10**9}"
    command = [sys.executable, "-c", ESCAPES, str(tmp_path / "job")]
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "WORD": word}
    with subprocess.Popen(command, env=here, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"on\n"
        handles = running(word)
        process.send_signal(signal.SIGKILL)
        waiting = set(handles)
        while waiting and (ended := ready(waiting, LONG_S)):
            waiting -= ended
    for handle in handles:
        os.close(handle)
    assert handles
    assert waiting == set()


def test_what_does_not_work_is_told_with_what_the_program_says(tmp_path):
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace'\nexit 1\n")
    program.chmod(0o755)
    caller = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(tmp_path / "c")}
    if shutil.which("nsenter") is None:
        pytest.skip("there is no nsenter here")
    if "lies where" in getattr(find_isolation(os.environ), "reason", ""):
        pytest.skip("samo lies at a job's home, so nothing is tried out")
    reason = "bubblewrap cannot make the job's place: No permissions to create new namespace"
    assert find_isolation(caller) == NoIsolation(reason=reason)


def test_without_the_program_there_is_none(tmp_path):
    assert find_isolation({"PATH": str(tmp_path)}) == NoIsolation(
        reason="bubblewrap is not installed"
    )


def test_the_answer_is_kept_until_the_machine_is_next_started(tmp_path):
    isolated().close()
    caller = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(tmp_path)}
    first = find_isolation(caller)
    kept = (tmp_path / "samo/isolation").read_bytes()
    assert find_isolation(caller) == first
    assert (tmp_path / "samo/isolation").read_bytes() == kept
