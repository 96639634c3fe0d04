"""What a job gets of its caller's environment."""

from pathlib import Path

import pytest

from samo.executors.job_environment import job_environment, job_path


def test_only_the_path_comes_from_the_caller():
    caller = {
        "PATH": "/usr/bin:/bin",
        "LANG": "de_DE.UTF-8",
        "LC_ALL": "C",
        "TZ": "Europe/Berlin",
        "HOME": "/home/me",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "PYTHONPATH": "/mine",
        "BASH_ENV": "/home/me/.bashrc",
    }
    assert job_environment(caller, [Path("/in_job"), Path("/python/bin")]) == {
        "PATH": "/in_job:/python/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "USER": "circleci",
        "LOGNAME": "circleci",
    }


def test_a_caller_without_an_environment_has_a_path():
    assert job_environment({}, []) == {
        "PATH": "/bin:/usr/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "USER": "circleci",
        "LOGNAME": "circleci",
    }


@pytest.mark.parametrize(
    ("active", "path"),
    [
        ("/code/.venv", "/usr/bin:/code/.venv-2/bin"),
        ("/code/.venv/", "/usr/bin:/code/.venv-2/bin"),
        ("/usr", "/code/.venv/bin:/usr/bin:/code/.venv-2/bin"),
        ("", "/code/.venv/bin:/usr/bin:/code/.venv-2/bin"),
    ],
)
def test_the_callers_virtual_environment_is_not_the_jobs(active, path):
    caller = {"VIRTUAL_ENV": active, "PATH": "/code/.venv/bin:/usr/bin:/code/.venv-2/bin"}
    assert job_path(caller) == path
