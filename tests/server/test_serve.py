"""The server as a process: how it starts, what it says, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.server.caller import SECONDS, Caller
from tests.server.newsroom import newsroom
from tests.server.running import RunningServer, read_line

COMMAND = [sys.executable, "-m", "moderator_app.server"]


@contextmanager
def _started(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """A server process, and the line that it printed."""
    process = subprocess.Popen([*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, json.loads(read_line(process.stdout, seconds=SECONDS))
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def _sentence(*arguments: str, **environment: str) -> str:
    """What a server that cannot start says."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, **environment},
    )
    assert (done.returncode, done.stdout) == (1, b"")
    sentence = done.stderr.decode()
    assert sentence.count("\n") == 1
    assert sentence.endswith(".\n")
    return sentence


def test_the_line_says_where_and_who(make_database: Callable[[str], str], tmp_path: Path) -> None:
    """The first start prints an address that answers and tokens that sign in; the second prints no tokens."""
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(newsroom(comments=3)), encoding="utf-8")
    address = make_database("sqlite")
    with _started("--database", address, "--seed", str(seed)) as (_, line):
        assert line.keys() == {"url", "accounts"}
        for account in line["accounts"]:
            assert account.keys() == {"id", "name", "roles", "token"}
            headers = {"Authorization": f"Bearer {account['token']}"}
            found = requests.get(f"{line['url']}/v1/", headers=headers, timeout=SECONDS).json()
            assert found["me"] == {name: account[name] for name in ("id", "name", "roles")}
        comments = requests.get(f"{line['url']}/v1/comments", headers=headers, timeout=SECONDS).json()
        assert comments["total"] == 3
    with _started("--database", address) as (_, line):
        assert [account["token"] for account in line["accounts"]] == [None, None, None]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_a_good_end(make_database: Callable[[str], str], how: signal.Signals) -> None:
    """SIGTERM and SIGINT end the server with exit code 0."""
    with _started("--database", make_database("sqlite")) as (process, _):
        process.send_signal(how)
        assert process.wait(SECONDS) == 0


def test_the_server_ends_with_its_standard_input(make_database: Callable[[str], str]) -> None:
    """Asked to, the server ends when its standard input closes, as it does when whoever started it is killed."""
    with _started("--database", make_database("sqlite"), "--until-stdin-closes") as (process, _):
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(SECONDS) == 0


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    """A port that somebody else has is named, and no database is made whose tokens nobody would have seen."""
    address = f"sqlite:///{tmp_path}/newsroom.db"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port}" in _sentence("--database", address, "--port", port)
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """A database in a folder that is not there stops the start, in one sentence."""
    assert "cannot be reached" in _sentence("--database", f"sqlite:///{tmp_path}/nowhere/x.db")


def test_wrong_seeds_and_accounts_are_said(make_database: Callable[[str], str], tmp_path: Path) -> None:
    """A seed or accounts that cannot be used stop the start, in one sentence."""
    address = make_database("sqlite")
    seed = tmp_path / "seed.json"
    seed.write_text("{}", encoding="utf-8")
    assert "seed.json is wrong at articles" in _sentence("--database", address, "--seed", str(seed))
    assert "accounts are not valid" in _sentence("--database", address, MODERATOR_APP_ACCOUNTS="[{}]")


def test_a_restart_keeps_address_tokens_and_database(database_url: str) -> None:
    """A server that was killed or stopped and started again is the same server to its clients."""
    with RunningServer(database_url, seed=newsroom(comments=2)) as server, Caller(server) as caller:
        assert caller.decide("c0", "approve").status_code == 201
        server.kill()
        server.start()
        assert caller.get("/comments/c0")["status"] == "approved"
        server.stop()
        server.plant(newsroom(comments=3))
        server.start()
        assert [item["id"] for item in caller.get("/comments")["items"]] == ["c1", "c2"]
