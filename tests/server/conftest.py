"""A PostgreSQL of the tests' own, and servers on both databases."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.server.caller import Caller
from tests.server.in_thread import ServerInThread
from tests.server.newsroom import newsroom
from tests.server.running import free_port


def _programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _as_ordinary_user() -> list[str]:
    """How to start PostgreSQL, which refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        [*_as_ordinary_user(), *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests, without the name of a database."""
    programs = _programs()
    if programs is None:
        reason = "PostgreSQL's programs are not installed (Debian: postgresql)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    # Not under pytest's own folder: that one is closed to the user that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="moderator-app-postgresql-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data, port = str(folder / "data"), free_port()
        # This cluster outlives no power cut, so it need not wait for the disk.
        settings = f"-c fsync=off -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
        control = str(programs / "pg_ctl")
        _run([str(programs / "initdb"), "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "-N"], folder)
        _run([control, "-D", data, "-l", str(folder / "log"), "-w", "-o", settings, "start"], folder)
        try:
            yield f"postgresql://tests@127.0.0.1:{port}"
        finally:
            _run([control, "-D", data, "-m", "immediate", "-w", "stop"], folder)


@pytest.fixture(scope="session")
def make_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Makes an empty database of a kind, "sqlite" or "postgresql", and gives its address.

    Of PostgreSQL it is a schema, which is made in a tenth of the time and is as good as a database to whoever is in it.
    """

    def make(kind: str) -> str:
        name = f"test_{secrets.token_hex(8)}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp(name)}/newsroom.db"
        cluster = request.getfixturevalue("postgresql_cluster")
        with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return f"{cluster}/postgres?options=-csearch_path%3D{name}"

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, make_database: Callable[[str], str]) -> str:
    """An empty database, of each kind in turn."""
    return make_database(request.param)


@pytest.fixture
def server(database_url: str) -> Iterator[ServerInThread]:
    """A running server with a small newsroom, on each kind of database in turn."""
    with ServerInThread(database_url, seed=newsroom(comments=12)) as running:
        yield running


@pytest.fixture
def sqlite_server(make_database: Callable[[str], str]) -> Iterator[ServerInThread]:
    """A running server with a small newsroom on SQLite, for what does not depend on the database."""
    with ServerInThread(make_database("sqlite"), seed=newsroom(comments=12)) as running:
        yield running


@pytest.fixture
def postgresql_server(make_database: Callable[[str], str]) -> Iterator[ServerInThread]:
    """A running server with a small newsroom on PostgreSQL, for what only that database does."""
    with ServerInThread(make_database("postgresql"), seed=newsroom(comments=12)) as running:
        yield running


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def unchanging_server(request: pytest.FixtureRequest, make_database: Callable[[str], str]) -> Iterator[ServerInThread]:
    """One server for the whole run, on each kind of database in turn, for what must change nothing; c11 is approved."""
    with ServerInThread(make_database(request.param), seed=newsroom(comments=12)) as running:
        with Caller(running) as caller:
            caller.decide("c11", "approve")
        yield running
