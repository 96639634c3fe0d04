import threading

from samo.engine.slots import Slots


def test_jobs_one_after_the_other_share_a_folder(tmp_path):
    with Slots(tmp_path) as slots:
        with slots.one() as first:
            pass
        with slots.one() as second:
            pass

    assert first == second == tmp_path / "0"


def test_jobs_side_by_side_have_folders_of_their_own_the_lowest_free_one_first(tmp_path):
    with Slots(tmp_path) as slots, slots.one() as first:
        with slots.one() as second, slots.one() as third:
            pass
        with slots.one() as again:
            pass

    assert [path.name for path in (first, second, third, again)] == ["0", "1", "2", "1"]


def test_another_run_takes_other_folders(tmp_path):
    with (
        Slots(tmp_path) as run,
        Slots(tmp_path) as other,
        run.one() as mine,
        other.one() as theirs,
    ):
        assert (mine.name, theirs.name) == ("0", "1")
    with Slots(tmp_path) as later, later.one() as free:
        assert free.name == "0"


def test_what_a_killed_run_left_is_gone_when_the_folder_is_taken(tmp_path):
    (tmp_path / "0/home").mkdir(parents=True)

    with Slots(tmp_path) as slots, slots.one() as folder:
        assert not folder.exists()


def test_nothing_but_the_locks_is_left_at_the_end(tmp_path):
    with Slots(tmp_path) as slots, slots.one() as folder:
        (folder / "home").mkdir(parents=True)

    assert [path.name for path in tmp_path.iterdir()] == ["0.lock"]


def test_threads_never_share_a_folder(tmp_path):
    inside = set()
    clashes = []
    meeting = threading.Barrier(4)

    def job():
        meeting.wait(10)
        for _ in range(50):
            with slots.one() as folder:
                if folder in inside:
                    clashes.append(folder)
                inside.add(folder)
                inside.discard(folder)

    with Slots(tmp_path) as slots:
        threads = [threading.Thread(target=job) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert clashes == []
