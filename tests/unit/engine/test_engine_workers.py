import threading

import pytest

from samo.engine.workers import Workers


def test_tasks_run_side_by_side_and_end_before_the_with_does():
    meeting = threading.Barrier(3)
    done = []

    with Workers(limit=10) as workers:
        for index in range(3):
            workers.start(lambda index=index: (meeting.wait(10), done.append(index)))

    assert sorted(done) == [0, 1, 2]


def test_no_more_threads_run_than_the_limit_allows():
    names = set()

    with Workers(limit=2) as workers:
        for _ in range(20):
            workers.start(lambda: names.add(threading.get_ident()))

    assert 1 <= len(names) <= 2


def test_what_a_task_raises_is_raised_at_the_end_and_the_others_have_run():
    done = []

    def run():
        with Workers(limit=1) as workers:
            workers.start(lambda: 1 / 0)
            workers.start(lambda: done.append(1))

    with pytest.raises(ZeroDivisionError):
        run()
    assert done == [1]
