"""One SQLite file through damage, full disks, read-only folders and other programs."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from moderator_app.errors import (
    StorageBroken,
    StorageBusy,
    StorageFull,
    StorageReadOnly,
    StorageTooNew,
    StorageTrouble,
)
from moderator_app.store.database import PATIENCE_OF_MAIN_THREAD, Database, told_as_trouble

SCHEMA = ("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT",)
NEXT_SCHEMA = (*SCHEMA, "CREATE TABLE more (id INTEGER PRIMARY KEY); CREATE INDEX more_id ON more (id)")


@contextmanager
def opened(path: Path, schema: tuple[str, ...] = SCHEMA) -> Iterator[Database]:
    """A database for the length of a block."""
    database = Database(path, schema, durability="FULL")
    try:
        yield database
    finally:
        database.close()


def write(database: Database, body: str = "x") -> None:
    """Add one row."""
    with database.transaction() as connection:
        connection.execute("INSERT INTO notes (body) VALUES (?)", (body,))


def rows(database: Database) -> int:
    """How many rows there are."""
    with database.reading() as connection:
        return int(connection.execute("SELECT count(*) FROM notes").fetchone()[0])


def test_commits_are_synced_and_deleted_text_is_wiped(tmp_path: Path) -> None:
    """Each connection syncs the disk with every commit, uses the log file, and overwrites what it deletes."""
    with opened(tmp_path / "a.db") as database:
        values = [database.connection().execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS]
    assert values == ["wal", 2, 1]


PRAGMAS = ("journal_mode", "synchronous", "secure_delete")


def test_missing_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    """The data folder is made when it isn't there, and others may not look into it."""
    with opened(tmp_path / "new" / "a.db"):
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_block_that_raises_is_rolled_back(tmp_path: Path) -> None:
    """When a transaction's block raises, nothing of it stays, and the next transaction works."""
    with opened(tmp_path / "a.db") as database:
        with pytest.raises(ZeroDivisionError), database.transaction() as connection:
            connection.executemany("INSERT INTO notes (body) VALUES (?)", (("x" * (1 // n),) for n in (1, 0)))
        assert rows(database) == 0
        write(database)
        assert rows(database) == 1


def test_fault_in_our_own_sql_stays_a_bug(tmp_path: Path) -> None:
    """A statement that is wrong, or breaks a rule of the schema, is a bug and no trouble of the disk's."""
    with opened(tmp_path / "a.db") as database:
        with pytest.raises(sqlite3.OperationalError, match="no such table"), database.reading() as connection:
            connection.execute("SELECT * FROM nowhere")
        with pytest.raises(sqlite3.IntegrityError), database.transaction() as connection:
            connection.execute("INSERT INTO notes (body) VALUES (NULL)")


def test_each_thread_has_its_own_connection(tmp_path: Path) -> None:
    """Two threads never share a connection, and closing closes them all."""
    with opened(tmp_path / "a.db") as database:
        found: list[sqlite3.Connection] = []
        thread = threading.Thread(target=lambda: found.append(database.connection()))
        thread.start()
        thread.join()
        assert found[0] is not database.connection()
        assert database.connection() is database.connection()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        found[0].execute("SELECT 1")


# Schema


def test_older_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    """A file of an earlier version gets the later steps and keeps what it holds."""
    with opened(tmp_path / "a.db") as database:
        write(database)
    with opened(tmp_path / "a.db", NEXT_SCHEMA) as database:
        assert rows(database) == 1
        assert database.connection().execute("SELECT count(*) FROM more").fetchone() == (0,)
        assert database.connection().execute("PRAGMA user_version").fetchone() == (2,)


def test_broken_step_of_the_schema_changes_nothing(tmp_path: Path) -> None:
    """A step that fails half-way leaves the file as it was."""
    with opened(tmp_path / "a.db"):
        pass
    with pytest.raises(sqlite3.OperationalError), opened(tmp_path / "a.db", (*SCHEMA, "CREATE TABLE b (c); NONSENSE")):
        pass
    with opened(tmp_path / "a.db", NEXT_SCHEMA):
        pass


def test_newer_schema_is_refused_untouched(tmp_path: Path) -> None:
    """A file that a newer version wrote isn't opened, and not one byte of it changes."""
    with opened(tmp_path / "a.db", NEXT_SCHEMA) as database:
        write(database)
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(StorageTooNew), opened(tmp_path / "a.db"):
        pass
    assert (tmp_path / "a.db").read_bytes() == before
    assert list(tmp_path.iterdir()) == [tmp_path / "a.db"]


def test_two_programs_may_begin_the_same_file_at_once(tmp_path: Path) -> None:
    """Whoever comes second finds the schema made and doesn't make it again."""
    first = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    first.execute("PRAGMA journal_mode = WAL")
    first.execute("BEGIN IMMEDIATE")
    found: list[Database] = []
    second = threading.Thread(target=lambda: found.append(Database(tmp_path / "a.db", SCHEMA, durability="FULL")))
    second.start()  # waits for the lock, with the patience of a thread that isn't the main one
    first.execute(SCHEMA[0])
    first.execute("PRAGMA user_version = 1")
    first.execute("COMMIT")
    first.close()
    second.join()
    assert rows(found[0]) == 0
    found[0].close()


# Damage


def damaged(kind: str, good: bytes) -> bytes:
    """A file's bytes after this kind of damage."""
    random_page = bytes((index * 197 + 13) % 256 for index in range(4096))
    return {
        "garbage": random_page * 2,
        "a web page": b"<html>" * 2000,
        "cut in half": good[: len(good) // 2],
        "one bad page": good[:4096] + random_page + good[8192:],
        "a later file format": good[:18] + b"\x09\x09" + good[20:],
    }[kind]


KINDS = ["garbage", "a web page", "cut in half", "one bad page", "a later file format"]


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_file_is_put_aside_and_a_new_one_begun(
    tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Damage is found when the file is opened; the file is kept whole under a name with the time, and work goes on."""
    path = tmp_path / "outbox.db"
    with opened(path) as database:
        for _ in range(50):
            write(database, "x" * 1000)
    bad = damaged(kind, path.read_bytes())
    path.write_bytes(bad)
    with opened(path) as database, caplog.at_level(logging.ERROR):
        aside = database.put_aside
        assert aside is not None
        assert re.fullmatch(r"outbox-damaged-\d{8}T\d{6}Z\.db", aside.name)
        assert aside.read_bytes() == bad
        write(database)
        assert rows(database) == 1
    assert aside.name in caplog.text


def test_second_damage_does_not_overwrite_the_first(tmp_path: Path) -> None:
    """Two damaged files that are put aside in the same second are both kept."""
    path, kept = tmp_path / "a.db", set()
    for content in (b"first" * 1000, b"second" * 1000):
        path.write_bytes(content)
        with opened(path) as database:
            assert database.put_aside is not None
            kept.add(database.put_aside)
    assert {aside.read_bytes() for aside in kept} == {b"first" * 1000, b"second" * 1000}


def test_empty_file_is_a_new_one(tmp_path: Path) -> None:
    """A file without a byte holds nothing that could be lost, so it's simply used."""
    (tmp_path / "a.db").touch()
    with opened(tmp_path / "a.db") as database:
        assert database.put_aside is None
        assert rows(database) == 0


# The disk


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
def test_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """On a full disk a write is refused as such; what was written stays, and with room again work goes on."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", tmp_path], check=True)
    try:
        (tmp_path / "ballast").write_bytes(bytes(200_000))
        with opened(tmp_path / "a.db") as database:
            written = fill(database)
            assert written > 0
            assert rows(database) == written
            (tmp_path / "ballast").unlink()
            write(database)
            assert rows(database) == written + 1
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


def fill(database: Database) -> int:
    """Write until the disk is full; how many rows went in."""
    for written in range(10_000):
        try:
            write(database, "x" * 2000)
        except StorageFull:
            return written
    raise AssertionError("the disk never became full")


def test_file_that_may_not_grow_is_told_as_full(tmp_path: Path) -> None:
    """The same without a disk of its own: SQLite may use so many pages and no more."""
    with opened(tmp_path / "a.db") as database:
        database.connection().execute("PRAGMA max_page_count = 30")
        written = fill(database)
        assert rows(database) == written > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
def test_read_only_disk_is_told(tmp_path: Path) -> None:
    """A disk that became read-only is told as such, when the file is new and when it's already there."""
    with opened(tmp_path / "old.db"):
        pass
    subprocess.run(["mount", "--bind", tmp_path, tmp_path], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", tmp_path], check=True)
        for name in ("old.db", "new.db", "sub/new.db"):
            with pytest.raises(StorageReadOnly), opened(tmp_path / name):
                pass
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


def test_folder_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    """A data folder below a plain file, or where the system allows none, is told as a folder that can't be written."""
    (tmp_path / "file").touch()
    with pytest.raises(StorageReadOnly), opened(tmp_path / "file" / "a.db"):
        pass
    with pytest.raises(StorageTrouble), opened(Path("/proc/nothing/a.db")):
        pass


def test_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    """A folder that has the file's name is known trouble, too."""
    (tmp_path / "a.db").mkdir()
    with pytest.raises(StorageTrouble), opened(tmp_path / "a.db"):
        pass


# Other programs

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_by_another(path: Path, how: str) -> Iterator[None]:
    """While another process holds the file."""
    command = [sys.executable, "-c", HOLDER, str(path), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield


def test_file_held_by_another_program_is_told(tmp_path: Path) -> None:
    """The main thread is told that the file is busy, reads on meanwhile, and writes again once it's let go."""
    with opened(tmp_path / "a.db") as database:
        with held_by_another(tmp_path / "a.db", "BEGIN IMMEDIATE"):
            with pytest.raises(StorageBusy):
                write(database)
            assert rows(database) == 0
        write(database)
        assert rows(database) == 1


def test_opening_a_held_file_is_no_trouble(tmp_path: Path) -> None:
    """A file whose schema is up to date can be opened while another program writes to it."""
    with opened(tmp_path / "a.db"):
        pass
    with held_by_another(tmp_path / "a.db", "BEGIN IMMEDIATE"), opened(tmp_path / "a.db") as database:
        assert rows(database) == 0


def test_main_thread_waits_briefly_and_others_longer(tmp_path: Path) -> None:
    """The main thread's patience is under a tenth of a second; another thread waits until the file is let go."""
    assert PATIENCE_OF_MAIN_THREAD < 0.1
    with opened(tmp_path / "a.db") as database:
        patience = [database.connection().execute("PRAGMA busy_timeout").fetchone()[0]]

        def ask() -> None:
            patience.append(database.connection().execute("PRAGMA busy_timeout").fetchone()[0])

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert patience == [80, 5000]


def test_file_that_cannot_be_opened_is_let_go(tmp_path: Path) -> None:
    """After a refused opening no connection is left that could lock the file."""
    with opened(tmp_path / "a.db", NEXT_SCHEMA):
        pass
    with pytest.raises(StorageTooNew) as caught, opened(tmp_path / "a.db"):
        pass
    connection = sqlite3.connect(tmp_path / "a.db", timeout=0)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.close()
    assert caught.value.detail == "schema 2"


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (sqlite3.SQLITE_FULL, StorageFull),
        (sqlite3.SQLITE_READONLY_DIRECTORY, StorageReadOnly),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, StorageReadOnly),
        (sqlite3.SQLITE_CORRUPT_INDEX, StorageBroken),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StorageBusy),
        (sqlite3.SQLITE_IOERR_FSYNC, StorageTrouble),
    ],
)
def test_codes_of_sqlite_are_known(code: int, trouble: type[StorageTrouble]) -> None:
    """Each of SQLite's codes about the disk, extended ones too, becomes the trouble that people can act on."""
    error = sqlite3.OperationalError("some words")
    error.sqlite_errorcode = code
    with pytest.raises(StorageTrouble) as caught, told_as_trouble():
        raise error
    assert type(caught.value) is trouble
    assert caught.value.detail == "some words"
    assert "some words" not in caught.value.sentence
