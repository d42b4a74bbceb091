"""The reference server as a process of its own, for any test that needs a real one."""

from __future__ import annotations

import json
import os
import secrets
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from moderator_app.server.database import Database
from moderator_app.server.seed import parse_seed, plant

READY_SECONDS = 30.0
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class TestAccount:
    """An account of the server under test, with the token to sign in with."""

    __test__ = False  # not a test, whatever its name begins with

    id: str
    name: str
    roles: tuple[str, ...]
    token: str


def account(account_id: str, *roles: str) -> TestAccount:
    """An account with a token that nobody else has; without roles it is a moderator."""
    name = account_id.capitalize()
    return TestAccount(id=account_id, name=name, roles=roles or ("moderator",), token=secrets.token_urlsafe(32))


class RunningServer:
    """A reference server that can be killed and started again with the same address, tokens and database.

    `seed` is a newsroom in the seed form, or a file of one. `url` is where it listens; `accounts` are by default the
    moderators "moderator" and "moderator2" and the lead "lead".
    """

    def __init__(
        self,
        database_url: str,
        *,
        seed: Mapping[str, Any] | Path | None = None,
        accounts: Sequence[TestAccount] | None = None,
    ) -> None:
        given = accounts or (account("moderator"), account("moderator2"), account("lead", "moderator", "lead"))
        self.database_url = database_url
        self.accounts = {one.id: one for one in given}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._seed = seed
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> RunningServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def token(self, account_id: str = "moderator") -> str:
        """The token of an account."""
        return self.accounts[account_id].token

    @property
    def pid(self) -> int:
        """The process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start the process, and wait until it accepts connections."""
        assert self._process is None, "it runs already"
        with TemporaryDirectory() as folder:
            self._process = subprocess.Popen(
                self._command(Path(folder)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "MODERATOR_APP_ACCOUNTS": json.dumps([asdict(a) for a in self.accounts.values()])},
            )
            assert self._process.stdout is not None
            ready = read_line(self._process.stdout, seconds=READY_SECONDS)
        if not ready:
            self.kill()
            raise AssertionError("the server did not start; its reason is on stderr")
        assert json.loads(ready)["url"] == self.url
        self._seed = None  # it is in the database now

    def kill(self) -> None:
        """End the process at once, as a power cut would (SIGKILL)."""
        assert self._process is not None
        self._process.kill()
        self._forget()

    def stop(self) -> None:
        """End the process in good order; safe when it does not run."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()  # the server ends with its standard input
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._forget()

    def plant(self, seed: Mapping[str, Any]) -> None:
        """Let comments and articles arrive, past the server, whether it runs or not."""
        database = Database(self.database_url)
        try:
            plant(database, parse_seed(json.dumps(seed), name="the test's"))
        finally:
            database.close()

    def _command(self, folder: Path) -> list[str]:
        command = [sys.executable, "-m", "moderator_app.server", "--until-stdin-closes"]
        command += ["--database", self.database_url, "--port", str(self.port)]
        if isinstance(self._seed, Path):
            return [*command, "--seed", str(self._seed)]
        if self._seed is not None:
            file = folder / "seed.json"
            file.write_text(json.dumps(self._seed), encoding="utf-8")
            return [*command, "--seed", str(file)]
        return command

    def _forget(self) -> None:
        assert self._process is not None
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None


def free_port() -> int:
    """A port that is free now, and that no outgoing connection picks for itself while the server is down."""
    for _ in range(200):
        port = 20_000 + secrets.randbelow(12_000)  # below the range that Linux, macOS and Windows take such ports from
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port between 20000 and 32000")


def read_line(pipe: IO[bytes], *, seconds: float) -> bytes:
    """One line from a process; b"" when it ends or says nothing for so long."""
    deadline = time.monotonic() + seconds
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while not line.endswith(b"\n") and selector.select(max(0.0, deadline - time.monotonic())):
            part = os.read(pipe.fileno(), 65536)
            if not part:
                return b""
            line += part
    return line if line.endswith(b"\n") else b""
