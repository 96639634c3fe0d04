"""The history of a repository's runs in a database, which catches up with their journals.

The journals are the truth, the database a reader of theirs: whatever becomes of it, it is made
anew. Each run is read in one transaction, and again only when its journal has grown or its
process has gone.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, RowMapping, Table, delete, insert, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.exc import DBAPIError

from samo.pipeline.job import JobName
from samo.pipeline.problem import SamoError
from samo.pipeline.status import JobStatus, StepStatus, WorkflowStatus
from samo.stores import history_schema as schema
from samo.stores.history_database import open_database, unusable, writing
from samo.stores.history_rows import Row, Rows, fold
from samo.stores.journal import read_journal
from samo.stores.records import (
    ArtifactRecord,
    DifferenceRecord,
    JobRecord,
    RunDetails,
    RunRecord,
    StepRecord,
    TestRecord,
    WorkflowRecord,
)
from samo.stores.results import TestResult, TestStatus, load_results
from samo.stores.runs import RunFolder, Runs

_LOG = logging.getLogger(__name__)
_BOOK_KEEPING = ("journal_bytes", "is_active")


class History:
    """An open history; any number of processes may have one open on the same database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    @contextmanager
    def open(cls, location: str | Path) -> Iterator[Self]:
        """Yield the history in the SQLite file at a path, or in the database that a URL names.

        A damaged file is moved aside, tables of another version are emptied: `catch_up` fills
        them. Raises SamoError where the database cannot be opened.
        """
        engine = open_database(location)
        try:
            yield cls(engine)
        except DBAPIError as error:
            raise unusable(engine.url, error) from error
        finally:
            engine.dispose()

    def catch_up(self, runs: Runs) -> None:
        """Read what has happened since: new runs, and what was added to known ones."""
        with self._engine.connect() as connection:
            read = {row.id: _seen(row) for row in connection.execute(select(schema.runs))}
        for folder in runs.all():
            state = _state(folder)
            if state and read.get(folder.id) != state:
                self._read(folder)

    def runs(self, limit: int) -> tuple[RunRecord, ...]:
        """Return at most `limit` runs, newest first."""
        query = select(schema.runs).order_by(schema.runs.c.number.desc()).limit(limit)
        with self._engine.connect() as connection:
            return tuple(_run(row) for row in connection.execute(query).mappings())

    def run(self, run_id: str) -> RunDetails | None:
        """Return a run with its workflows, jobs and steps; None where nothing happened in it."""
        query = select(schema.runs).where(schema.runs.c.id == run_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            return RunDetails(
                run=_run(row),
                workflows=_workflows(connection, run_id),
                differences=tuple(
                    DifferenceRecord(**each)
                    for each in _rows(connection, schema.differences, run_id)
                ),
            )

    def artifacts(self, run_id: str) -> tuple[ArtifactRecord, ...]:
        """Return the artifacts of a run, in the order in which they were stored."""
        with self._engine.connect() as connection:
            rows = _rows(connection, schema.artifacts, run_id)
        return tuple(ArtifactRecord(**row) for row in rows)

    def tests(self, run_id: str) -> tuple[TestRecord, ...]:
        """Return the test results of a run, job by job."""
        with self._engine.connect() as connection:
            return tuple(_test(row) for row in _rows(connection, schema.tests, run_id))

    def _read(self, folder: RunFolder) -> None:
        with writing(self._engine) as connection:
            state = _state(folder)
            known = select(schema.runs).where(schema.runs.c.id == folder.id)
            row = connection.execute(known).first()
            if state is None or (row and _seen(row) == state):
                return
            try:
                rows = fold(read_journal(folder.journal))
            except SamoError as error:
                _LOG.warning("run %d is left out of the history: %s", folder.number, error)
                return
            if rows.run:
                _replace(connection, folder, rows, state)


_State = tuple[int, bool]


def _state(folder: RunFolder) -> _State | None:
    """Return how long the journal is, and whether anybody writes it; None without a journal."""
    try:
        return folder.journal.stat().st_size, folder.is_active()
    except FileNotFoundError:
        return None


def _seen(row: SqlRow[Any]) -> _State:
    return row.journal_bytes, bool(row.is_active)


def _replace(connection: Connection, folder: RunFolder, rows: Rows, state: _State) -> None:
    journal_bytes, is_active = state
    if not is_active and rows.run["stopped_at"] is None:
        rows.break_off()
    connection.execute(delete(schema.runs).where(schema.runs.c.id == folder.id))
    run = {**rows.run, "id": folder.id, "journal_bytes": journal_bytes, "is_active": is_active}
    connection.execute(insert(schema.runs), run)
    for table, content in (
        (schema.workflows, rows.workflows.values()),
        (schema.jobs, rows.jobs.values()),
        (schema.steps, rows.steps.values()),
        (schema.differences, rows.differences),
        (schema.artifacts, rows.artifacts),
        (schema.tests, _test_rows(folder, rows)),
    ):
        numbered = [
            {**row, "run_id": folder.id, "position": position}
            for position, row in enumerate(content)
        ]
        if numbered:
            connection.execute(insert(table), numbered)


def _test_rows(folder: RunFolder, rows: Rows) -> Iterator[Row]:
    for workflow, attempt, job, node in dict.fromkeys(key[:4] for key in rows.steps):
        where = {"workflow": workflow, "attempt": attempt, "job": job, "node": node}
        for test in load_results(folder.of_attempt(attempt).tests(workflow, job, node)):
            yield {**where, **asdict(test)}


def _rows(connection: Connection, table: Table, run_id: str) -> list[Row]:
    """Return a run's rows as they were put in, in their order."""
    query = select(table).where(table.c.run_id == run_id).order_by(table.c.position)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        del row["run_id"], row["position"]
    return rows


def _run(row: RowMapping) -> RunRecord:
    values = {name: value for name, value in row.items() if name not in _BOOK_KEEPING}
    return RunRecord(**{**values, "status": WorkflowStatus(row["status"])})


def _workflows(connection: Connection, run_id: str) -> tuple[WorkflowRecord, ...]:
    steps: dict[tuple[str, int, JobName], list[StepRecord]] = {}
    for row in _rows(connection, schema.steps, run_id):
        owner = (row.pop("workflow"), row.pop("attempt"), row.pop("job"))
        row["status"] = StepStatus(row["status"]) if row["status"] else None
        steps.setdefault(owner, []).append(StepRecord(**row))
    jobs: dict[tuple[str, int], list[JobRecord]] = {}
    for row in _rows(connection, schema.jobs, run_id):
        workflow = (row.pop("workflow"), row.pop("attempt"))
        found = steps.get((*workflow, row["name"]), ())
        own = tuple(sorted(found, key=lambda each: (each.node, each.step)))
        row["status"] = JobStatus(row["status"])
        jobs.setdefault(workflow, []).append(JobRecord(**row, steps=own))
    return tuple(
        WorkflowRecord(
            **{**row, "status": WorkflowStatus(row["status"])},
            jobs=tuple(jobs.get((row["name"], row["attempt"]), ())),
        )
        for row in _rows(connection, schema.workflows, run_id)
    )


def _test(row: Row) -> TestRecord:
    where = {name: row.pop(name) for name in ("workflow", "attempt", "job", "node")}
    return TestRecord(**where, test=TestResult(**{**row, "result": TestStatus(row["result"])}))
