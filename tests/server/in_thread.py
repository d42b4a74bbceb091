"""The reference server in a thread of the tests' own process: quick to start, and its database is at hand."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from moderator_app.server.accounts import NewAccount, settle_accounts
from moderator_app.server.app import make_app
from moderator_app.server.database import BUSY_MS, Database
from moderator_app.server.seed import parse_seed, plant
from moderator_app.server.serve import AnnouncingServer, listen
from tests.server.running import account

READY_SECONDS = 30.0


class ServerInThread:
    """A real uvicorn on loopback over `database`, with two moderators and a lead; it cannot be killed."""

    def __init__(self, database_url: str, *, seed: Mapping[str, Any] | None = None, busy_ms: int = BUSY_MS) -> None:
        given = (account("moderator"), account("moderator2"), account("lead", "moderator", "lead"))
        self.accounts = {one.id: one for one in given}
        self.database = Database(database_url, busy_ms=busy_ms)
        settle_accounts(self.database, [NewAccount.model_validate(asdict(one)) for one in given])
        if seed is not None:
            self.plant(seed)
        self._listener = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._ready = threading.Event()
        self._server = AnnouncingServer(make_app(self.database), ready=self._ready.set)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]})

    def __enter__(self) -> ServerInThread:
        self._thread.start()
        assert self._ready.wait(READY_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
        self.database.close()

    def token(self, account_id: str = "moderator") -> str:
        """The token of an account."""
        return self.accounts[account_id].token

    def plant(self, seed: Mapping[str, Any]) -> None:
        """Let comments and articles arrive."""
        plant(self.database, parse_seed(json.dumps(seed), name="the test's"))
