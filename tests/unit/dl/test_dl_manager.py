import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from samo.dl.manager import LoadCounts, ModelManager

THREADS = 8


class Loader:
    """Loads when it is let, and knows how often it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.names = []
        self.is_asked = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, name):
        self.names.append(name)
        self.is_asked.set()
        self.may_go_on.wait(10)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def ask_at_once(manager, load):
    """Let many threads ask while the first load is going on; return what each got."""

    def ask(_number):
        try:
            return manager.get_model("tiny")
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(THREADS) as pool:
        first = pool.submit(ask, 0)
        assert load.is_asked.wait(10)
        others = [pool.submit(ask, number) for number in range(1, THREADS)]
        load.may_go_on.set()
        return [each.result(10) for each in (first, *others)]


def test_nothing_is_loaded_before_it_is_asked_for():
    load = Loader("model")
    ModelManager(load)
    assert load.names == []


def test_many_who_ask_first_get_one_load():
    load = Loader("model")
    assert ask_at_once(ModelManager(load), load) == ["model"] * THREADS
    assert load.names == ["tiny"]


def test_a_failed_load_is_told_and_tried_again():
    load = Loader(ValueError("broken"), "model")
    load.may_go_on.set()
    manager = ModelManager(load)
    with pytest.raises(ValueError, match="broken"):
        manager.get_model("tiny")
    assert manager.get_model("tiny") == "model"


def test_each_name_has_its_own_model():
    manager = ModelManager(str.upper)
    assert [manager.get_model(name) for name in ("a", "b", "a")] == ["A", "B", "A"]


def test_loads_are_timed_and_failures_counted():
    load = Loader(ValueError("broken"), "model")
    load.may_go_on.set()
    manager = ModelManager(load, clock=iter([1.0, 2.0, 2.5]).__next__)
    with pytest.raises(ValueError, match="broken"):
        manager.get_model("tiny")
    manager.get_model("tiny")
    assert manager.counts() == LoadCounts(seconds={"tiny": 0.5}, failures={"tiny": 1})
