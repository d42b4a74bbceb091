"""How a server is recognised for what it is, and how a sign-in is refused."""

from __future__ import annotations

import json

import pytest

from moderator_app import errors
from moderator_app.backends.connect import connect
from tests.backends import samples
from tests.backends.hostile import HostileServer, says, status, whole

PAGE = status(404, b"<html>", kind="text/html")


def test_a_native_server(server: HostileServer) -> None:
    """The site is what the server says, under the address in its one form."""
    server.answers["/desk/v1/"] = says(whole(json.dumps(samples.service()).encode()))
    site, service, backend = connect(f"localhost:{server.port}/desk/v1/", token="t", account="Berfin")
    backend.close()
    assert (site.url, site.kind, site.account, site.name) == (f"{server.url}/desk", "native", "mod1", "The news")
    assert service.me.name == "Berfin"


@pytest.mark.parametrize("rest", [True, False])
def test_a_wordpress_site(server: HostileServer, rest: bool) -> None:
    """It is named as one, found by its front page's header or by its interface, without seeing the secret there."""
    server.answers |= {"/v1/": PAGE, "/wp-json/": PAGE}
    if rest:
        server.answers["/wp-json/"] = says(whole(b'{"name": "x"}'))
    else:
        server.answers["/"] = status(200, b"", 'Link: <https://x.example/wp-json/>; rel="https://api.w.org/"')
    with pytest.raises(errors.NotSupported, match="WordPress"):
        connect(server.url, token="t")
    assert all("authorization" not in seen.headers for seen in server.seen if seen.path != "/v1/")


def test_a_coral_server(server: HostileServer) -> None:
    """It is named as one."""
    server.answers |= {"/v1/": PAGE, "/": PAGE, "/wp-json/": PAGE}
    server.answers["/api/graphql"] = status(400, b'{"errors": []}', kind="application/json")
    with pytest.raises(errors.NotSupported, match="Coral"):
        connect(server.url, token="t")


def test_nothing_there(server: HostileServer) -> None:
    """A server of no kind is told as a wrong address."""
    with pytest.raises(errors.BadAnswer, match="No moderation server"):
        connect(server.url, token="t")


@pytest.mark.parametrize(("kind", "word"), [("wordpress", "WordPress"), ("coral", "Coral"), ("myspace", "myspace")])
def test_a_kind_that_was_named_but_is_not_supported(server: HostileServer, kind: str, word: str) -> None:
    """The sentence says so before anything is sent."""
    with pytest.raises(errors.NotSupported, match=word):
        connect(server.url, token="t", kind=kind)
    assert server.seen == []


def test_a_wrong_secret(server: HostileServer) -> None:
    """Signing in for the first time does not speak of an earlier sign-in."""
    server.answers["/v1/"] = status(401)
    with pytest.raises(errors.SignInNeeded, match="does not accept this secret"):
        connect(server.url, token="t")


def test_somebody_elses_secret(server: HostileServer) -> None:
    """The account that was named must be the one that the secret belongs to (E10)."""
    server.answers["/v1/"] = says(whole(json.dumps(samples.service()).encode()))
    with pytest.raises(errors.SignInNeeded, match="belongs to the account Berfin"):
        connect(server.url, token="t", account="azad")


def test_an_address_without_encryption() -> None:
    """No secret is sent in clear across a network."""
    with pytest.raises(errors.NotSupported, match="not encrypted"):
        connect("http://news.example", token="t")


def test_nobody_listens() -> None:
    """A server that is down is unreachable, whatever kind it is."""
    with HostileServer() as server:
        port = server.port
    with pytest.raises(errors.Unreachable):
        connect(f"localhost:{port}", token="t")
