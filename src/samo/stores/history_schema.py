"""The tables of the history; another version of them is made anew from the journals."""

import json
import re

from sqlalchemy import (
    Column,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

VERSION = 3

metadata = MetaData()

_ENCODED = "\x1bjson:"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class _AnyText(TypeDecorator[str]):
    """Text of any characters: databases refuse some that names of files and messages may have."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None or not (_NO_TEXT.search(value) or value.startswith(_ENCODED)):
            return value
        return _ENCODED + json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None or not value.startswith(_ENCODED):
            return value
        return str(json.loads(value.removeprefix(_ENCODED)))


def _run_id() -> Column[str]:
    return Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


def _position() -> Column[int]:
    """Return what orders the rows of one run, as its events came."""
    return Column("position", Integer, primary_key=True, autoincrement=False)


def _attempt() -> Column[int]:
    return Column("attempt", Integer, nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, _AnyText, nullable=False)


def _seconds(name: str) -> Column[float]:
    return Column(name, Float(53), nullable=False)


schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False, index=True),
    _text("status"),
    _seconds("created_at"),
    Column("stopped_at", Float(53)),
    _seconds("duration_s"),
    _text("branch"),
    _text("tag"),
    _text("revision"),
    _text("config"),
    Column("rerun_of", Integer, nullable=False),
    # What was read: the run is read again when its journal has grown, or its process has gone.
    Column("journal_bytes", Integer, nullable=False),
    Column("is_active", Integer, nullable=False),
)

workflows = Table(
    "workflows",
    metadata,
    _run_id(),
    _position(),
    _text("name"),
    _attempt(),
    _text("status"),
    _seconds("created_at"),
    Column("stopped_at", Float(53)),
    _seconds("duration_s"),
)

jobs = Table(
    "jobs",
    metadata,
    _run_id(),
    _position(),
    _text("workflow"),
    _attempt(),
    _text("name"),
    Column("job_number", Integer),
    _text("status"),
    Column("started_at", Float(53)),
    _seconds("duration_s"),
    _text("reason"),
)

steps = Table(
    "steps",
    metadata,
    _run_id(),
    _position(),
    _text("workflow"),
    _attempt(),
    _text("job"),
    Column("step", Integer, nullable=False),
    Column("node", Integer, nullable=False),
    _text("name"),
    Column("status", Text),
    Column("exit_code", Integer),
    _seconds("started_at"),
    _seconds("duration_s"),
    _text("reason"),
)

differences = Table(
    "differences",
    metadata,
    _run_id(),
    _position(),
    _text("rule"),
    _text("message"),
    _text("workflow"),
    _text("job"),
    _text("place"),
)

artifacts = Table(
    "artifacts",
    metadata,
    _run_id(),
    _position(),
    _text("workflow"),
    _attempt(),
    _text("job"),
    Column("node", Integer, nullable=False),
    _text("path"),
    Column("size_bytes", Integer, nullable=False),
)

tests = Table(
    "tests",
    metadata,
    _run_id(),
    _position(),
    _text("workflow"),
    _attempt(),
    _text("job"),
    Column("node", Integer, nullable=False),
    _text("name"),
    _text("classname"),
    _text("file"),
    _text("result"),
    _text("message"),
    _seconds("run_time_s"),
    _text("suite"),
)
