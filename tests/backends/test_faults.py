"""Which trouble each status and header means."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator_app import errors
from moderator_app.backends.faults import LONGEST_WAIT, problem_code, seconds_to_wait
from moderator_app.backends.http import Http
from tests.backends.hostile import HostileServer, status

STATUS: dict[int, type[errors.KnownTrouble]] = {
    400: errors.Refused,
    401: errors.SignInNeeded,
    403: errors.NotAllowed,
    404: errors.Gone,
    409: errors.Refused,
    410: errors.Gone,
    413: errors.Refused,
    422: errors.Refused,
    429: errors.Busy,
    500: errors.ServerFailed,
    502: errors.ServerFailed,
    503: errors.Busy,
    599: errors.ServerFailed,
}


@pytest.mark.parametrize("body", [b"{}", b"", b'{"type":7}', b"[" * 9999, b'"\\ud800"'])
@pytest.mark.parametrize("code", STATUS)
def test_each_status_has_its_trouble(server: HostileServer, http: Http, code: int, body: bytes) -> None:
    """The type of trouble follows the status, whatever the problem document looks like (B16 to B23)."""
    server.answers["/a"] = status(code, body)
    with pytest.raises(errors.KnownTrouble) as caught:
        http.put("/a", {})
    assert type(caught.value) is STATUS[code]


CONFLICT = {
    "comment-already-decided": errors.AlreadyDecided,
    "not-latest-decision": errors.AlreadyDecided,
    "comment-changed": errors.TextChanged,
    "decision-id-reused": errors.Refused,
}


@pytest.mark.parametrize("code", CONFLICT)
def test_a_conflict_is_told_by_its_type(server: HostileServer, http: Http, code: str) -> None:
    """The last segment of the problem's type tells the conflicts of status 409 apart."""
    server.answers["/a"] = status(409, json.dumps({"type": f"https://news.example/problems/{code}"}).encode())
    with pytest.raises(CONFLICT[code]):
        http.put("/a", {})


def test_a_refusal_carries_the_servers_code(server: HostileServer, http: Http) -> None:
    """The server's own name for the reason is kept."""
    server.answers["/a"] = status(422, b'{"type":"/problems/reason-required"}')
    with pytest.raises(errors.Refused) as caught:
        http.put("/a", {})
    assert caught.value.code == "reason-required"


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("999999999", 900), ("-5", None), ("soon", None)])
@pytest.mark.parametrize("code", [429, 503])
def test_a_busy_server_says_how_long(
    server: HostileServer, http: Http, code: int, header: str, seconds: float | None
) -> None:
    """Retry-After comes along in seconds, capped, and nonsense is ignored (B22)."""
    server.answers["/a"] = status(code, b"{}", f"Retry-After: {header}")
    with pytest.raises(errors.Busy) as caught:
        http.get("/a")
    assert caught.value.retry_after == seconds


def test_what_cannot_be_told_is_no_decision(server: HostileServer, http: Http) -> None:
    """A question that the server refuses is not spoken of as a decision that was."""
    server.answers["/a"] = status(422, b'{"type": "bad-cursor"}')
    with pytest.raises(errors.Refused) as caught:
        http.get("/a")
    assert caught.value.code == "bad-cursor"
    assert "decision" not in caught.value.sentence


NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("Sun, 01 Mar 2026 14:00:30 +0200", 30),
        ("Mon, 01 Mar 2027 12:00:00 GMT", LONGEST_WAIT),
        ("Sun, 01 Mar 2026 11:59:30 GMT", None),
        ("0", 0),
        (" 12 ", 12),
        ("1e3", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float | None) -> None:
    """Both forms are read, a moment that is over is no wait, and nothing waits longer than a quarter of an hour."""
    assert seconds_to_wait(header, now=NOW) == seconds


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ ?\S*"))
def test_any_retry_after_is_a_wait_or_ignored(header: str) -> None:
    """Nothing is raised, and no wait is negative or endless."""
    seconds = seconds_to_wait(header)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT


@given(st.text(), st.from_regex(r"[a-z0-9][a-z0-9-]{0,63}", fullmatch=True))
def test_the_last_segment_of_a_problem_type(base: str, code: str) -> None:
    """It is found behind any address, and any problem has a code or none."""
    assert problem_code({"type": f"{base}/{code}"}) == code
    assert len(problem_code({"type": base})) <= 64
