"""Ctrl-C and its like: the run is canceled, and nothing of it lives on."""

import os
import signal
from pathlib import Path

import pytest
from run_repository import end, events_until, jobs_config, make_repository

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to look"),
]

STUBBORN = """\
setsid sh -c 'trap "" TERM INT HUP; echo up; while :; do sleep 1; done' &
trap '' TERM
sleep 1000 & wait
"""


def alive(mark):
    """The processes that have `mark` in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_canceled_run_says_so_and_leaves_no_process(tmp_path, number):
    mark = f"mark-{os.getpid()}-{number}"
    config = jobs_config(stubborn=STUBBORN, later="true")
    config = config.replace("stubborn, later", "stubborn, {later: {requires: [stubborn]}}")
    image = "docker: [{image: cimg/base:stable}]"
    config = config.replace(image, f"{image}\n    environment: {{MARK: {mark}}}")
    repository = make_repository(tmp_path / "r", config)
    process = repository.start()
    events_until(process, "step.output", job="stubborn")
    assert alive(mark)

    done = end(process, number)

    assert done.status == 130
    assert "canceled: every process that the run started has ended" in done.err
    assert alive(mark) == []
    assert done.statuses() == {"stubborn": "canceled", "later": "not_run"}
    assert repository.scratch() == []
    assert "run 1: canceled" in repository.samo("show", "last").out


def test_nothing_more_runs_after_a_cancel_not_even_always_steps(tmp_path):
    config = jobs_config(build=["echo begun; sleep 1000"]).replace(
        "workflows:",
        "      - run: {command: touch ran-always, when: always}\nworkflows:",
    )
    repository = make_repository(tmp_path / "r", config)
    process = repository.start()
    events_until(process, "step.output", job="build")
    done = end(process)

    assert done.status == 130
    assert [event["name"] for event in done.of("step.started")] == []
    [step] = done.of("step.finished")
    assert step["status"] == "canceled"
