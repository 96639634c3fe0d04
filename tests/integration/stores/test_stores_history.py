import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from stores_history import DETAILS, LINT, begin, caught_up, end, job, run_record, whole, write

from samo.pipeline.event import (
    ArtifactStored,
    RunId,
    StepStarted,
)
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus
from samo.stores import Journal, Runs
from samo.stores.history import History
from samo.stores.records import (
    ArtifactRecord,
    TestRecord,
)
from samo.stores.results import Results, TestResult, TestStatus, save_results
from samo.system import locked

pytestmark = pytest.mark.integration


@pytest.fixture
def runs(tmp_path):
    return Runs(tmp_path / "runs")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.db"


def add(folder, *events):
    with Journal(folder.journal) as journal:
        for event in events:
            journal.append(event)


def test_runs_are_listed_newest_first(path, runs):
    for run_id in ("aaaa", "bbbb", "cccc"):
        write(runs, run_id, whole)

    assert caught_up(path, runs, lambda history: history.runs(2)) == (
        run_record(3, "cccc"),
        run_record(2, "bbbb"),
    )


def test_there_may_be_no_runs(path, runs):
    assert caught_up(path, runs, lambda history: history.runs(10)) == ()


def test_a_run_is_told_with_its_workflows_jobs_and_steps(path, runs):
    write(runs, "aaaa", whole)

    assert caught_up(path, runs, lambda history: history.run("aaaa")) == DETAILS


def test_an_unknown_run_is_none(path, runs):
    assert caught_up(path, runs, lambda history: history.run("aaaa")) is None


def test_steps_come_by_node_and_index(path, runs):
    def make(folder):
        yield from begin(folder)
        for node, step in ((1, 0), (0, 1), (1, 1)):
            yield StepStarted(**job(folder, LINT), node=node, step=step, name="x")

    write(runs, "aaaa", make)

    details = caught_up(path, runs, lambda history: history.run("aaaa"))
    steps = details.workflows[0].jobs[0].steps
    assert [(each.node, each.step) for each in steps] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_artifacts_are_told(path, runs):
    write(runs, "aaaa", whole)

    assert caught_up(path, runs, lambda history: history.artifacts("aaaa")) == (
        ArtifactRecord(workflow="build", job=LINT, node=1, path="x.txt", size_bytes=5),
    )


@pytest.mark.parametrize("path_", ["caf\udce9", "a\0b", "\x1bjson:x", "é\n", ""])
def test_names_of_files_may_be_of_any_characters(path_, path, runs):
    def make(folder):
        yield from begin(folder)
        yield ArtifactStored(**job(folder, LINT), step=1, name="a", path=path_, size_bytes=5)

    write(runs, "aaaa", make)

    [artifact] = caught_up(path, runs, lambda history: history.artifacts("aaaa"))
    assert artifact.path == path_


def test_tests_are_told(path, runs):
    folder = write(runs, "aaaa", whole)
    test = TestResult(
        name="test_a",
        classname="tests.test_x",
        file="tests/test_x.py",
        result=TestStatus.FAILURE,
        message="assert",
        run_time_s=0.5,
        suite="pytest",
    )
    save_results(folder.tests("build", LINT, 0), Results(tests=(test,), problems=()))

    assert caught_up(path, runs, lambda history: history.tests("aaaa")) == (
        TestRecord(workflow="build", job=LINT, node=0, test=test),
    )


def test_a_run_whose_process_lives_is_running(path, runs):
    folder = write(runs, "aaaa", begin)
    with locked(folder.lock):
        details = caught_up(path, runs, lambda history: history.run("aaaa"))

    [workflow] = details.workflows
    assert details.run == run_record(
        1, "aaaa", status=WorkflowStatus.RUNNING, stopped_at=None, duration_s=0.0
    )
    assert (workflow.status, workflow.stopped_at) == (WorkflowStatus.RUNNING, None)
    assert [each.status for each in workflow.jobs] == [
        JobStatus.RUNNING,
        JobStatus.BLOCKED,
        JobStatus.BLOCKED,
    ]
    assert workflow.jobs[0].steps[0].status is None


def test_a_run_that_broke_off_is_canceled_when_it_was_last_heard_of(path, runs):
    write(runs, "aaaa", begin)

    details = caught_up(path, runs, lambda history: history.run("aaaa"))

    [workflow] = details.workflows
    assert details.run == run_record(
        1, "aaaa", status=WorkflowStatus.CANCELED, stopped_at=1001.0, duration_s=1.0
    )
    assert (workflow.status, workflow.stopped_at) == (WorkflowStatus.CANCELED, 1001.0)
    assert [each.status for each in workflow.jobs] == [JobStatus.CANCELED] * 3
    assert workflow.jobs[0].steps[0].status is StepStatus.CANCELED


def test_a_run_that_goes_on_is_read_again(path, runs):
    folder = write(runs, "aaaa", begin)
    with History.open(path) as history:
        with locked(folder.lock):
            history.catch_up(runs)
            add(folder, *end(folder))
        history.catch_up(runs)
        assert history.run("aaaa") == DETAILS


def test_a_run_that_breaks_off_is_read_again(path, runs):
    folder = write(runs, "aaaa", begin)
    with History.open(path) as history:
        with locked(folder.lock):
            history.catch_up(runs)
        history.catch_up(runs)
        assert history.runs(1)[0].status == WorkflowStatus.CANCELED


def test_a_finished_run_is_read_once(path, runs):
    folder = write(runs, "aaaa", whole)
    with History.open(path) as history:
        history.catch_up(runs)
        size = folder.journal.stat().st_size
        folder.journal.write_bytes(b"x" * size)
        history.catch_up(runs)
        assert history.run("aaaa") == DETAILS


def test_a_torn_journal_is_told_as_far_as_it_goes(path, runs):
    folder = write(runs, "aaaa", whole)
    with folder.journal.open("r+b") as file:
        file.truncate(folder.journal.stat().st_size - 1)

    [run] = caught_up(path, runs, lambda history: history.runs(9))
    assert run.status == WorkflowStatus.CANCELED


def test_a_run_without_a_journal_is_left_out(path, runs):
    runs.create(RunId("aaaa"))
    (runs.create(RunId("bbbb"))).journal.touch()

    assert caught_up(path, runs, lambda history: history.runs(9)) == ()


def test_a_damaged_journal_is_left_out_with_a_note(path, runs, caplog):
    folder = write(runs, "aaaa", whole)
    write(runs, "bbbb", whole)
    folder.journal.write_bytes(b"x\n")

    found = caught_up(path, runs, lambda history: history.runs(9))

    assert found == (run_record(2, "bbbb"),)
    problem = f"error: line 1 of the journal {folder.journal} is no event"
    assert caplog.messages == [f"run 1 is left out of the history: {problem}"]


def test_many_may_catch_up_at_once(path, runs):
    folders = [write(runs, f"run-{number}", begin) for number in range(6)]
    together = threading.Barrier(6)

    def take_part(folder):
        together.wait()
        for event in end(folder):
            add(folder, event)
            caught_up(path, runs, lambda _: None)
        return caught_up(path, runs, lambda history: history.run(folder.id)).run.status

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(take_part, folders)) == {WorkflowStatus.FAILED}
