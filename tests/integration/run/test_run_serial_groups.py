"""Serial groups hold across the runs of this machine (WF-033)."""

import os
import signal

import pytest
from run_repository import BASE, events_until, make_repository

pytestmark = pytest.mark.integration

CONFIG = f"""\
version: 2.1
parameters: {{wait: {{type: boolean, default: false}}, group: {{type: string, default: g}}}}
jobs:
  use:
    {BASE}
    steps:
      - when:
          condition: << pipeline.parameters.wait >>
          steps: [run: echo begun; sleep 1000]
      - run: echo free
  after:
    {BASE}
    steps: [run: echo after]
workflows:
  all:
    jobs:
      - use: {{serial-group: << pipeline.parameters.group >>}}
      - after: {{requires: [use: terminal]}}
"""


@pytest.fixture
def repository(tmp_path):
    return make_repository(tmp_path / "r", CONFIG)


@pytest.fixture
def holder(repository):
    """A run whose job has the group; it is killed in the end."""
    process = repository.start("--param", "wait=true")
    events_until(process, "step.output", job="use")
    yield process
    process.kill()
    process.communicate(timeout=60)


def reason(waiting):
    """Read a started run's events until its job says for what it waits."""
    told = ""
    while not told:
        told = events_until(waiting, "job.queued", job="use")["reason"]
    return told


def test_a_job_waits_for_the_group_and_says_for_whom(repository, holder):
    waiting = repository.start()
    assert reason(waiting) == (
        "waits for serial group 'g': job 'use' of run 1 of r has it, or comes first"
    )

    holder.send_signal(signal.SIGINT)

    assert events_until(waiting, "job.finished", job="use")["status"] == "success"
    waiting.communicate(timeout=60)
    assert waiting.returncode == 0


def test_a_killed_holder_gives_the_group_back_at_once(repository, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate(timeout=60)

    done = repository.run()

    assert done.statuses() == {"use": "success", "after": "success"}


@pytest.mark.usefixtures("holder")
def test_another_group_is_not_waited_for(repository):
    done = repository.run("--param", "group=other")

    assert done.statuses() == {"use": "success", "after": "success"}


@pytest.mark.usefixtures("holder")
def test_a_canceled_run_waits_no_longer(repository):
    waiting = repository.start()
    events_until(waiting, "job.queued", job="use")
    waiting.send_signal(signal.SIGINT)
    waiting.communicate(timeout=60)

    assert waiting.returncode == 130


def test_a_rerun_of_an_earlier_pipeline_is_outdated_by_a_later_one(repository):
    assert repository.run().status == 0
    later = repository.start("--param", "wait=true")
    events_until(later, "step.output", job="use")

    again = repository.samo("rerun", "1", "--events", "-")
    later.kill()
    later.communicate(timeout=60)

    assert again.statuses() == {"use": "not_run", "after": "success"}
    [end] = again.of("job.finished", job="use")
    assert end["reason"] == (
        "serial group 'g' has gone to job 'use' of run 2 of r, of a later pipeline"
    )


def test_the_group_holds_across_repositories(tmp_path, repository, holder):
    other = make_repository(tmp_path / "other", CONFIG)
    other.environment["XDG_CACHE_HOME"] = repository.environment["XDG_CACHE_HOME"]
    waiting = other.start()
    assert "run 1 of r" in reason(waiting)
    holder.kill()

    waiting.communicate(timeout=60)
    assert waiting.returncode == 0
