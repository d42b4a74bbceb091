"""What went wrong with a request, as known trouble: one table for the transport's faults, one for the status codes."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from urllib3.exceptions import DecodeError, HeaderParsingError

from moderator_app import errors

WEB_PAGE = (
    "This network answers with a web page instead of the server, perhaps with a sign-in page of its own. "
    "Open a web browser and sign in to the network, or check the address."
)
TOO_LARGE = "The server's answer is too large, so it was not read. Tell the server's administrator."
CUT = "The connection was cut before the server had answered. It is asked again by itself."
NO_NAME = "The server's name cannot be found. Check the address and the network; it is tried again by itself."
NO_TLS = "No secure connection to the server could be made. Check the address, or tell the server's administrator."

EXPIRED = "The server's certificate has expired, so nothing was sent. Tell the server's administrator."
WRONG_HOST = "The server's certificate is for another name, so nothing was sent. Check the address."
UNKNOWN_AUTHORITY = (
    "The server's certificate is not from an authority that this computer knows, so nothing was sent. "
    "Tell the server's administrator."
)
NOT_YET_VALID = "The server's certificate is not valid yet, so nothing was sent. Check this computer's clock."

LONGEST_WAIT = 900.0  # seconds that a Retry-After is obeyed for

_CERTIFICATE = {  # OpenSSL's X509_V_ERR numbers, see x509_vfy.h
    9: NOT_YET_VALID,
    10: EXPIRED,
    18: UNKNOWN_AUTHORITY,
    19: UNKNOWN_AUTHORITY,
    20: UNKNOWN_AUTHORITY,
    21: UNKNOWN_AUTHORITY,
    62: WRONG_HOST,
    64: WRONG_HOST,
}

_BEFORE_SENDING: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLError, NO_TLS),
    (socket.gaierror, NO_NAME),
    (OSError, ""),
)

_AFTER_SENDING: tuple[tuple[type[BaseException], type[errors.ServerTrouble], str], ...] = (
    (DecodeError, errors.BadAnswer, ""),
    (HeaderParsingError, errors.BadAnswer, ""),
    (http.client.RemoteDisconnected, errors.TimedOut, CUT),  # a kind of BadStatusLine, but nothing was said
    (http.client.IncompleteRead, errors.TimedOut, CUT),
    (http.client.HTTPException, errors.BadAnswer, ""),  # no HTTP, a line or header too many
    (TimeoutError, errors.TimedOut, ""),
    (OSError, errors.TimedOut, CUT),
)

_STATUS: Mapping[int, type[errors.KnownTrouble]] = {
    400: errors.Refused,
    401: errors.SignInNeeded,
    403: errors.NotAllowed,
    404: errors.Gone,
    408: errors.TimedOut,
    409: errors.Refused,  # unless its problem type says more
    410: errors.Gone,
    413: errors.Refused,
    422: errors.Refused,
    429: errors.Busy,
    503: errors.Busy,
}

_CONFLICT: Mapping[str, type[errors.Overtaken]] = {
    "comment-already-decided": errors.AlreadyDecided,
    "not-latest-decision": errors.AlreadyDecided,
    "comment-changed": errors.TextChanged,
}


def from_transport(fault: BaseException, *, sent: bool, late: bool) -> errors.ServerTrouble:
    """The trouble of a request without a whole answer.

    `sent` tells whether any byte of the request left this computer, `late` whether its deadline passed. The detail
    names types only: what the libraries say holds addresses and headers.
    """
    chain = tuple(_causes(fault))
    detail = " <- ".join(type(cause).__name__ for cause in chain)
    if not sent:
        return errors.Unreachable(_sentence_before_sending(chain), detail=detail)
    if late:
        return errors.TimedOut(detail=detail)
    for kind, trouble, sentence in _AFTER_SENDING:
        if any(isinstance(cause, kind) for cause in chain):
            return trouble(sentence, detail=detail)
    return errors.TimedOut(CUT, detail=detail)


def _sentence_before_sending(chain: tuple[BaseException, ...]) -> str:
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _CERTIFICATE.get(cause.verify_code, UNKNOWN_AUTHORITY)
    for kind, sentence in _BEFORE_SENDING:
        if any(isinstance(cause, kind) for cause in chain):
            return sentence
    return ""


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """The fault and all that it wraps: `requests` and `urllib3` keep the cause in `args`, `reason` or `__context__`."""
    waiting, seen = [fault], set[int]()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        wrapped = (cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args)
        waiting += [inner for inner in wrapped if isinstance(inner, BaseException)]


def from_status(status: int, *, problem: object, retry_after: str = "", web_page: bool = False) -> errors.KnownTrouble:
    """The trouble that a status code of 400 or more tells; `problem` is the answer's problem document (RFC 9457).

    A web page with a code of the 400s comes from something on the way (a proxy, a sign-in page), and its word never
    settles a decision.
    """
    code = problem_code(problem)
    detail = f"status {status} {code}".rstrip()
    if web_page and status < 500 and status not in (401, 429):
        return errors.BadAnswer(WEB_PAGE, detail=detail)
    kind = _STATUS.get(status, errors.ServerFailed if status >= 500 else errors.BadAnswer)
    if status == 409 and code in _CONFLICT:
        kind = _CONFLICT[code]
    if kind is errors.Refused:
        return errors.Refused(code=code or f"status-{status}", detail=detail)
    if kind is errors.Busy:
        return errors.Busy(detail=detail, retry_after=seconds_to_wait(retry_after))
    return kind(detail=detail)


def problem_code(problem: object) -> str:
    """The last segment of a problem's type; "" when there is none that can be read."""
    kind = problem.get("type") if isinstance(problem, dict) else None
    found = re.search(r"(?:^|[/#:])([a-z0-9][a-z0-9-]{0,63})/?\Z", kind[-200:]) if isinstance(kind, str) else None
    return found[1] if found else ""


def seconds_to_wait(header: str, *, now: datetime | None = None) -> float | None:
    """The seconds of a Retry-After (a number, or a date as HTTP writes it), at most `LONGEST_WAIT`; None: no idea."""
    header = header.strip()
    if re.fullmatch(r"[0-9]{1,18}", header):
        return min(float(header), LONGEST_WAIT)
    try:
        date = parsedate_to_datetime(header[:64])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    seconds = (date - (now or datetime.now(UTC))).total_seconds()
    return min(seconds, LONGEST_WAIT) if seconds >= 0 else None
