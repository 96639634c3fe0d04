"""Processes that fled from their group are found by their environment."""

import os
import select
import subprocess
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest

from samo.system import end_marked

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no /proc"),
]


@pytest.fixture
def marker():
    return f"SAMO_TEST_MARK={uuid.uuid4().hex}"


@contextmanager
def running(script, *marks):
    """Run a script in a session of its own, until it has said that it is there."""
    environment = {"PATH": os.environ["PATH"], **dict(mark.split("=") for mark in marks)}
    process = subprocess.Popen(
        ["bash", "-c", script], env=environment, stdout=subprocess.PIPE, start_new_session=True
    )
    process.stdout.readline()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_what_left_its_session_is_ended(marker):
    with running("setsid sleep 1000 & echo $!; exec 1>&-; wait", marker) as process:
        assert end_marked(marker) == 2
        assert process.wait() == -9


def test_a_shell_that_starts_anew_what_was_ended_is_ended_too(marker):
    again = "while :; do setsid sleep 1000 & echo there; wait; done"
    with running(again, marker) as process:
        assert end_marked(marker) >= 2
        assert end_marked(marker) == 0
        assert process.wait() == -9


def test_who_ignores_being_asked_is_not_asked(marker):
    with running("trap '' TERM INT HUP; echo there; exec sleep 1000", marker) as process:
        assert end_marked(marker) == 1
        assert process.wait() == -9


@pytest.mark.parametrize("other", ["{}0", "X{}", "OTHER={}"])
def test_a_variable_that_only_looks_alike_marks_nothing(other, marker):
    mark = other.format(marker)
    name, value = mark.split("=", 1)
    process = subprocess.Popen(
        ["sleep", "1000"], env={"PATH": os.environ["PATH"], name: value}, start_new_session=True
    )
    try:
        assert end_marked(marker) == 0
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()


def test_only_later_processes_are_ended_where_that_is_asked(marker):
    with running("echo there; exec sleep 1000", marker) as process:
        assert end_marked(marker, born_after=process.pid) == 0
        assert end_marked(marker, born_after=process.pid - 1) == 1


def test_nothing_is_found_where_nothing_is_marked(marker):
    assert end_marked(marker) == 0


def test_what_was_ended_is_gone_on_return(marker):
    with running("echo there; exec sleep 1000", marker) as process:
        handle = os.pidfd_open(process.pid)
        end_marked(marker)
        ended, _, _ = select.select([handle], [], [], 0)
        os.close(handle)
    assert ended == [handle]
