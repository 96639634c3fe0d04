"""A run read back from the history tells the same as the run itself did."""

from cli_runs import WHOLE

from samo.cli.past_run import tally_of
from samo.cli.tally import Tally
from samo.cli.verdict import detail
from samo.pipeline.event import RunId
from samo.stores import Journal, Runs
from samo.stores.history import History


def test_the_history_tells_a_run_as_its_events_did(tmp_path):
    runs = Runs(tmp_path / "runs")
    folder = runs.create(RunId("r1"))
    tally = Tally()
    with Journal(folder.journal) as journal:
        for event in WHOLE:
            tally.note(event)
            if type(event).__name__ != "StepOutput":
                journal.append(event)
    with History.open(tmp_path / "history.db") as history:
        history.catch_up(runs)
        details = history.run("r1")

    assert [line.text for line in detail(tally_of(details))] == [
        line.text for line in detail(tally)
    ]
