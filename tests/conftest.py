"""What holds for every test: it leaves no thread running, and nothing around it reaches in."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # windows of tests need no screen; before Qt is imported

_SECONDS_TO_END = 5.0
# Threads that belong to a library and live as long as the process.
_OF_LIBRARIES = (
    "pytest_timeout",  # the watch over the test itself
    "AnyIO worker thread",  # the server's framework keeps its pool for the next request
    "asyncio_",  # the default pool of an event loop
    "Dummy-",  # a thread that Qt made and that called Python once
)
_AROUND = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "NETRC",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + _SECONDS_TO_END
    for thread in _new_threads(before):
        thread.join(max(0.0, until - time.monotonic()))
    left = [thread.name for thread in _new_threads(before)]
    assert not left, f"threads still run: {left}"


@pytest.fixture(autouse=True)
def _nothing_reaches_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _AROUND:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("MODERATOR_APP_SECRET", raising=False)


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and thread.is_alive() and not thread.name.startswith(_OF_LIBRARIES)
    ]
