"""What the process executor promises beyond the contract of all: this machine stays as it was."""

import os
import resource
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from samo.executors import Call, ProcessExecutor, SandboxError
from samo.executors.shell import default_shell
from samo.pipeline.job import Job, JobName, MachineExecutor
from samo.pipeline.place import Place
from samo.system import Cancel, Exit

pytestmark = pytest.mark.integration

PLACE = Place("config.yml", 1, 1)
MACHINE = MachineExecutor(place=PLACE)
JOB = Job(name=JobName("build"), declared_name="build", executor=MACHINE, place=PLACE)


@pytest.fixture
def cancel():
    made = Cancel()
    yield made
    made.close()


@contextmanager
def opened(folder, job=JOB, caller=os.environ):
    sandbox = ProcessExecutor(caller).open(job, folder, "M=1")
    try:
        yield sandbox
    finally:
        sandbox.close()


def prints(sandbox, script, cancel):
    printed = bytearray()
    call = Call(
        shell=sandbox.default_shell,
        script=script,
        environment=sandbox.environment,
        working_directory=sandbox.expand("."),
        no_output_timeout_s=60,
    )
    ended = sandbox.run(call, printed.extend, cancel)
    assert ended == Exit(code=0), printed
    return printed.decode()


@contextmanager
def full_disk():
    """Let no file grow: for who writes, that is a disk without room."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_script_that_cannot_be_written_is_told(tmp_path, cancel):
    with opened(tmp_path / "job") as sandbox:
        with full_disk(), pytest.raises(SandboxError) as raised:
            prints(sandbox, "echo on", cancel)
        assert str(raised.value) == "error: cannot write the step's script: File too large"
        assert prints(sandbox, "echo on", cancel) == "on\n"


def test_a_place_that_cannot_be_made_is_told_and_leaves_nothing(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SandboxError) as raised:
        ProcessExecutor({}).open(JOB, tmp_path / "file" / "job", "M=1")
    assert str(raised.value) == (
        f"error: cannot make a place for job 'build': Not a directory: {tmp_path}/file/job"
    )


def test_a_foreign_working_directory_is_never_made_on_this_machine(tmp_path, cancel):
    wanted = tmp_path / "elsewhere"
    if any(map(wanted.is_relative_to, ("/tmp", "/root", "/home/circleci"))):
        wanted = Path("/no/such/place/of/samo")
    job = replace(JOB, working_directory=str(wanted))
    with opened(tmp_path / "job", job) as sandbox:
        assert prints(sandbox, "touch x; pwd", cancel) == f"{tmp_path}/job/work\n"
        assert sandbox.owns(sandbox.expand(f"{wanted}/x"))
    assert not wanted.exists()


def test_an_active_virtual_environment_is_not_the_jobs(tmp_path, cancel):
    tool = tmp_path / "venv" / "bin" / "tool"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    caller = {"VIRTUAL_ENV": str(tmp_path / "venv"), "PATH": f"{tool.parent}:/usr/bin:/bin"}
    with opened(tmp_path / "job", caller=caller) as sandbox:
        assert prints(sandbox, "command -v tool || echo none", cancel) == "none\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_folders_that_may_not_be_written_to_are_removed_too(tmp_path, cancel):
    with opened(tmp_path / "job") as sandbox:
        prints(sandbox, "mkdir -p ~/a/b; touch ~/a/b/c; chmod 000 ~/a/b; chmod 500 ~/a", cancel)
    assert not (tmp_path / "job").exists()


def test_what_a_link_leads_to_is_not_removed(tmp_path, cancel):
    (tmp_path / "mine").mkdir(mode=0o750)
    (tmp_path / "mine" / "file").touch()
    with opened(tmp_path / "job") as sandbox:
        prints(sandbox, f"ln -s '{tmp_path}/mine' ~/link", cancel)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["file"]


def sh(path, *, pipefail):
    path.write_text(f'#!/bin/sh\n[ "$2" != pipefail ] || exit {0 if pipefail else 2}\n')
    path.chmod(0o755)
    return path


def test_bash_is_the_default_shell_where_it_is(tmp_path):
    (tmp_path / "bash").touch()
    assert default_shell(tmp_path / "bash", tmp_path / "sh") == f"{tmp_path}/bash -eo pipefail"


@pytest.mark.parametrize(("pipefail", "options"), [(True, "-eo pipefail"), (False, "-e")])
def test_without_bash_sh_does_what_it_can(pipefail, options, tmp_path):
    shell = sh(tmp_path / "sh", pipefail=pipefail)
    assert default_shell(tmp_path / "bash", shell) == f"{shell} {options}"
