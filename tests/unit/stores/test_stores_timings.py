import json
from pathlib import Path

import pytest

from samo.pipeline.event import RunId
from samo.pipeline.problem import SamoError
from samo.stores.results import Results, TestResult, TestStatus, save_results
from samo.stores.runs import Runs
from samo.stores.timings import keep_timings


def result(name, run_time_s):
    return TestResult(
        name=name,
        classname="tests.a",
        file="tests/a.py",
        result=TestStatus.SUCCESS,
        message="",
        run_time_s=run_time_s,
        suite="",
    )


def store(folder, node, *tests):
    save_results(folder.tests("w", "test", node), Results(tests=tests, problems=()))


def kept(folder):
    return json.loads(Path(folder.timings("test")).read_bytes())


@pytest.fixture
def runs(tmp_path):
    return Runs(tmp_path / "runs")


def test_the_times_of_all_nodes_are_kept_for_later_runs(runs):
    folder = runs.create(RunId("a"))
    store(folder, 0, result("one", 1.5))
    store(folder, 1, result("two", 0.25))

    keep_timings(folder, "w", "test", nodes=3)

    place = {"file": "tests/a.py", "classname": "tests.a"}
    assert kept(runs.create(RunId("b"))) == {
        "tests": [
            {**place, "name": "one", "run_time": 1.5},
            {**place, "name": "two", "run_time": 0.25},
        ]
    }


def test_the_newest_times_take_the_place_of_older_ones(runs):
    for name in ("old", "new"):
        folder = runs.create(RunId(name))
        store(folder, 0, result(name, 1.0))
        keep_timings(folder, "w", "test", nodes=1)

    assert [test["name"] for test in kept(folder)["tests"]] == ["new"]


def test_a_run_without_results_leaves_the_times_that_are_there(runs):
    folder = runs.create(RunId("a"))
    store(folder, 0, result("one", 1.0))
    keep_timings(folder, "w", "test", nodes=1)

    keep_timings(runs.create(RunId("b")), "w", "test", nodes=1)

    assert [test["name"] for test in kept(folder)["tests"]] == ["one"]


def test_a_place_that_cannot_be_written_is_told(runs):
    folder = runs.create(RunId("a"))
    store(folder, 0, result("one", 1.0))
    (folder.path.parent / "timings").write_text("")

    with pytest.raises(SamoError, match="cannot keep the times of the tests in"):
        keep_timings(folder, "w", "test", nodes=1)
