"""A virtual environment made by one job works in another, whichever folders they ran in."""

import os
import subprocess
import sys

import pytest

from samo.executors import Call, ProcessExecutor
from samo.executors.job_paths import isolated_paths_of, paths_of
from samo.executors.moved import move_environment
from samo.pipeline.job import DockerExecutor, Image, Job, JobName
from samo.pipeline.place import Place
from samo.system import Cancel
from samo.system.archive import pack

pytestmark = pytest.mark.integration

PLACE = Place("config.yml", 1, 1)
BASE = DockerExecutor(images=(Image(image="cimg/base:stable", place=PLACE),), place=PLACE)
JOB = Job(name=JobName("build"), declared_name="build", executor=BASE, place=PLACE)


@pytest.fixture
def environment(tmp_path):
    """An environment in the home of a job that ran in the folder 3."""
    path = tmp_path / "3/home/project/venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(path)], check=True)
    tool = path / "bin/tool"
    tool.write_text(f"#!{path}/bin/python\nimport sys\nprint(sys.prefix)\n")
    tool.chmod(0o755)
    return path


def test_what_a_job_finds_restored_is_at_home_in_its_own_folder(environment, tmp_path):
    home = tmp_path / "3/home"
    pack(tmp_path / "venv.tar", home, [str(environment.relative_to(home))])
    sandbox = ProcessExecutor(os.environ).open(JOB, tmp_path / "0", "M=1")
    here = f"{tmp_path}/0/home/project/venv"
    try:
        sandbox.deliver(tmp_path / "venv.tar", "~")
        look = "python -c 'import sys; print(sys.prefix)'"
        script = f". venv/bin/activate; echo $VIRTUAL_ENV; {look}; tool"
        printed = bytearray()
        call = Call(
            shell=sandbox.default_shell,
            script=script,
            environment=sandbox.environment,
            working_directory=sandbox.expand("."),
            no_output_timeout_s=60,
        )
        cancel = Cancel()
        sandbox.run(call, printed.extend, cancel)
        cancel.close()
    finally:
        sandbox.close()

    assert printed.decode().split() == [here, here, here]


def test_only_the_folder_of_the_job_is_another(environment, tmp_path):
    script = environment / "bin/other"
    script.write_text(f"{tmp_path}/3/home/a {tmp_path}/30/b {tmp_path}/x/3/c /3/d")
    (environment / "bin/binary").write_bytes(b"\0" + bytes(tmp_path / "3/home"))

    move_environment(environment, paths_of(tmp_path / "7", ""))

    assert script.read_text() == f"{tmp_path}/7/home/a {tmp_path}/7/b {tmp_path}/x/3/c /3/d"
    assert (environment / "bin/binary").read_bytes() == b"\0" + bytes(tmp_path / "3/home")


def test_with_mounts_of_its_own_a_job_has_the_clouds_paths(environment, tmp_path):
    script = environment / "bin/other"
    script.write_text(f"{tmp_path}/3/home/a {tmp_path}/30/python {tmp_path}/x/3/c")

    move_environment(environment, isolated_paths_of(tmp_path / "7", ""))

    assert script.read_text() == f"/home/circleci/a /home/.samo/python {tmp_path}/x/3/c"


def test_what_a_job_with_mounts_made_is_found_without_them(environment, tmp_path):
    script = environment / "bin/other"
    script.write_text("/home/circleci/a /home/.samo/python/bin /home/circle/b")

    move_environment(environment, paths_of(tmp_path / "7", ""))

    assert script.read_text() == f"{tmp_path}/7/home/a {tmp_path}/7/python/bin /home/circle/b"


def test_an_executable_stays_one_and_a_link_is_left_alone(environment, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text(f"{tmp_path}/3/home")
    (environment / "bin/link").symlink_to(outside)

    move_environment(environment, paths_of(tmp_path / "7", ""))

    assert os.access(environment / "bin/tool", os.X_OK)
    assert outside.read_text() == f"{tmp_path}/3/home"
