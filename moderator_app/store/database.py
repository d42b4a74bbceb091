"""One SQLite file: opened with a check, one connection for each thread, its faults told as known trouble."""

from __future__ import annotations

import errno
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from moderator_app.errors import (
    StorageBroken,
    StorageBusy,
    StorageFull,
    StorageReadOnly,
    StorageTooNew,
    StorageTrouble,
)

_log = logging.getLogger(__name__)

# The GUI thread must not stand still for long when another program holds the file; the others can wait.
PATIENCE_OF_MAIN_THREAD = 0.08  # seconds
PATIENCE = 5.0  # seconds

_TROUBLE_BY_CODE: dict[int, type[StorageTrouble]] = {
    sqlite3.SQLITE_FULL: StorageFull,
    sqlite3.SQLITE_READONLY: StorageReadOnly,
    sqlite3.SQLITE_CANTOPEN: StorageReadOnly,
    sqlite3.SQLITE_PERM: StorageReadOnly,
    sqlite3.SQLITE_CORRUPT: StorageBroken,
    sqlite3.SQLITE_NOTADB: StorageBroken,
    sqlite3.SQLITE_BUSY: StorageBusy,
    sqlite3.SQLITE_LOCKED: StorageBusy,
}
_TROUBLE_BY_ERRNO: dict[int, type[StorageTrouble]] = {
    errno.ENOSPC: StorageFull,
    errno.EDQUOT: StorageFull,
    errno.EACCES: StorageReadOnly,
    errno.EPERM: StorageReadOnly,
    errno.EROFS: StorageReadOnly,
    errno.ENOTDIR: StorageReadOnly,
    errno.EEXIST: StorageReadOnly,  # a file where the folder should be
    errno.ENOENT: StorageReadOnly,  # a place where no folder can be made
}

Durability = Literal["FULL", "NORMAL"]


class Database:
    """A file of one schema, with a connection of its own for each thread that asks.

    `durability` FULL syncs the disk with every commit, so that a commit that returned survives a power cut; NORMAL may
    lose the last commits then (measured by replaying a power cut after each write). Raises `StorageTrouble` and
    nothing else. A damaged file is put aside under a name with the time, never deleted: `put_aside` is its new path.
    """

    def __init__(self, path: Path, schema: tuple[str, ...], *, durability: Durability) -> None:
        self._path, self._schema, self._durability = path, schema, durability
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self.put_aside: Path | None = None
        self._prepare()

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._connect()
        return found

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed at the end of the block, rolled back when the block raises."""
        with told_as_trouble():
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection for a read."""
        with told_as_trouble():
            yield self.connection()

    def close(self) -> None:
        """Close the connections of all threads; those threads must be at rest."""
        with self._lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
        self._local = threading.local()

    def _prepare(self) -> None:
        with told_as_trouble():
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                self._open_or_begin_anew()
            except BaseException:
                self.close()
                raise

    def _open_or_begin_anew(self) -> None:
        try:
            self._open_and_check()
        except StorageBroken:
            self._move_away()
            self._open_and_check()

    def _open_and_check(self) -> None:
        with self.reading() as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise StorageBroken(detail="the check found damage")
            version = self._version()
        if version > len(self._schema):
            raise StorageTooNew(detail=f"schema {version}")
        if version < len(self._schema):
            self._migrate()

    def _version(self) -> int:
        return int(self.connection().execute("PRAGMA user_version").fetchone()[0])

    def _migrate(self) -> None:
        with self.transaction() as connection:
            # Asked again inside the transaction: another process may have done it in the meantime.
            for step in self._schema[self._version() :]:
                for statement in step.split(";"):
                    connection.execute(statement)
            # A pragma takes no parameter; the number is ours.
            connection.execute(f"PRAGMA user_version = {len(self._schema):d}")

    def _move_away(self) -> None:
        self.close()
        self.put_aside = self._free_name()
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{self._path}{suffix}").rename(f"{self.put_aside}{suffix}")
        _log.error("a damaged database was put aside as %s", self.put_aside.name)

    def _free_name(self) -> Path:
        """A name with the time that no damaged file has yet."""
        stem = f"{self._path.stem}-damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        name = self._path.with_name(stem + self._path.suffix)
        number = 1
        while name.exists():
            number += 1
            name = self._path.with_name(f"{stem}-{number}{self._path.suffix}")
        return name

    def _connect(self) -> sqlite3.Connection:
        is_main = threading.current_thread() is threading.main_thread()
        connection = sqlite3.connect(
            self._path,
            timeout=PATIENCE_OF_MAIN_THREAD if is_main else PATIENCE,
            isolation_level=None,
            check_same_thread=False,  # so that close() can close them all
        )
        with self._lock:
            self._opened.append(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {self._durability}")
        connection.execute("PRAGMA secure_delete = ON")
        return connection


@contextmanager
def told_as_trouble() -> Iterator[None]:
    """Turn what SQLite and the file system raise into `StorageTrouble`."""
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
        trouble = _trouble_for(error)
        if trouble is None:
            raise
        raise trouble(detail=str(error)) from error
    except OSError as error:
        trouble = _TROUBLE_BY_ERRNO.get(error.errno or 0, StorageTrouble)
        raise trouble(detail=error.strerror or "") from error


def _trouble_for(error: sqlite3.Error) -> type[StorageTrouble] | None:
    """The trouble that an error of SQLite means; None for a fault in our own SQL."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & 0xFF  # the extended codes keep the primary one in their low byte
    if primary in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_CONSTRAINT):
        return None
    return _TROUBLE_BY_CODE.get(primary, StorageTrouble)
