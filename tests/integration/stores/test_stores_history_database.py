"""The database under the history: made anew whenever it is not as it should be."""

import logging
import sqlite3
from contextlib import closing

import pytest
from stores_history import (
    DETAILS,
    caught_up,
    whole,
    write,
)

from samo.pipeline.problem import SamoError
from samo.stores import Runs
from samo.stores.history import History

pytestmark = pytest.mark.integration


@pytest.fixture
def runs(tmp_path):
    return Runs(tmp_path / "runs")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.db"


def test_a_history_that_is_removed_is_made_anew(path, runs):
    write(runs, "aaaa", whole)
    caught_up(path, runs, lambda _: None)
    path.unlink()

    assert caught_up(path, runs, lambda history: history.run("aaaa")) == DETAILS


def _not_a_database(path):
    path.write_bytes(b"this is no database" * 100)


def _torn(path):
    path.write_bytes(path.read_bytes()[:8192])


def _overwritten(path):
    data = bytearray(path.read_bytes())
    data[4096:] = b"x" * (len(data) - 4096)
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [_not_a_database, _torn, _overwritten])
def test_a_damaged_history_is_moved_aside_and_made_anew_with_a_note(damage, path, runs, caplog):
    write(runs, "aaaa", whole)
    caught_up(path, runs, lambda _: None)
    damage(path)

    with caplog.at_level(logging.WARNING):
        assert caught_up(path, runs, lambda history: history.run("aaaa")) == DETAILS

    assert caplog.messages == [
        f"the history {path} was damaged: it is now history.db.damaged-1, and made anew"
    ]
    assert path.with_name("history.db.damaged-1").exists()


def test_a_history_that_fails_while_it_is_open_is_a_problem_with_a_remedy(path, runs):
    write(runs, "aaaa", whole)
    caught_up(path, runs, lambda _: None)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE steps")

    with pytest.raises(SamoError) as caught:
        caught_up(path, runs, lambda history: history.run("aaaa"))

    assert str(caught.value) == (
        f"error: cannot use the history sqlite:///{path}: no such table: steps "
        "(it can be removed: it is made anew from the journals of the runs)"
    )


def test_tables_of_another_version_are_made_anew(path, runs):
    write(runs, "aaaa", whole)
    caught_up(path, runs, lambda _: None)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE schema_version SET version = 999")
        database.execute("DROP TABLE steps")

    assert caught_up(path, runs, lambda history: history.run("aaaa")) == DETAILS


def test_a_history_may_be_named_by_a_url(path, runs):
    write(runs, "aaaa", whole)

    assert caught_up(f"sqlite:///{path}", runs, lambda history: history.run("aaaa")) == DETAILS


@pytest.mark.parametrize(
    ("location", "message"),
    [
        (
            "nonsense",
            "error: 'nonsense' is no URL of a database (postgresql+psycopg://user@host/name is)",
        ),
        (
            "mysql://h/n",
            "error: the history cannot be kept in mysql (it can in sqlite and postgresql)",
        ),
    ],
)
def test_a_location_that_is_none_is_a_problem(location, message):
    with pytest.raises(SamoError) as caught, History.open(location):
        pass

    assert str(caught.value) == message


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path):
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "history.db"

    with pytest.raises(SamoError) as caught, History.open(path):
        pass

    assert str(caught.value).startswith(f"error: cannot use the history sqlite:///{path}: ")
