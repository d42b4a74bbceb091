"""HTTP to one server with one secret: bounded in time and size, strict with answers, deaf to its surroundings."""

# No redirect is followed, no cookie kept, and neither the environment nor .netrc is read. Whatever goes wrong is
# raised as known trouble by the tables of faults.

from __future__ import annotations

import json
import logging
import threading
import time
import weakref
from collections.abc import Mapping
from contextlib import AbstractContextManager
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlencode, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from moderator_app import errors
from moderator_app.backends import faults
from moderator_app.backends.address import may_carry_a_secret
from moderator_app.backends.answer import JSON_TYPES, SINGLE, Answer, Look, Winner, media_type, nobody, read
from moderator_app.backends.deadline import Deadline, DeadlineAdapter, within

_IDLE = 60.0  # seconds after which a connection is not trusted any more: the other end may be gone (sleep, router)
_NOT_TOLD = "The server refuses to tell this. Read the queue again; if it stays, tell the server's administrator."
_LOG = logging.getLogger(__name__)


class Http:
    """One account's way to one server; may be used from any thread, each of which gets a session of its own.

    `base_url` has no slash at the end. `deadline` is in seconds and bounds each request as a whole. `authority` is the
    path of a certificate file to trust instead of the public authorities. Raises `errors.NotSupported` for an address
    without encryption (but on this computer itself), and `errors.SignInNeeded` for a secret that no header can carry.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str,
        deadline: float = 10.0,
        allow_plain_http: bool = False,
        authority: str = "",
    ) -> None:
        if not (allow_plain_http or may_carry_a_secret(base_url)):
            raise errors.NotSupported(
                "This address is not encrypted, so no secret is sent there. Use the address that begins with https."
            )
        self._base = base_url.rstrip("/")
        self._bearer = _Bearer(clean_token(token))
        self._seconds = deadline
        self._verify: str | bool = authority or True
        self._thread = threading.local()
        self._lock = threading.Lock()
        self._sessions: weakref.WeakSet[requests.Session] = weakref.WeakSet()  # a thread that ends takes its own along
        self._closed = False

    def get(self, path: str, *, params: Mapping[str, str] | None = None, etag: str = "", cap: int = SINGLE) -> Answer:
        """What the server has at `path` (under the base address); `cap` is in bytes of the decoded answer.

        With `etag`, the answer may be status 304 without a body. Raises `errors.KnownTrouble`,
        `answer.TooLarge` among it.
        """
        query = f"?{urlencode(params)}" if params else ""
        headers = {"If-None-Match": etag} if etag else {}
        try:
            return self._exchange("GET", path + query, headers=headers, cap=cap)
        except errors.Refused as refused:  # whose own sentence speaks of a decision
            raise errors.Refused(_NOT_TOLD, detail=refused.detail, code=refused.code) from None

    def put(self, path: str, body: Mapping[str, object], *, cap: int = SINGLE, winner: Winner = nobody) -> Answer:
        """Send JSON to `path`; `winner` reads from a conflict's problem document who was first.

        Raises `errors.KnownTrouble`; after `errors.TimedOut` it is not known whether the server took it.
        """
        data = json.dumps(body, ensure_ascii=True).encode("ascii")
        headers = {"Content-Type": "application/json"}
        return self._exchange("PUT", path, headers=headers, cap=cap, data=data, winner=winner)

    def look(self, path: str) -> Look:
        """What is at `path` for everybody: the secret is not sent, the body not read."""
        with self.one_deadline() as deadline, self._send("GET", path, {}, None, deadline, auth=None) as response:
            return Look(response.status_code, media_type(response), response.headers.get("Link", "")[:2000])

    def one_deadline(self) -> AbstractContextManager[Deadline]:
        """Several requests of this thread inside one deadline."""
        return within(self._seconds)

    def close(self) -> None:
        """Close every thread's connections; safe to call twice, and no request is sent afterwards."""
        self._closed = True
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            session.close()

    def _exchange(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        cap: int,
        data: bytes | None = None,
        winner: Winner = nobody,
    ) -> Answer:
        with (
            self.one_deadline() as deadline,
            self._send(method, path, headers, data, deadline, auth=self._bearer) as response,
        ):
            _LOG.debug("%s %s: %d", method, urlsplit(path).path, response.status_code)
            return read(response, deadline=deadline, cap=cap, conditional="If-None-Match" in headers, winner=winner)

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        data: bytes | None,
        deadline: Deadline,
        *,
        auth: AuthBase | None,
    ) -> requests.Response:
        """The response once its headers are there."""
        if self._closed:
            raise errors.Unreachable("The connection was closed by signing out.")
        deadline.sent = False
        try:
            return self._session().request(
                method,
                self._base + path,
                headers=dict(headers),
                data=data,
                auth=auth,
                stream=True,
                timeout=deadline.left(),
                allow_redirects=False,
            )
        except (requests.RequestException, HTTPError, OSError) as fault:
            raise faults.from_transport(fault, sent=deadline.sent, late=deadline.over) from None

    def _session(self) -> requests.Session:
        """This thread's session, with fresh connections after an idle time."""
        session: requests.Session | None = getattr(self._thread, "session", None)
        if session is None:
            session = self._thread.session = self._new_session()
        elif abs(time.time() - self._thread.used) > _IDLE:  # the wall clock, for it goes on while a computer sleeps
            session.close()
        self._thread.used = time.time()
        return session

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.verify = self._verify
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.headers.clear()
        session.headers.update(
            {"User-Agent": "moderator-app", "Accept": ", ".join(JSON_TYPES), "Accept-Encoding": "gzip"}
        )
        for scheme in ("http://", "https://"):
            session.mount(scheme, DeadlineAdapter())
        with self._lock:
            self._sessions.add(session)
        return session


class _Bearer(AuthBase):
    """Puts the secret into a request's header, and into nothing else."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def clean_token(token: str) -> str:
    """The secret without blanks around it; raises `errors.SignInNeeded` when no header can carry it."""
    token = token.strip()
    if not token:
        raise errors.SignInNeeded("There is no secret. Type the one that the server's administrator gave you.")
    if len(token) > 8192 or not all("!" <= character <= "~" for character in token):
        raise errors.SignInNeeded(
            "The secret holds a character that a secret cannot have, such as a blank, a line end or a curly quote. "
            "Copy it again."
        )
    return token
