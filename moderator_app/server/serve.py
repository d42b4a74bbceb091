"""Runs the server until it is told to end, and says in one line where it is and who may use it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from moderator_app.server.accounts import KnownAccount, NewAccount, read_accounts, settle_accounts
from moderator_app.server.app import make_app
from moderator_app.server.database import Database
from moderator_app.server.seed import plant, read_seed
from moderator_app.server.trouble import ServeTrouble

ACCOUNTS_VARIABLE = "MODERATOR_APP_ACCOUNTS"
GRACE = 2  # seconds that answers under way get when the server ends
BACKLOG = 128  # connections that wait to be taken
STANDARD_INPUT = 0


def serve(
    *,
    database: str,
    host: str = "127.0.0.1",
    port: int = 0,
    seed: Path | None = None,
    until_stdin_closes: bool = False,
) -> int:
    """Run the server: 0 when it ended as it was told to, 1 (and one sentence on stderr) when it could not start.

    Prints one JSON line when it accepts connections: {"url", "accounts": [{"id", "name", "roles", "token"}]}. A new
    database gets three accounts; their tokens are printed this once and only hashes are kept, so later starts print
    null. The environment variable MODERATOR_APP_ACCOUNTS, a JSON list of the same form, gives the accounts and tokens
    instead, the same at every start.
    """
    try:
        accounts = read_accounts(os.environ.get(ACCOUNTS_VARIABLE, "[]"))
        run(
            database=database,
            host=host,
            port=port,
            seed=seed,
            accounts=accounts,
            until_stdin_closes=until_stdin_closes,
        )
    except ServeTrouble as trouble:
        sys.stderr.write(f"{trouble.sentence}\n")
        return 1
    return 0


def run(
    *,
    database: str,
    host: str,
    port: int,
    seed: Path | None = None,
    accounts: Sequence[NewAccount] = (),
    until_stdin_closes: bool = False,
) -> None:
    """Serve `database` (a URL) on `host` and `port` (0: a free one) until a signal, or until standard input closes.

    Raises `ServeTrouble` when it cannot start.
    """
    planted = None if seed is None else read_seed(seed)
    with listen(host, port) as listener:  # before the database: tokens are printed once, so nothing may fail after them
        tables = Database(database)
        try:
            if planted is not None:
                plant(tables, planted)
            known = settle_accounts(tables, accounts)
            server = AnnouncingServer(make_app(tables), ready=lambda: _announce(listener, host, known))
            if until_stdin_closes:
                threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
            server.run_until_told(listener)
        finally:
            tables.close()


class AnnouncingServer(uvicorn.Server):
    """A uvicorn server that says when it accepts connections."""

    def __init__(self, app: FastAPI, *, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,  # addresses name comments; nobody needs them twice
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_graceful_shutdown=GRACE,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()

    def run_until_told(self, listener: socket.socket) -> None:
        """Serve; a signal to end is a good end."""
        # uvicorn ends in good order and then raises the signal again, which would look like a crash.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.run(sockets=[listener])
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGTERM, before)


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections on `host` and `port` (0: a free one). Raises `ServeTrouble`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Named as TCP: asyncio turns off Nagle's algorithm, which costs 40 ms an answer, only where it sees that.
        listener = socket.socket(family, kind, protocol)
    except (OSError, OverflowError, UnicodeError):
        raise _cannot_listen(host, port) from None
    try:
        if os.name == "posix":  # elsewhere this option lets two programs have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except (OSError, OverflowError):
        listener.close()
        raise _cannot_listen(host, port) from None
    return listener


def _cannot_listen(host: str, port: int) -> ServeTrouble:
    return ServeTrouble(f"The server cannot listen on {host}, port {port}; choose another with --port.")


def _announce(listener: socket.socket, host: str, accounts: Sequence[KnownAccount]) -> None:
    shown = f"[{host}]" if ":" in host else host
    line = {
        "url": f"http://{shown}:{listener.getsockname()[1]}",
        "accounts": [account.model_dump() for account in accounts],
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _end_with_stdin(server: uvicorn.Server) -> None:
    # By the bare descriptor: a thread that waits in sys.stdin holds a lock that Python needs to end.
    try:
        while os.read(STANDARD_INPUT, 4096):
            pass
    except OSError:
        pass  # closed from the start
    server.should_exit = True
