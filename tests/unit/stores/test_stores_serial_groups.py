from contextlib import contextmanager

import pytest

from samo.stores.serial_groups import Busy, Claim, Outdated, Taken, Turn


@contextmanager
def turn(root, number, project="p", group="deploy/main"):
    claim = Claim(project=project, number=number, label=f"{project}{number}")
    place = Turn(root, group, claim)
    try:
        yield place
    finally:
        place.close()


def told(taken):
    return (type(taken), taken.holder.label)


def test_a_free_group_is_taken_and_stays_taken(tmp_path):
    with turn(tmp_path, 1) as one:
        assert one.take() == Taken()
        assert one.take() == Taken()


def test_the_next_waits_until_the_group_is_given_back(tmp_path):
    with turn(tmp_path, 2) as two:
        with turn(tmp_path, 1) as one:
            one.take()
            assert told(two.take()) == (Busy, "p1")
        assert two.take() == Taken()


def test_two_groups_have_nothing_to_do_with_each_other(tmp_path):
    with turn(tmp_path, 1) as one, turn(tmp_path, 2, group="deploy-main") as two:
        assert [one.take(), two.take()] == [Taken(), Taken()]


def test_a_lower_pipeline_of_the_same_project_is_outdated_by_one_that_runs(tmp_path):
    with turn(tmp_path, 2) as two:
        two.take()
        with turn(tmp_path, 1) as one:
            assert told(one.take()) == (Outdated, "p2")


def test_numbers_of_different_projects_are_not_compared(tmp_path):
    with turn(tmp_path, 2) as two, turn(tmp_path, 1, "q") as one:
        two.take()
        assert told(one.take()) == (Busy, "p2")


def test_runs_of_a_project_come_by_number_and_projects_as_they_came(tmp_path):
    with (
        turn(tmp_path, 5, "b") as b5,
        turn(tmp_path, 9, "a") as a9,
        turn(tmp_path, 4, "b") as b4,
        turn(tmp_path, 8, "a") as a8,
    ):
        order = []
        waiting = {"b5": b5, "a9": a9, "b4": b4, "a8": a8}
        while waiting:
            [name] = [name for name, each in waiting.items() if each.take() == Taken()]
            order.append(name)
            waiting.pop(name).close()

    assert order == ["b4", "b5", "a8", "a9"]


def test_who_died_waiting_is_passed_over(tmp_path):
    with turn(tmp_path, 1) as one:
        folder = next(tmp_path.iterdir())
        [own] = folder.glob("*.waiting")
        (folder / "dead.waiting").write_text(own.read_text().replace("1,", "0,"))

        assert one.take() == Taken()
        assert list(folder.glob("*.waiting")) == []


@pytest.mark.parametrize("group", ["a/b", "..", "%", "x" * 512])
def test_a_group_may_be_called_anything(tmp_path, group):
    with turn(tmp_path / "root", 1, group=group) as one:
        assert one.take() == Taken()
    assert [each.name for each in tmp_path.iterdir()] == ["root"]
