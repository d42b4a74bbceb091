"""A hostile server, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moderator_app.backends.http import Http
from tests.backends.hostile import HostileServer

TOKEN = "canary-5eCr3t"


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


@pytest.fixture
def http(server: HostileServer) -> Iterator[Http]:
    http = Http(server.url, token=TOKEN, deadline=30)
    yield http
    http.close()
