"""`samo doctor`, on this machine and with less of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from samo.cli.packages import installing

pytestmark = pytest.mark.integration

NAMES = ["git", "shell", "disk", "isolation", "archives", "python", "uv", "docker", "gpu"]


def doctor(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "samo", "doctor", *arguments],
        check=False,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def found(done):
    return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def test_a_machine_on_which_runs_work_is_well():
    done = doctor("--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["works"] is True
    assert list(found(done)) == [*NAMES, "capacity", "encoding"]


def test_without_git_nothing_works_and_the_remedy_is_told(tmp_path):
    done = doctor("--json", PATH=str(tmp_path), XDG_CACHE_HOME=str(tmp_path))
    assert (done.returncode, found(done)["git"]) == (
        1,
        {
            "name": "git",
            "state": "missing",
            "found": "not found",
            "purpose": "every run: what is checked out, and what the jobs get of it",
            "remedy": f"{installing('git')} (2.24 or newer)",
            "is_needed": True,
        },
    )


def test_what_is_not_needed_may_lack(tmp_path):
    (tmp_path / "git").symlink_to(subprocess.check_output(["which", "git"], text=True).strip())
    done = doctor(PATH=str(tmp_path), XDG_CACHE_HOME=str(tmp_path), DOCKER_HOST="unix:///no/such")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert "missing  isolation  bubblewrap is not installed" in lines
    assert f"{'':19} to get it: {installing('bubblewrap')}" in lines
    assert "limited  archives   no tar and no zstd" in lines
    assert "missing  docker     nobody listens at unix:///no/such" in lines


def test_what_lies_in_the_way_of_isolation_is_told_with_its_own_remedy(tmp_path):
    for name in ("bwrap", "nsenter"):
        (tmp_path / name).touch(mode=0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    isolation = found(doctor("--json", PATH=path, SAMO_HOME="/home/circleci/x"))["isolation"]
    assert isolation["state"] == "missing"
    assert isolation["found"].endswith(("home would be", "own /tmp would be"))
    assert isolation["remedy"] == "move it out of /home/circleci and /tmp"


def test_what_cannot_be_written_to_is_told(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    (tmp_path / "closed").mkdir(mode=0o500)
    done = doctor("--json", XDG_CACHE_HOME=str(tmp_path / "closed"))
    assert (done.returncode, found(done)["disk"]["state"]) == (1, "missing")


def test_what_is_no_folder_cannot_be_written_to(tmp_path):
    (tmp_path / "file").touch()
    done = doctor("--json", SAMO_HOME=str(tmp_path / "file"))
    assert (done.returncode, found(done)["disk"]["state"]) == (1, "missing")


def test_every_line_says_what_it_is_for():
    lines = doctor().stdout.splitlines()
    states = [line for line in lines if not line.startswith(" ")]
    purposes = [line for line in lines if line.startswith(f"{'':19} for ")]
    assert len(states) == len(purposes) == len(NAMES) + 2


def test_the_program_that_installs_is_the_systems_own():
    if Path("/etc/debian_version").exists():
        assert installing("git") == "apt-get install git"
