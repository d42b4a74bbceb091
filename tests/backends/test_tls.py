"""What is said about certificates that are not good enough, and that nothing is sent to their owners."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator_app import errors
from moderator_app.backends import faults
from moderator_app.backends.http import Http
from tests.backends.hostile import Act, HostileServer, cut, drips, says, stalls, whole

OPENSSL = shutil.which("openssl")
if OPENSSL is None and "CI" in os.environ:
    pytest.fail("openssl is needed to make certificates", pytrace=False)
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="no openssl to make certificates with")

LEAVES = {  # name: host, first and last day
    "good": ("localhost", "20200101000000Z", "20991231000000Z"),
    "other": ("other.example", "20200101000000Z", "20991231000000Z"),
    "expired": ("localhost", "20200101000000Z", "20200201000000Z"),
    "early": ("localhost", "20980101000000Z", "20991231000000Z"),
}
SETTINGS = """
[ca]
default_ca = own
[own]
new_certs_dir = .
database = index
serial = serial
policy = any
default_md = sha256
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[req]
distinguished_name = name
[name]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with authority.pem, and NAME.pem and NAME.key for every leaf."""
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "settings").write_text(SETTINGS)
    (folder / "index").touch()
    (folder / "serial").write_text("01")

    def openssl(*arguments: str) -> None:
        subprocess.run([str(OPENSSL), *arguments], cwd=folder, check=True, capture_output=True, timeout=60)

    new = ("req", "-config", "settings", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(*new, "-x509", "-days", "9999", "-extensions", "authority", "-subj", "/CN=Own authority",
            "-keyout", "authority.key", "-out", "authority.pem")  # fmt: skip
    for name, (host, first, last) in LEAVES.items():
        openssl(*new, "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
                "-keyout", f"{name}.key", "-out", f"{name}.request")  # fmt: skip
        openssl("ca", "-config", "settings", "-batch", "-notext", "-cert", "authority.pem", "-keyfile", "authority.key",
                "-startdate", first, "-enddate", last, "-in", f"{name}.request", "-out", f"{name}.pem")  # fmt: skip
    return folder


@pytest.fixture
def server(folder: Path, request: pytest.FixtureRequest) -> Iterator[HostileServer]:
    """A TLS server with the certificate that the test is parametrized with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{request.param}.pem", folder / f"{request.param}.key")
    with HostileServer(context) as server:
        server.answers["/a"] = says(whole(b"{}"))
        yield server


def trouble(url: str, *, authority: str = "", deadline: float = 30) -> errors.KnownTrouble | None:
    """What a request to the server ends with."""
    http = Http(url, token="t", authority=authority, deadline=deadline)
    try:
        http.get("/a")
    except errors.KnownTrouble as known:
        return known
    finally:
        http.close()
    return None


@pytest.mark.parametrize("server", ["good"], indirect=True)
def test_a_good_certificate_is_accepted(server: HostileServer, folder: Path) -> None:
    """A certificate from the authority that was named is trusted."""
    assert trouble(server.url, authority=str(folder / "authority.pem")) is None


@pytest.mark.parametrize(
    ("server", "sentence"),
    [("other", faults.WRONG_HOST), ("expired", faults.EXPIRED), ("early", faults.NOT_YET_VALID)],
    indirect=["server"],
)
def test_each_fault_of_a_certificate_has_its_sentence(server: HostileServer, folder: Path, sentence: str) -> None:
    """Expired, not yet valid and another's name are told apart, and nothing is sent (B14)."""
    found = trouble(server.url, authority=str(folder / "authority.pem"))
    assert isinstance(found, errors.Unreachable)
    assert found.sentence == sentence
    assert server.seen == []


@pytest.mark.parametrize("server", ["good"], indirect=True)
def test_an_unknown_authority_is_told(server: HostileServer) -> None:
    """A certificate of one's own making is not trusted (B14)."""
    found = trouble(server.url)
    assert isinstance(found, errors.Unreachable)
    assert found.sentence == faults.UNKNOWN_AUTHORITY
    assert server.seen == []


@pytest.mark.parametrize("server", ["good"], indirect=True)
def test_the_deadline_holds_over_tls(server: HostileServer, folder: Path) -> None:
    """A body that drips through TLS ends at the deadline."""
    server.answers["/a"] = drips(whole(b'"' + b"x" * 300 + b'"'))
    assert isinstance(trouble(server.url, authority=str(folder / "authority.pem"), deadline=0.6), errors.TimedOut)


GREETINGS = {
    "speaks plain HTTP": cut(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "says nothing": stalls(b""),
    "drips a handshake": drips(b"\x16\x03\x03\x40\x00" + bytes(300)),
}


@pytest.mark.parametrize("greeting", GREETINGS.values(), ids=GREETINGS)
def test_no_secure_connection_is_told_within_the_deadline(greeting: Act) -> None:
    """A server that does not finish the TLS handshake is unreachable, and gets nothing."""
    with HostileServer(greeting=greeting) as plain:
        found = trouble(plain.url.replace("http:", "https:"), deadline=0.6)
        assert isinstance(found, errors.Unreachable)
        assert plain.seen == []
