"""Opening a database: what can be wrong with it, each in one sentence that never holds a password."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from moderator_app.server.database import Database, record_change, take_turn
from moderator_app.server.trouble import ServeTrouble


@pytest.mark.parametrize("address", ["mysql://x/y", "letter.txt", "", "sqlite://", "sqlite:///:memory:"])
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    """An address that is neither a SQLite file nor PostgreSQL is refused, with the two forms that are taken."""
    with pytest.raises(ServeTrouble, match=r"not one of sqlite:///FILE or postgresql://"):
        Database(address)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A file in a missing folder cannot be reached, and nothing is made."""
    with pytest.raises(ServeTrouble, match="cannot be reached"):
        Database(f"sqlite:///{tmp_path}/nowhere/x.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """A letter is not a database, is said to be none, and stays a letter."""
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear reader, " * 500)
    with pytest.raises(ServeTrouble, match="is not a database"):
        Database(f"sqlite:///{letter}")
    assert letter.read_text() == "Dear reader, " * 500


def test_a_server_that_is_away_is_said_without_the_password() -> None:
    """PostgreSQL that does not answer is named, and the password of its address is not."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(ServeTrouble, match="cannot be reached") as trouble:
            Database(f"postgresql://ana:secret@127.0.0.1:{closed.getsockname()[1]}/x")
    assert "secret" not in trouble.value.sentence


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    """A database made by a newer server is refused; the server that made it opens it still."""
    database = Database(database_url)
    newer = text("UPDATE server SET schema_version = schema_version + 1")
    database.write(partial(Connection.execute, statement=newer))
    database.close()
    with pytest.raises(ServeTrouble, match="made by a newer version"):
        Database(database_url)


def test_what_fails_leaves_nothing(database_url: str) -> None:
    """Nothing of a transaction stays when the work in it raises, and the next one is not held up."""
    database = Database(database_url)

    def fail(connection: Connection) -> None:
        record_change(connection, take_turn(connection))
        raise LookupError

    with pytest.raises(LookupError):
        database.write(fail)
    assert database.write(take_turn) == 1
    database.close()


def test_servers_that_share_a_database_take_turns(database_url: str) -> None:
    """Four servers make forty changes each at the same time: none fails, and no number is given twice."""

    def change(connection: Connection) -> int:
        seq = take_turn(connection)
        record_change(connection, seq)
        return seq

    def serve() -> list[int]:
        database = Database(database_url)
        try:
            return [database.write(change) for _ in range(40)]
        finally:
            database.close()

    Database(database_url).close()
    with ThreadPoolExecutor(4) as pool:
        taken = [server.result() for server in [pool.submit(serve) for _ in range(4)]]
    assert sorted(chain(*taken)) == list(range(1, 161))


def test_a_power_cut_loses_no_commit(tmp_path: Path) -> None:
    """SQLite syncs every commit to the disk, waits for other writers, and keeps its references."""
    database = Database(f"sqlite:///{tmp_path}/newsroom.db")
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 10000,
    }
    with database.read() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in wanted}
    database.close()
    assert found == wanted
