"""Reading what a server answered: its status, and its JSON under a cap, or the trouble that it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from moderator_app import errors
from moderator_app.backends import faults, strict_json
from moderator_app.backends.deadline import Deadline
from moderator_app.model import LogEntry

SINGLE = 2 << 20  # bytes of a decoded answer about one thing
LIST = 8 << 20  # bytes of a decoded page of a list
JSON_TYPES = ("application/json", "application/problem+json")
_PIECE = 1 << 16  # bytes

Winner = Callable[[object], LogEntry | None]  # reads from a conflict's problem document who was first


def nobody(_problem: object) -> None:
    """The `Winner` of a request that no one else can win."""


class TooLarge(errors.BadAnswer):
    """The decoded answer is over its cap; none of it was used."""

    sentence = faults.TOO_LARGE


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: `body` is JSON's value, None with status 304; `etag` is "" when the server gave none."""

    status: int
    body: object
    etag: str


@dataclass(frozen=True, slots=True)
class Look:
    """What an address answers to somebody without a secret: status, media type, Link header, and no more."""

    status: int
    media_type: str
    link: str

    @property
    def is_json(self) -> bool:
        """Whether it answers in JSON."""
        return self.media_type in JSON_TYPES


def media_type(response: requests.Response) -> str:
    """The answer's media type in lower case, without its parameters."""
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()[:100]


def read(response: requests.Response, *, deadline: Deadline, cap: int, conditional: bool, winner: Winner) -> Answer:
    """The whole answer, of at most `cap` bytes; `conditional` tells whether 304 is an answer to what was asked.

    Raises the trouble (`errors.KnownTrouble`) that its status tells, or that keeps it from being read.
    """
    status = response.status_code
    if status == 304 and conditional:
        return Answer(status, None, "")
    if 300 <= status < 400:
        raise errors.BadAnswer(_moved(response))
    if status >= 400:
        raise _trouble(response, deadline, cap, winner)
    kind = media_type(response)
    if kind not in JSON_TYPES or status not in (200, 201):
        sentence = faults.WEB_PAGE if kind == "text/html" else ""
        raise _cut_or_bad(response, sentence, detail=f"status {status}, {kind!a}")
    body = _value(response, _body(response, cap, deadline))
    return Answer(status, body, _header_value(response.headers.get("ETag", "")))


def _moved(response: requests.Response) -> str:
    try:
        host = urlsplit(response.headers.get("Location", "")).hostname or ""
    except ValueError:
        host = ""
    name = "".join(character for character in host[:100] if character.isalnum() or character in ".-")
    return (
        f"The server sends its visitors on to {name or 'another address'}; nothing was sent there. Check the address."
    )


def _trouble(response: requests.Response, deadline: Deadline, cap: int, winner: Winner) -> errors.KnownTrouble:
    """The trouble of a status of 400 or more; a problem document that cannot be read changes nothing about it."""
    kind = media_type(response)
    problem: object = None
    if kind in JSON_TYPES:
        try:
            problem = strict_json.loads(_body(response, cap, deadline))
        except (ValueError, errors.BadAnswer):
            problem = None
    trouble = faults.from_status(
        response.status_code,
        problem=problem,
        retry_after=response.headers.get("Retry-After", ""),
        web_page=kind == "text/html",
    )
    if isinstance(trouble, errors.Overtaken):
        trouble.winner = winner(problem)
    return trouble


def _body(response: requests.Response, cap: int, deadline: Deadline) -> bytes:
    """The decoded body, at most `cap` bytes."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", "deflate", ""):
        raise errors.BadAnswer(detail="content encoding")  # two of them on top of each other are how bombs are built
    body = bytearray()
    try:
        while piece := response.raw.read1(_PIECE, decode_content=True):
            body += piece
            if len(body) > cap:
                raise TooLarge
    except (requests.RequestException, HTTPError, OSError) as fault:
        raise faults.from_transport(fault, sent=True, late=deadline.over) from None
    return bytes(body)


def _value(response: requests.Response, body: bytes) -> object:
    try:
        return strict_json.loads(body)
    except ValueError as problem:
        raise _cut_or_bad(response, detail=str(problem)) from None


def _cut_or_bad(response: requests.Response, sentence: str = "", *, detail: str) -> errors.ServerTrouble:
    """An answer that tells no length and makes no sense was cut; with a length, or as a web page, it is just wrong."""
    framed = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
    if framed or sentence or response.status_code == 204:
        return errors.BadAnswer(sentence, detail=detail)
    return errors.TimedOut(faults.CUT, detail=detail)


def _header_value(text: str) -> str:
    """An entity tag as it may be sent back; "" when it is too long or holds what a header cannot."""
    return text if len(text) <= 200 and all(" " <= character <= "~" for character in text) else ""
