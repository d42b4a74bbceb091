"""Errors as problem documents, whatever goes wrong, and what OpenAPI says of them."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import requests
from sqlalchemy import Connection, text

from tests.server.caller import SECONDS, Caller, decision, problem
from tests.server.in_thread import ServerInThread
from tests.server.newsroom import newsroom

DECISION = "/decisions/0197c000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/comments/nobody", 404, "not-found"),
        ("GET", "/articles/nobody", 404, "not-found"),
        ("GET", "/nothing", 404, "not-found"),
        ("GET", "/comments/", 404, "not-found"),
        ("GET", "/comments/%2e%2e%2fx", 404, "not-found"),
        ("GET", "/comments/%00", 422, "invalid"),
        ("PUT", "/comments/c0", 405, "method-not-allowed"),
        ("DELETE", DECISION, 405, "method-not-allowed"),
        ("PUT", "/decisions/not-a-uuid", 422, "invalid"),
        ("PUT", DECISION, 422, "invalid"),
    ],
)
def test_every_error_is_a_problem(
    unchanging_server: ServerInThread, method: str, path: str, status: int, code: str
) -> None:
    """Unknown addresses, wrong methods and missing bodies are answered as problem documents."""
    with Caller(unchanging_server) as caller:
        answer = caller.ask(method, path)
    assert (answer.status_code, problem(answer)) == (status, code)
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b"[]", 422),
        (b'{"a":"\xff"}', 400),
        (b"[" * 60_000, 400),
        (b'{"comment_version":' + b"9" * 5000 + b"}", 400),
        (rb'{"comment":"\ud800","note":"\ud800"}', 422),
        (b'{"comment_version":NaN}', 422),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(unchanging_server: ServerInThread, body: bytes, status: int) -> None:
    """Broken, deep, huge-numbered and unencodable JSON is refused, and the server goes on."""
    with Caller(unchanging_server) as caller:
        answer = caller.ask("PUT", DECISION, data=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, problem(answer)) == (status, "invalid" if status == 422 else "bad-request")
        assert caller.get("/")["contract"] == "1.0"


def test_what_was_sent_is_not_sent_back(unchanging_server: ServerInThread) -> None:
    """A problem names the place of a fault and never repeats the value."""
    with Caller(unchanging_server) as caller:
        wrong = decision(caller.get("/comments/c0"), "approve", made_at="<script>", note=["<script>"])
        answer = caller.put(wrong)
    assert "body.made_at" in answer.json()["detail"]
    assert "<script>" not in answer.text


def test_a_bug_says_nothing_of_the_inside(
    capsys: pytest.CaptureFixture[str], make_database: Callable[[str], str]
) -> None:
    """An error that nobody foresaw is answered 500 as a problem without internals, and is in the server's log."""
    odd = text("UPDATE comments SET status = 'odd'")
    with ServerInThread(make_database("sqlite"), seed=newsroom(comments=1)) as server, Caller(server) as caller:
        server.database.write(partial(Connection.execute, statement=odd))
        answer = caller.ask("GET", "/comments/c0")
    assert (answer.status_code, problem(answer)) == (500, "internal")
    assert answer.json()["detail"] == "It is written in the server's log."
    assert "Exception in ASGI application" in capsys.readouterr().err


def test_a_database_that_is_held_is_asked_for_again_later(make_database: Callable[[str], str]) -> None:
    """While another program holds the SQLite file too long, a decision is answered 503 with Retry-After, then taken."""
    address = make_database("sqlite")
    with ServerInThread(address, seed=newsroom(comments=1), busy_ms=50) as server, Caller(server) as caller:
        body = decision(caller.get("/comments/c0"), "approve")
        holder = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        answer = caller.put(body)
        assert (answer.status_code, problem(answer)) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        holder.close()
        assert caller.put(body).status_code == 201


def test_a_body_that_is_too_large_is_refused(sqlite_server: ServerInThread) -> None:
    """More than 64 KiB is answered 413, whether its length is told or not, and the server goes on."""
    large = b" " * (64 * 1024 + 1)
    with Caller(sqlite_server) as caller:
        for body in (large, iter([large])):
            answer = caller.ask("PUT", DECISION, data=body, headers={"Content-Type": "application/json"})
            assert (answer.status_code, problem(answer)) == (413, "body-too-large")
        fits = json.dumps(decision(caller.get("/comments/c0"), "approve")).encode().ljust(64 * 1024)
        answer = caller.ask("PUT", DECISION, data=fits, headers={"Content-Type": "application/json"})
        assert answer.status_code == 201


def test_an_endless_body_is_refused_before_it_is_read(unchanging_server: ServerInThread) -> None:
    """A request that announces a gigabyte is answered 413 at once, and its connection is closed."""
    host, port = unchanging_server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=SECONDS) as connection:
        connection.sendall(f"PUT /v1{DECISION} HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_openapi_declares_errors_as_problems(unchanging_server: ServerInThread) -> None:
    """Every documented error is a problem document, every reference leads somewhere, and no page loads scripts."""
    document = requests.get(f"{unchanging_server.url}/openapi.json", timeout=SECONDS).json()
    for calls in document["paths"].values():
        for call in calls.values():
            assert {"200", "401", "422", "500", "503"} <= call["responses"].keys()
            for status, answer in call["responses"].items():
                media = set(answer.get("content", {}))
                assert media == ({"application/problem+json"} if status >= "400" else media & {"application/json"})
    put = document["paths"]["/v1/decisions/{decision_id}"]["put"]["responses"]
    assert {"200", "201", "400", "403", "404", "409", "410", "413", "422"} <= put.keys()
    for reference in _references(document):
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]
    for page in ("/docs", "/redoc"):
        assert requests.get(unchanging_server.url + page, timeout=SECONDS).status_code == 404


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in _references(value)]
    return [found for value in part for found in _references(value)] if isinstance(part, list) else []
