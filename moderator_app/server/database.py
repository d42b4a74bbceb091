"""One database behind the server, SQLite or PostgreSQL: how it is opened, read and written."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from moderator_app.server.schema import SCHEMA_VERSION, metadata, server
from moderator_app.server.trouble import ServeTrouble

T = TypeVar("T")

BUSY_MS = 10_000
CONNECTIONS = 40  # as many as there are threads that answer requests (AnyIO's default)
ATTEMPTS = 5  # of a transaction that PostgreSQL gave up for another one's sake
# recursive_triggers: without it, INSERT OR REPLACE would go past the trigger that refuses to delete.
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",
)
_GIVEN_UP = {"40001", "40P01"}  # PostgreSQL: serialization_failure, deadlock_detected


class Database:
    """The tables of one newsroom, made when the database is empty.

    `url` is `sqlite:///FILE` or `postgresql://USER@HOST/NAME`; `busy_ms` is how many milliseconds a transaction waits
    for another process that writes the same SQLite file. Raises `ServeTrouble` when it cannot be used.
    """

    def __init__(self, url: str, *, busy_ms: int = BUSY_MS) -> None:
        address = _address(url)
        self.keeps_nul = address.get_backend_name() == "sqlite"  # PostgreSQL cannot hold U+0000 in a text
        engine = _sqlite(address, busy_ms) if self.keeps_nul else _postgresql(address)
        self._reader, self._writer = _reader_and_writer(engine)
        # SQLite has one writer at a time: waiting in line here is fairer and quicker than its polling.
        self._turn: AbstractContextManager[Any] = threading.Lock() if self.keeps_nul else nullcontext()
        try:
            self.write(_make_tables)
        except (SQLAlchemyError, OSError) as trouble:
            self.close()
            raise ServeTrouble(_unusable(address, trouble)) from trouble
        except ServeTrouble:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database for as long as it is held."""
        with self._reader.begin() as connection:
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, done in one transaction; nothing of it stays when it raises.

        `work` may be called again when PostgreSQL gives a transaction up, so it does nothing but speak to the database.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                return self._write_once(work)
            except DBAPIError as trouble:
                if getattr(trouble.orig, "sqlstate", None) not in _GIVEN_UP:
                    raise
        return self._write_once(work)

    def _write_once(self, work: Callable[[Connection], T]) -> T:
        with self._turn, self._writer.begin() as connection:
            return work(connection)

    def close(self) -> None:
        """Give back the connections; safe to call twice."""
        self._writer.dispose()


def take_turn(connection: Connection) -> int:
    """The number of the change that this transaction makes; every other writer waits until it ends."""
    seq: int = connection.execute(select(server.c.seq).with_for_update()).scalar_one()
    return seq + 1


def record_change(connection: Connection, seq: int) -> None:
    """Let everybody see that something changed; `seq` is from `take_turn`."""
    connection.execute(update(server).values(seq=seq))


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    backend = address.get_backend_name() if address is not None else ""
    if address is not None and backend == "sqlite" and address.database not in (None, "", ":memory:"):
        return address.set(drivername="sqlite")
    if address is not None and backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    raise ServeTrouble("The database address is not one of sqlite:///FILE or postgresql://USER@HOST/NAME; correct it.")


def _sqlite(address: URL, busy_ms: int) -> Engine:
    waits = {"timeout": busy_ms / 1000}
    engine = create_engine(address, pool_size=CONNECTIONS, hide_parameters=True, connect_args=waits)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says, not where the driver guesses
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _postgresql(address: URL) -> Engine:
    return create_engine(
        address,
        pool_size=CONNECTIONS,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 10},
    )


def _reader_and_writer(engine: Engine) -> tuple[Engine, Engine]:
    if engine.dialect.name == "sqlite":
        # A write begins as a write: one that began as a read could not wait for another writer.
        event.listen(engine, "begin", _begin)
        return engine, engine.execution_options(begin="BEGIN IMMEDIATE")
    return engine.execution_options(isolation_level="REPEATABLE READ"), engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _make_tables(connection: Connection) -> None:
    if not inspect(connection).has_table(server.name):
        metadata.create_all(connection)
        first = {"id": 1, "schema_version": SCHEMA_VERSION, "instance": uuid.uuid4().hex, "seq": 0}
        connection.execute(server.insert().values(first))
    found = connection.execute(select(server.c.schema_version)).scalar_one()
    if found > SCHEMA_VERSION:
        raise ServeTrouble("The database was made by a newer version of this server; start that version on it.")


def _unusable(address: URL, trouble: Exception) -> str:
    shown = address.render_as_string(hide_password=True)
    cause = str(getattr(trouble, "orig", None) or "").lower()
    if "not a database" in cause or "malformed" in cause:
        return f"The file of the database {shown} is not a database; choose another file."
    if "readonly" in cause or "read-only" in cause:
        return f"The database {shown} cannot be written; make it writable."
    return f"The database {shown} cannot be reached; check that it is there and that this account may use it."
