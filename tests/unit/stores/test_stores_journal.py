import resource
from contextlib import contextmanager

import pytest

from samo.pipeline.event import JobQueued, RunFinished, RunId, RunStarted
from samo.pipeline.job import JobName
from samo.pipeline.problem import SamoError
from samo.pipeline.status import WorkflowStatus
from samo.stores import Journal, read_journal

RUN = RunId("r1")
STARTED = RunStarted(time=1000.0, run=RUN, number=1, branch="main")
QUEUED = JobQueued(time=1001.5, run=RUN, workflow="build", job=JobName("a\n'é\ud800"))
FINISHED = RunFinished(time=1002.0, run=RUN, status=WorkflowStatus.SUCCESS, duration_s=2.0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run" / "journal.jsonl"


def write(path, *events):
    with Journal(path) as journal:
        for event in events:
            journal.append(event)


def test_events_are_read_back_in_order(path):
    write(path, STARTED, QUEUED, FINISHED)

    assert list(read_journal(path)) == [STARTED, QUEUED, FINISHED]


def test_an_event_is_in_the_file_when_append_returns(path):
    with Journal(path) as journal:
        journal.append(STARTED)
        assert list(read_journal(path)) == [STARTED]
        journal.sync()


def test_several_events_are_in_the_file_at_once(path):
    with Journal(path) as journal:
        journal.append(STARTED, QUEUED)
        assert list(read_journal(path)) == [STARTED, QUEUED]


def test_a_journal_is_continued(path):
    write(path, STARTED)
    write(path, FINISHED)

    assert list(read_journal(path)) == [STARTED, FINISHED]


def test_torn_at_any_byte_the_whole_events_are_read(path):
    write(path, STARTED, QUEUED, FINISHED)
    whole = path.read_bytes()
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        expected = [STARTED, QUEUED, FINISHED][: sum(end <= length for end in ends)]
        assert list(read_journal(path)) == expected


def test_torn_at_any_byte_a_journal_is_continued_after_its_whole_events(path):
    write(path, STARTED, QUEUED)
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        write(path, FINISHED)
        assert list(read_journal(path)) == [STARTED, FINISHED][length < first :]


def test_a_torn_line_longer_than_the_tail_that_is_looked_at_is_cut_off(path):
    write(path, STARTED)
    with path.open("ab") as file:
        file.write(b"x" * 200_000)

    write(path, FINISHED)

    assert list(read_journal(path)) == [STARTED, FINISHED]


def test_a_missing_journal_is_a_problem(path):
    with pytest.raises(SamoError) as caught:
        list(read_journal(path))

    assert str(caught.value) == f"error: the journal {path} is missing"


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b"1",
        b"nonsense",
        b"\xff",
        b'{"type": "run.rebooted"}',
        b'{"type": "run.started", "time": "yesterday"}',
        b'{"type": "run.started", "time": "2026-01-01T00:00:00Z"}',
        b'{"type": [], "time": 1}',
    ],
)
def test_a_whole_line_that_is_no_event_is_a_problem(line, path):
    write(path, STARTED)
    with path.open("ab") as file:
        file.write(line + b"\n")

    with pytest.raises(SamoError) as caught:
        list(read_journal(path))

    assert str(caught.value) == f"error: line 2 of the journal {path} is no event"


@contextmanager
def room_for(size_bytes):
    """Let no file grow beyond a size: what a full disk is to its writer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_without_room_an_event_is_a_problem_and_leaves_no_half_line(path):
    write(path, STARTED)
    size = path.stat().st_size
    with Journal(path) as journal:
        with room_for(size + 10), pytest.raises(SamoError) as caught:
            journal.append(QUEUED)
        assert path.stat().st_size == size
        journal.append(FINISHED)

    assert list(read_journal(path)) == [STARTED, FINISHED]
    assert str(caught.value) == (
        f"error: cannot write the journal {path}: File too large "
        "(what was written before is kept; free some space and run again)"
    )


def test_a_journal_that_cannot_be_read_is_a_problem(tmp_path):
    with pytest.raises(SamoError) as caught:
        list(read_journal(tmp_path))

    assert str(caught.value) == f"error: cannot read the journal {tmp_path}: Is a directory"


def test_a_journal_that_cannot_be_opened_is_a_problem(tmp_path):
    (tmp_path / "run").touch()
    path = tmp_path / "run" / "journal.jsonl"

    with pytest.raises(SamoError) as caught:
        Journal(path)

    assert str(caught.value) == f"error: cannot open the journal {path}: File exists"
