"""The database under the history: opened with its tables, repaired by making it anew."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from samo.pipeline.problem import Problem, ProblemKind, SamoError
from samo.stores.history_schema import VERSION, metadata, schema_version
from samo.system import locked

_LOG = logging.getLogger(__name__)
_BUSY_TIMEOUT_S = 60
# Two that catch up at once read the same runs: one waits here, and then finds them read.
_BEGIN = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "LOCK TABLE schema_version IN EXCLUSIVE MODE",
}


def open_database(location: str | Path) -> Engine:
    """Return the database at a path or URL, with the tables of this version.

    A file that is no whole database is moved aside. Raises SamoError where none can be opened.
    """
    url = _url(location)
    try:
        if url.get_backend_name() == "sqlite" and url.database:
            return _open_file(url, Path(url.database))
        return _open(url)
    except (DBAPIError, OSError, ImportError) as error:
        raise unusable(url, error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that no other writer is in; commit on success."""
    with engine.begin() as connection:
        connection.exec_driver_sql(_BEGIN[engine.dialect.name])
        yield connection


def unusable(url: URL, error: Exception) -> SamoError:
    """Return in words that the history at `url` fails."""
    remedy = "it can be removed: it is made anew from the journals of the runs"
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return SamoError(
        Problem(
            kind=ProblemKind.STORE,
            message=f"cannot use the history {url.render_as_string()}: {str(cause).strip()}",
            hint=remedy if url.get_backend_name() == "sqlite" else "",
        )
    )


def _url(location: str | Path) -> URL:
    if isinstance(location, Path):
        return URL.create("sqlite", database=str(location))
    try:
        url = make_url(location)
    except ArgumentError as error:
        message = f"'{location}' is no URL of a database"
        hint = "postgresql+psycopg://user@host/name is"
        raise SamoError(Problem(kind=ProblemKind.USAGE, message=message, hint=hint)) from error
    if url.get_backend_name() not in _BEGIN:
        message = f"the history cannot be kept in {url.get_backend_name()}"
        raise SamoError(
            Problem(kind=ProblemKind.USAGE, message=message, hint="it can in sqlite and postgresql")
        )
    return url


def _open_file(url: URL, path: Path) -> Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Nobody looks at a file that another is about to move aside or to fill with tables.
    with locked(path.with_name(f"{path.name}.lock")):
        if path.exists() and not _is_whole(path):
            _move_aside(path)
        return _open(url)


def _is_whole(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S)) as connection:
            [answer] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        # It cannot be opened or is busy, which says nothing about what is in it.
        raise
    except sqlite3.DatabaseError:
        return False
    return bool(answer == "ok")


def _move_aside(path: Path) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _LOG.warning("the history %s was damaged: it is now %s, and made anew", path, aside.name)


def _open(url: URL) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up)
    try:
        _require_tables(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _set_up(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, too late to be alone in them.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_S * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _require_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        if _version(connection) == VERSION:
            return
        metadata.drop_all(connection)
        metadata.create_all(connection)
        connection.execute(insert(schema_version).values(version=VERSION))


def _version(connection: Connection) -> int | None:
    if not inspect(connection).has_table(schema_version.name):
        return None
    return connection.scalar(select(schema_version.c.version))
