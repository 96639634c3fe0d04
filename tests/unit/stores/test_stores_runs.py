import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from samo.pipeline.event import RunId
from samo.pipeline.problem import SamoError, UsageError
from samo.stores import RunFolder, Runs
from samo.system import locked


@pytest.fixture
def root(tmp_path):
    return tmp_path / ".samo" / "runs"


@pytest.fixture
def runs(root):
    return Runs(root)


def test_runs_are_numbered_from_1(runs, root):
    runs.create(RunId("aaaa"))

    assert runs.create(RunId("bbbb")) == RunFolder(path=root / "000002", number=2, id=RunId("bbbb"))


def test_what_samo_keeps_is_ignored_by_git(runs, root):
    runs.create(RunId("aaaa"))

    assert (root.parent / ".gitignore").read_text() == "*\n"


def test_all_runs_are_listed_oldest_first(runs):
    created = tuple(runs.create(RunId(f"run-{number}")) for number in range(12))

    assert runs.all() == created


def test_there_may_be_no_runs(runs):
    assert runs.all() == ()


def test_runs_made_at_once_get_numbers_of_their_own(runs):
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda number: runs.create(RunId(f"r{number}")), range(40)))

    assert sorted(folder.number for folder in folders) == list(range(1, 41))


def test_a_folder_that_a_crash_left_without_its_id_is_no_run(runs, root):
    (root / "000003").mkdir(parents=True)
    (root / "000004").mkdir()
    (root / "000004" / "id").write_text("")

    assert runs.all() == ()
    assert runs.create(RunId("aaaa")).number == 5


@pytest.mark.parametrize("reference", ["2", "000002", "b", "bbbb", "last"])
def test_a_run_is_found_by_number_prefix_or_last(reference, runs):
    runs.create(RunId("aaaa"))
    second = runs.create(RunId("bbbb"))

    assert runs.find(reference) == second


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("3", "error: there is no run '3' (samo runs lists them)"),
        ("x", "error: there is no run 'x' (samo runs lists them)"),
        ("", "error: there is no run '' (samo runs lists them)"),
        (
            "a",
            "error: 'a' begins the ids of 2 runs (give more of the id, or one of the numbers 1, 2)",
        ),
    ],
)
def test_a_reference_to_no_run_or_several_is_a_problem(reference, message, runs):
    runs.create(RunId("aaaa"))
    runs.create(RunId("aabb"))

    with pytest.raises(UsageError) as caught:
        runs.find(reference)

    assert str(caught.value) == message


def test_the_last_of_no_runs_is_a_problem(runs):
    with pytest.raises(UsageError) as caught:
        runs.find("last")

    assert str(caught.value) == "error: there is no run yet (samo run starts one)"


def _file(path):
    path.write_text("")


def _no_text(path):
    path.mkdir()
    (path / "id").write_bytes(b"\xff\xfe")


def _folder(path):
    (path / "id").mkdir(parents=True)


@pytest.mark.parametrize("make", [_file, _no_text, _folder])
def test_what_is_no_run_of_ours_does_not_hinder(make, runs, root):
    folder = runs.create(RunId("aaaa"))
    make(root / "000007")

    assert runs.all() == (folder,)
    assert runs.find("last") == folder


def test_a_mark_that_is_none_of_ours_does_not_hinder(runs, root):
    folder = runs.create(RunId("aaaa"))
    (root / "notes.open").touch()

    assert runs.broken() == (folder,)


def test_a_discarded_run_leaves_nothing(runs, root):
    folder = runs.create(RunId("aaaa"))
    (folder.path / "logs").mkdir()

    runs.discard(folder)

    assert runs.all() == ()
    assert list(root.iterdir()) == []


def test_numbers_of_jobs_go_on_from_the_last(runs):
    first, second, third = (runs.reserve_numbers(count) for count in (3, 1, 2))

    assert (first, second, third) == (1, 4, 5)


def test_numbers_of_jobs_are_never_given_twice(runs, root):
    runs.reserve_numbers(1)
    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(lambda _: Runs(root).reserve_numbers(3), range(40)))

    assert sorted(firsts) == list(range(2, 122, 3))


def test_a_place_where_no_run_can_be_made_is_a_problem(tmp_path):
    (tmp_path / "file").touch()
    runs = Runs(tmp_path / "file" / "runs")

    for make in (lambda: runs.create(RunId("aaaa")), runs.starting):
        with pytest.raises(SamoError) as caught:
            make()

        assert str(caught.value) == (
            f"error: cannot make a run in {tmp_path / 'file' / 'runs'}: Not a directory"
        )
    assert runs.broken() == ()


def test_a_damaged_counter_is_a_problem_with_a_remedy(runs, root):
    root.mkdir(parents=True)
    (root / "build_number").write_text("many")

    with pytest.raises(SamoError) as caught:
        runs.reserve_numbers(1)

    assert str(caught.value) == (
        f"error: {root / 'build_number'} does not hold the last number of a job "
        "(write that number into it, or remove it to count from 1 again)"
    )


def test_a_run_is_active_while_its_lock_is_held(runs):
    folder = runs.create(RunId("aaaa"))
    before = folder.is_active()
    with locked(folder.lock):
        during = folder.is_active()

    assert (before, during, folder.is_active()) == (False, True, False)


def test_two_that_look_at_once_do_not_take_each_other_for_the_run(runs):
    folder = runs.create(RunId("aaaa"))
    with locked(folder.lock):
        pass
    together = threading.Barrier(4)

    def look(_):
        together.wait()
        return any(folder.is_active() for _ in range(200))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(look, range(4))) == [False] * 4


def test_each_thing_of_a_run_has_its_place(tmp_path):
    folder = RunFolder(path=tmp_path, number=1, id=RunId("aaaa"))

    assert [
        folder.journal,
        folder.log("build", "test py/3", 1, 2),
        folder.artifacts("build", "a", 0),
        folder.tests("build", "a", 0),
        folder.workspace("build"),
    ] == [
        tmp_path / "journal.jsonl",
        tmp_path / "logs" / "build" / "test%20py%2F3" / "1" / "2.log",
        tmp_path / "artifacts" / "build" / "a" / "0",
        tmp_path / "tests" / "build" / "a" / "0.json",
        tmp_path / "workspaces" / "build",
    ]


def test_a_run_that_has_ended_is_not_broken(runs):
    folder = runs.create(RunId("aaaa"))
    runs.close(folder)

    assert runs.broken() == ()


def test_a_run_that_nobody_runs_is_broken_until_it_is_closed(runs):
    folder = runs.create(RunId("aaaa"))

    assert runs.broken() == (folder,)
    with locked(folder.lock):
        assert runs.broken() == ()
    runs.close(folder)
    runs.reopen(folder)
    assert runs.broken() == (folder,)


def test_a_run_that_was_not_even_made_is_broken_and_can_be_discarded(runs, root):
    folder = runs.create(RunId("aaaa"))
    (folder.path / "id").unlink()

    [broken] = runs.broken()
    assert broken == RunFolder(path=root / "000001", number=1, id=RunId(""))
    runs.discard(broken)
    assert runs.broken() == ()
    assert not folder.path.exists()


def test_each_attempt_has_logs_artifacts_and_tests_of_its_own(runs):
    folder = runs.create(RunId("aaaa"))
    second = folder.of_attempt(2)

    assert folder.of_attempt(1) == folder
    assert second.log("w", "j", 0, 1) == folder.path / "attempts/2/logs/w/j/0/1.log"
    assert second.artifacts("w", "j", 0) == folder.path / "attempts/2/artifacts/w/j/0"
    assert second.tests("w", "j", 0) == folder.path / "attempts/2/tests/w/j/0.json"
    assert (second.workspace("w"), second.journal) == (folder.workspace("w"), folder.journal)
