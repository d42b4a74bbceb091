"""What Http makes of servers that are down, slow, confused or hostile."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from moderator_app import errors
from moderator_app.backends import faults
from moderator_app.backends.answer import TooLarge
from moderator_app.backends.http import Http, clean_token
from tests.backends.conftest import TOKEN
from tests.backends.hostile import Act, HostileServer, crashes, cut, drips, endless, head, says, stalls, status, whole

SHORT = 0.6  # seconds: a deadline that a test waits out


@pytest.fixture
def hasty(server: HostileServer) -> Iterator[Http]:
    http = Http(server.url, token=TOKEN, deadline=SHORT)
    yield http
    http.close()


@cache
def bomb(mebibytes: int) -> bytes:
    """A gzip body that unpacks to a thousand times its size."""
    packer, block = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(mebibytes)) + packer.flush()


def test_sends_the_secret_and_returns_json(server: HostileServer, http: Http) -> None:
    """An ordinary answer comes back as its value with its entity tag, and the secret went along."""
    server.answers["/a"] = says(whole(b'{"x": [1, "\xc3\xa9"]}', 'ETag: "7"'))
    answer = http.get("/a", params={"limit": "1"})
    assert (answer.status, answer.body, answer.etag) == (200, {"x": [1, "é"]}, '"7"')
    assert server.seen[0].path == "/a?limit=1"
    assert server.seen[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_sends_json(server: HostileServer, http: Http) -> None:
    """What is put arrives as JSON, lone surrogates included."""
    server.answers["/a"] = status(201, b"{}", kind="application/json")
    assert http.put("/a", {"note": "é\ud800"}).status == 201
    assert json.loads(server.seen[0].body) == {"note": "é\ud800"}
    assert server.seen[0].method == "PUT"


def test_not_modified(server: HostileServer, http: Http) -> None:
    """Status 304 is an answer to a conditional request, and to no other."""
    server.answers["/a"] = says(head(code=304))
    assert http.get("/a", etag='"7"').status == 304
    assert server.seen[0].headers["if-none-match"] == '"7"'
    with pytest.raises(errors.BadAnswer):
        http.get("/a")


def test_one_connection_for_many_requests(server: HostileServer, http: Http) -> None:
    """A thread keeps its connection, and another thread gets one of its own."""
    server.answers["/a"] = lambda line, _: line.send(whole(b"{}"))
    for _ in range(3):
        http.get("/a")
    other = threading.Thread(target=http.get, args=("/a",))
    other.start()
    other.join()
    assert len(server.seen) == 4
    assert len(server._connections) == 2


SLOW: dict[str, Act] = {
    "says nothing": stalls(b""),
    "drips its headers": drips(head(*(f"X-{number}: a" for number in range(90)))),
    "drips its body": drips(whole(b'"' + b"x" * 300 + b'"')),
    "drips a body without a length": drips(head("Connection: close") + b'"' + b"x" * 300),
    "drips chunks": drips(head("Transfer-Encoding: chunked") + b"1\r\nx\r\n" * 100),
    "stops in the middle": stalls(head("Content-Length: 9") + b"{"),
}


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
def test_the_whole_request_has_a_deadline(server: HostileServer, hasty: Http, act: Act) -> None:
    """A slow answer ends at the deadline, however it is slow, and its outcome is unknown (B2, B3, B4)."""
    server.answers["/a"] = act
    with pytest.raises(errors.TimedOut):
        hasty.put("/a", {})


def test_a_patient_client_gets_a_slow_answer(server: HostileServer, http: Http) -> None:
    """A slow answer within the deadline is read whole, compressed or not (B36)."""
    packed = gzip.compress(b'{"a": 1}')
    server.answers["/plain"] = lambda line, _: line.drip(whole(b'{"a": 1}'), 7)
    server.answers["/packed"] = lambda line, _: line.drip(whole(packed, "Content-Encoding: gzip"), 7)
    assert http.get("/plain").body == http.get("/packed").body == {"a": 1}


CUT: dict[str, Act] = {
    "with a length": cut(head("Content-Length: 100") + b'{"a":1}'),
    "with chunks": cut(head("Transfer-Encoding: chunked") + b'7\r\n{"a":1}\r\n'),
    "inside a chunk": cut(head("Transfer-Encoding: chunked") + b'70\r\n{"a":1}'),
    "without a length": cut(head("Connection: close") + b'{"a":[1,2'),
    "inside the headers": cut(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "before the answer": cut(b""),
    "by a crash": crashes(b""),
    "by a crash in the body": crashes(head("Content-Length: 100") + b"{"),
}


@pytest.mark.parametrize("act", CUT.values(), ids=CUT)
def test_a_cut_answer_leaves_the_outcome_unknown(server: HostileServer, http: Http, act: Act) -> None:
    """Whatever part of an answer is missing, the request may have had its effect (B8, B9)."""
    server.answers["/a"] = act
    with pytest.raises(errors.TimedOut):
        http.put("/a", {})


def test_nobody_listens() -> None:
    """A refused connection and a name that does not exist are told apart from a lost answer (B1)."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    http = Http(f"http://127.0.0.1:{port}", token=TOKEN)
    with pytest.raises(errors.Unreachable):
        http.get("/a")
    http.close()
    http = Http("https://no-such-host.invalid", token=TOKEN, deadline=20)
    with pytest.raises(errors.Unreachable):
        http.get("/a")
    http.close()


def test_a_server_that_never_accepts_is_unreachable() -> None:
    """When there is no connection within the deadline, nothing was sent."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        http = Http(f"http://127.0.0.1:{full.getsockname()[1]}", token=TOKEN, deadline=SHORT)
        with pytest.raises(errors.Unreachable):
            http.get("/a")
        http.close()
        for one in waiting:
            one.close()


TOO_LARGE: dict[str, Act] = {
    "a gzip bomb": lambda line, _: line.send(whole(bomb(256), "Content-Encoding: gzip")),
    "endless chunks": endless,
    "a long body": says(whole(b'"' + b"x" * (3 << 20) + b'"')),
}


@pytest.mark.parametrize("act", TOO_LARGE.values(), ids=TOO_LARGE)
def test_the_decoded_body_has_a_cap(server: HostileServer, http: Http, act: Act) -> None:
    """An answer over the cap is given up, not collected (B5, B7)."""
    server.answers["/a"] = act
    with pytest.raises(TooLarge):
        http.get("/a")


def test_the_cap_is_the_callers(server: HostileServer, http: Http) -> None:
    """The same body is read under a higher cap."""
    server.answers["/a"] = TOO_LARGE["a long body"]
    assert http.get("/a", cap=4 << 20).body == "x" * (3 << 20)


UNREADABLE: dict[str, Act] = {
    "two encodings": says(whole(gzip.compress(gzip.compress(b"{}")), "Content-Encoding: gzip, gzip")),
    "an unknown encoding": says(whole(b"{}", "Content-Encoding: secret")),
    "a broken encoding": says(whole(b"no gzip", "Content-Encoding: gzip")),
    "plain text": status(200, b"{}", kind="text/plain"),
    "no media type": says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
    "nothing": status(200, b"", kind="application/json"),
    "status 204": says(head(code=204)),
    "status 206": status(206, kind="application/json"),
    "status 405": status(405),
    "no JSON": says(whole(b"<html>")),
    "more behind the JSON": says(whole(b"{} {}")),
    "100,000 levels": says(whole(b"[" * 100_000)),
    "100,000 objects in objects": says(whole(b'{"a":' * 100_000)),
    "bytes that are not UTF-8": says(whole(b'{"a":"\xff\xfe\xc3"}')),
    "UTF-16": says(whole('{"a":1}'.encode("utf-16"))),
    "Latin-1": says(whole('{"a":"é"}'.encode("latin-1"), kind="application/json; charset=iso-8859-1")),
    "no HTTP": cut(b"220 mail.example ESMTP\r\n\r\n"),
    "a long header": says(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\nContent-Length: 2\r\n\r\n{}"),
    "many headers": says(head(*(f"X-{number}: a" for number in range(150)), "Content-Length: 2") + b"{}"),
}


@pytest.mark.parametrize("act", UNREADABLE.values(), ids=UNREADABLE)
def test_an_answer_outside_the_contract_is_refused(server: HostileServer, http: Http, act: Act) -> None:
    """What is not an answer of the contract is called so (B6, B33, C4 to C10)."""
    server.answers["/a"] = act
    with pytest.raises(errors.BadAnswer):
        http.get("/a")


def test_a_byte_order_mark_is_allowed(server: HostileServer, http: Http) -> None:
    """A mark before the JSON and a charset that nobody knows change nothing (C7)."""
    server.answers["/a"] = says(whole(b'\xef\xbb\xbf{"a":1}', kind="Application/JSON; charset=klingon"))
    assert http.get("/a").body == {"a": 1}


@pytest.mark.parametrize("code", [200, 403, 404, 410, 422, 511])
def test_a_sign_in_page_is_recognised(server: HostileServer, http: Http, code: int) -> None:
    """A web page is the network's or a proxy's, and never settles anything (B15)."""
    server.answers["/a"] = status(code, b"<html>Hotel</html>", kind="text/html; charset=utf-8")
    with pytest.raises((errors.BadAnswer, errors.ServerFailed)) as caught:
        http.put("/a", {})
    if code != 511:
        assert caught.value.sentence == faults.WEB_PAGE


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(server: HostileServer, http: Http, code: int) -> None:
    """The other host is named, but gets no request and no secret (B10, B11)."""
    with HostileServer() as other:
        server.answers["/a"] = status(code, b"", f"Location: http://127.0.0.1:{other.port}/x?{TOKEN}")
        with pytest.raises(errors.BadAnswer, match=r"127\.0\.0\.1") as caught:
            http.put("/a", {"a": 1})
        assert other.seen == []
    assert TOKEN not in caught.value.sentence + caught.value.detail


def test_cookies_are_refused(server: HostileServer, http: Http) -> None:
    """A server's cookie does not come back to it (B34)."""
    server.answers["/a"] = says(whole(b"{}", "Set-Cookie: sid=abc; Path=/"))
    http.get("/a")
    http.get("/a")
    assert "cookie" not in server.seen[1].headers


def test_the_environment_is_not_read(server: HostileServer, tmp_path: Path) -> None:
    """Neither .netrc nor a proxy nor a certificate bundle from the environment has a say (B12, B13)."""
    server.answers["/a"] = says(whole(b"{}"))
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine localhost login evil password pw\nmachine 127.0.0.1 login evil password pw\n")
    netrc.chmod(0o600)
    with HostileServer() as proxy:
        surroundings = os.environ | {
            "HOME": str(tmp_path),
            "NETRC": str(netrc),
            "http_proxy": proxy.url,
            "all_proxy": proxy.url,
            "REQUESTS_CA_BUNDLE": "/nowhere.pem",
            "CURL_CA_BUNDLE": "/nowhere.pem",
        }
        surroundings.pop("no_proxy", None)
        program = "import sys; from moderator_app.backends.http import Http; Http(*sys.argv[1:2], token='t').get('/a')"
        subprocess.run([sys.executable, "-c", program, server.url], env=surroundings, check=True, timeout=60)
        assert proxy.seen == []
    assert server.seen[0].headers["authorization"] == "Bearer t"


def test_plain_http_only_on_this_computer() -> None:
    """A secret does not cross the network unencrypted, unless somebody insists."""
    for url in ("http://news.example", "http://10.0.0.1", "http://127.0.0.1.evil.example", "ftp://localhost.x"):
        with pytest.raises(errors.NotSupported):
            Http(url, token=TOKEN)
    for url in ("https://news.example", "http://localhost:8000", "http://127.1.2.3", "http://[::1]:80"):
        Http(url, token=TOKEN).close()
    Http("http://news.example", token=TOKEN, allow_plain_http=True).close()


@pytest.mark.parametrize("token", ["", "  ", "5e Cr3t", "5e\nX-Evil: 1", "5e’Cr3t", "5e\x00", "5é", "5" * 9000])
def test_a_secret_that_no_header_can_carry_is_refused(token: str) -> None:
    """The trouble is told when the secret is typed, without showing it (E8)."""
    with pytest.raises(errors.SignInNeeded) as caught:
        clean_token(token)
    assert "5" not in caught.value.sentence


def test_a_secret_loses_the_blanks_around_it() -> None:
    """What comes along when a secret is pasted is taken off."""
    assert clean_token(" abc~!\n") == "abc~!"


def test_no_secret_in_troubles_or_representations(
    server: HostileServer, http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither what is raised nor what is logged nor what a debugger shows holds the secret (E9)."""
    caplog.set_level(0)
    shown = [repr(http), *map(repr, vars(http).values())]
    for act in (*CUT.values(), *UNREADABLE.values(), status(401), status(500)):
        server.answers["/a"] = act
        with pytest.raises(errors.KnownTrouble) as caught:
            http.get("/a")
        shown += [repr(caught.value), caught.value.sentence, caught.value.detail]
    assert TOKEN not in "\n".join([*shown, caplog.text])


def test_a_closed_way_sends_nothing(server: HostileServer, http: Http) -> None:
    """After signing out nothing is sent, and closing again is harmless."""
    http.close()
    http.close()
    with pytest.raises(errors.Unreachable):
        http.get("/a")
    assert server.seen == []


def test_looking_does_not_send_the_secret(server: HostileServer, http: Http) -> None:
    """Whoever only asks what an address is shows no secret."""
    server.answers["/"] = status(200, b"<html>", 'Link: <x>; rel="y"', kind="text/html")
    look = http.look("/")
    assert (look.status, look.media_type, look.link) == (200, "text/html", '<x>; rel="y"')
    assert "authorization" not in server.seen[0].headers


def test_base_needs_no_requests() -> None:
    """The protocol can be imported without loading requests, which the first frame does not need."""
    program = "import sys, moderator_app.backends.base; sys.exit('requests' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_peak_of_memory_stays_near_the_cap(server: HostileServer) -> None:
    """A bomb of 256 MiB costs the client less than 50 MiB (B5)."""
    resource = pytest.importorskip("resource")
    del resource
    server.answers["/a"] = lambda line, _: line.send(whole(bomb(256), "Content-Encoding: gzip"))
    program = """
import resource, sys
from moderator_app import errors
from moderator_app.backends.http import Http
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
try:
    Http(sys.argv[1], token="t").get("/a", cap=8 << 20)
except errors.BadAnswer:
    print((peak() - before) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, server.url], check=True, timeout=60, capture_output=True, text=True
    )
    assert int(done.stdout) < 50
