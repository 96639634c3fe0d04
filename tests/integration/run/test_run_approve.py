"""`samo approve` and `samo cancel`: word to a run from another terminal, or when it is on hold."""

import os
import re

import pytest
from run_repository import events_until, jobs_config, make_repository
from test_run_terminal import Terminal

pytestmark = pytest.mark.integration


def held(config, rest=""):
    """Let an approval `ok` stand between `build` and `deploy`."""
    jobs = "build, {ok: {type: approval, requires: [build]}}, {deploy: {requires: [ok]}}"
    return re.sub(r"jobs: \[.*\]\n$", f"jobs: [{jobs}{rest}]\n", config)


@pytest.fixture
def on_hold(tmp_path):
    """A repository whose run has ended on hold."""
    config = held(jobs_config(build="echo $CIRCLE_BUILD_NUM", deploy="echo $CIRCLE_BUILD_NUM"))
    repository = make_repository(tmp_path / "r", config)
    assert repository.run().status == 3
    return repository


def test_a_run_that_ended_on_hold_goes_on_where_it_is_approved(on_hold):
    done = on_hold.samo("approve", "last", "ok", "--events", "-")

    assert done.status == 0, done.err
    assert [event["type"] for event in done.events if event["type"].startswith("approval")] == [
        "approval.given"
    ]
    assert [event["job"] for event in done.of("job.started")] == ["deploy"]
    assert done.output("deploy") != ""
    assert done.statuses() == {"build": "success", "ok": "success", "deploy": "success"}
    shown = on_hold.samo("show", "last").out
    assert "workflow all: success" in shown
    assert "run 1: success" in shown


def test_a_failure_after_the_approval_is_the_exit_status(tmp_path):
    repository = make_repository(tmp_path / "r", held(jobs_config(build="true", deploy="false")))
    repository.run()

    assert repository.samo("approve", "1", "all/ok").status == 1
    assert "run 1: failed" in repository.samo("show", "1").out


@pytest.mark.parametrize(
    ("job", "message"),
    [
        ("deploy", "job 'deploy' of run 1 is blocked (only a job that is on hold can be approved)"),
        ("okk", "run 1 has no job 'okk' (did you mean 'ok'?)"),
        ("x", "run 1 has no job 'x' (on hold: ok)"),
    ],
)
def test_only_what_is_on_hold_can_be_approved(on_hold, job, message):
    done = on_hold.samo("approve", "1", job)

    assert (done.status, done.out, done.err) == (2, "", f"error: {message}\n")
    assert "run 1: on_hold" in on_hold.samo("show", "1").out


def test_an_approval_is_given_once(on_hold):
    assert on_hold.samo("approve", "1", "ok").status == 0

    done = on_hold.samo("approve", "1", "ok")

    assert (done.status, done.err) == (
        2,
        "error: job 'ok' of run 1 is success (only a job that is on hold can be approved)\n",
    )


def test_a_run_that_still_runs_is_told_and_goes_on_where_it_is(tmp_path):
    wait = "while ! [ -e $PWD/../never ]; do sleep 0.05; done"
    config = held(jobs_config(build="true", deploy="echo deployed", other=wait), ", other")
    repository = make_repository(tmp_path / "r", config)
    process = repository.start()
    events_until(process, "approval.requested")

    told = repository.samo("approve", "last", "ok")
    events_until(process, "job.finished", job="deploy", status="success")
    canceled = repository.samo("cancel", "last")
    process.communicate(timeout=60)

    assert (told.status, told.out) == (0, "approved 'ok' of run 1\n")
    assert (canceled.status, canceled.out) == (0, "run 1: canceled\n")
    assert process.returncode == 130
    assert repository.scratch() == []


def test_a_question_at_a_terminal_may_be_answered_at_another(tmp_path):
    config = held(jobs_config(build="true", deploy="true"))
    repository = make_repository(tmp_path / "r", config)
    terminal = Terminal(repository)
    terminal.read_until("approve 'ok'? [y/N] ")

    told = repository.samo("approve", "last", "ok")

    assert told.status == 0, told.err
    assert terminal.finish() == 0
    assert re.search(r"deploy +success", terminal.text)


def test_a_run_that_waits_at_a_terminal_may_be_canceled_from_another(tmp_path):
    repository = make_repository(tmp_path / "r", held(jobs_config(build="true", deploy="true")))
    terminal = Terminal(repository)
    terminal.read_until("approve 'ok'? [y/N] ")

    assert repository.samo("cancel", "1").out == "run 1: canceled\n"
    assert terminal.finish() == 130


def test_a_run_on_hold_is_canceled_where_it_stands(on_hold):
    done = on_hold.samo("cancel", "last")

    assert (done.status, done.out) == (0, "run 1: canceled\n")
    shown = on_hold.samo("show", "1").out
    assert re.search(r"ok +canceled", shown)
    assert re.search(r"deploy +not_run", shown)
    assert on_hold.samo("approve", "1", "ok").status == 2


def test_a_run_that_has_ended_cannot_be_canceled(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build="true"))
    repository.run()

    done = repository.samo("cancel", "1")

    assert (done.status, done.err) == (
        2,
        "error: run 1 has ended: success (only a run that runs, or is on hold, can be canceled)\n",
    )


def test_one_who_waits_for_a_run_that_was_killed_is_told(tmp_path):
    repository = make_repository(tmp_path / "r", jobs_config(build="echo up; sleep 1000"))
    process = repository.start()
    events_until(process, "step.output")
    os.kill(process.pid, 9)
    process.communicate(timeout=60)

    done = repository.samo("cancel", "last")

    assert done.status == 2
    assert "run 1 was killed while it ran: it is canceled now" in done.err
    assert "error: run 1 has ended: canceled" in done.err
