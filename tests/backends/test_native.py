"""What the native backend asks, and what it makes of good, bad and hostile answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from moderator_app import errors
from moderator_app.backends.base import Backend
from moderator_app.backends.http import Http
from moderator_app.backends.native import NativeBackend
from moderator_app.model import Action, Decision, Reason
from tests.backends import samples
from tests.backends.hostile import Act, HostileServer, Line, Seen, crashes, says, status, whole

DECISION = Decision(
    id=samples.entry()["id"],
    comment="c1",
    article="a1",
    action=Action.REJECT,
    comment_version=3,
    text_sha256=samples.sha256(samples.TEXT),
    reasons=(Reason.THREAT,),
    note="",
    reverses=None,
    made_at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
)
PUT = f"/v1/decisions/{DECISION.id}"


def good(body: object, *lines: str) -> Act:
    """A whole answer in JSON."""
    return says(whole(json.dumps(body).encode(), *lines))


@pytest.fixture
def backend(server: HostileServer) -> Iterator[Backend]:
    backend = NativeBackend(Http(server.url, token="t", deadline=30))
    yield backend
    backend.close()


def test_asks_for_a_page_of_the_queue(server: HostileServer, backend: Backend) -> None:
    """Cursor and limit go along, the limit within what the contract allows."""
    server.answers["/v1/comments"] = good(samples.page(samples.comment(), next="b c&d"))
    assert backend.comments(limit=9999).next == "b c&d"
    backend.comments(cursor="b +&d", limit=0)
    assert [seen.path for seen in server.seen] == [
        "/v1/comments?status=pending&limit=500",
        "/v1/comments?status=pending&cursor=b+%2B%26d&limit=1",
    ]


@pytest.mark.parametrize("page", [samples.page(samples.comment(), next="x"), samples.page(next="y")])
def test_a_cursor_that_leads_nowhere_ends_the_paging(
    server: HostileServer, backend: Backend, page: dict[str, Any]
) -> None:
    """The same cursor again, and an empty page with a cursor, would go on for ever (B35)."""
    server.answers["/v1/comments"] = good(page)
    with pytest.raises(errors.BadAnswer):
        backend.comments(cursor="x")


def test_a_page_that_is_too_large_is_asked_for_in_small(server: HostileServer, backend: Backend) -> None:
    """A comment of 10 MB holds up neither itself nor the others."""
    long = samples.comment(text="é" * (5 << 20))

    def act(line: Line, seen: Seen) -> None:
        alone = "limit=1&" in f"{seen.path}&"
        items = [long] if alone else [long, samples.comment(id="c2")]
        line.send(whole(json.dumps(samples.page(*items, next="n" if alone else None)).encode()))

    server.answers["/v1/comments"] = act
    page = backend.comments(limit=100)
    assert [len(comment.text) for comment in page.items] == [5 << 20]
    assert page.next == "n"


def test_the_sequence_is_asked_for_cheaply(server: HostileServer, backend: Backend) -> None:
    """When nothing changed, the server says so without a body, and the number stays."""

    def act(line: Line, seen: Seen) -> None:
        unchanged = seen.headers.get("if-none-match") == '"a"'
        line.send(
            b"HTTP/1.1 304 Same\r\n\r\n" if unchanged else whole(json.dumps(samples.page()).encode(), 'ETag: "a"')
        )

    server.answers["/v1/comments"] = act
    assert backend.sequence() == backend.sequence() == 7
    assert [seen.headers.get("if-none-match") for seen in server.seen] == [None, '"a"']


def test_reads_a_comment_and_an_article(server: HostileServer, backend: Backend) -> None:
    """Both come back as the product's words."""
    server.answers["/v1/comments/c1"] = good(samples.comment())
    server.answers["/v1/articles/a1"] = good(samples.article())
    assert backend.comment("c1").author.name == "Reader"
    assert backend.article("a1").place == "ZERWAN"


def test_what_was_not_asked_for_is_refused(server: HostileServer, backend: Backend) -> None:
    """A comment, article or receipt about something else is not taken for the right one."""
    server.answers["/v1/comments/c9"] = good(samples.comment())
    server.answers["/v1/articles/a9"] = good(samples.article())
    server.answers[PUT] = good(samples.receipt(comment="c9"))
    for ask in (lambda: backend.comment("c9"), lambda: backend.article("a9"), lambda: backend.decide(DECISION)):
        with pytest.raises(errors.BadAnswer):
            ask()


@pytest.mark.parametrize("bad", ["", ".", "..", "../users/1", "a/b", "a?b", "a\n", "%2e%2e", "x" * 101])
def test_an_id_that_is_none_is_not_sent(server: HostileServer, backend: Backend, bad: str) -> None:
    """No id leads to another path of the server."""
    for ask in (backend.comment, backend.article):
        with pytest.raises(errors.Refused):
            ask(bad)
    assert server.seen == []


def test_sends_a_decision(server: HostileServer, backend: Backend) -> None:
    """The decision names the text that was judged, and cannot carry a text."""
    server.answers[PUT] = good(samples.receipt())
    receipt = backend.decide(DECISION)
    assert receipt.comment_version == 4
    assert json.loads(server.seen[0].body) == {
        "comment": "c1",
        "action": "reject",
        "comment_version": 3,
        "text_sha256": samples.sha256(samples.TEXT),
        "reasons": ["threat"],
        "note": "",
        "reverses": None,
        "made_at": "2026-03-01T09:00:00.000000Z",
    }


def test_a_lost_answer_leaves_the_outcome_unknown(server: HostileServer, backend: Backend) -> None:
    """A server that is killed between applying and answering is asked again, not believed to have refused."""
    server.answers[PUT] = crashes(b"")
    with pytest.raises(errors.TimedOut):
        backend.decide(DECISION)


@pytest.mark.parametrize("current", [samples.comment(), samples.comment(text="x" * (3 << 20)), None])
def test_a_conflict_names_the_winner(server: HostileServer, backend: Backend, current: dict[str, Any] | None) -> None:
    """Who was first comes along, however long the comment is that the server sends with it (B20)."""
    problem = {"type": "https://x.example/comment-already-decided", "current": current, "decision": samples.entry()}
    server.answers[PUT] = status(409, json.dumps(problem).encode())
    with pytest.raises(errors.AlreadyDecided) as caught:
        backend.decide(DECISION)
    assert caught.value.winner is not None
    assert caught.value.winner.moderator.name == "Azad"


def test_reads_the_log_of_a_comment_to_its_end(server: HostileServer, backend: Backend) -> None:
    """All pages come together in order; a log that leads back is refused."""

    def act(line: Line, seen: Seen) -> None:
        first = "after=0" in seen.path
        body = {"items": [samples.entry(seq=3 if first else 9)], "next": 3 if first else None}
        line.send(whole(json.dumps(body).encode()))

    server.answers["/v1/decisions"] = act
    assert [entry.seq for entry in backend.decisions(comment="c1")] == [3, 9]
    server.answers["/v1/decisions"] = good({"items": [], "next": 0})
    with pytest.raises(errors.BadAnswer):
        backend.decisions(comment="c1")


def test_a_missing_article_is_told_as_one(server: HostileServer, backend: Backend) -> None:
    """The sentence about a missing article does not speak of a comment."""
    with pytest.raises(errors.Gone, match="article"):
        backend.article("a1")


@pytest.mark.parametrize("contract", ["2.0", "0.9", "x", "10.1"])
def test_another_version_of_the_contract(server: HostileServer, backend: Backend, contract: str) -> None:
    """A server that speaks another version is not talked to."""
    server.answers["/v1/"] = good(samples.service(contract=contract))
    with pytest.raises(errors.NotSupported):
        backend.service()


WRONG: list[object] = [None, True, 0, "x", [], {}, {"items": {}}, {"items": [7], "seq": "7"}]


@pytest.mark.parametrize("body", WRONG)
def test_wrong_types_are_a_bad_answer(server: HostileServer, backend: Backend, body: object) -> None:
    """JSON of the wrong shape raises known trouble from every call."""
    for path in ("/v1/", "/v1/comments", "/v1/comments/c1", "/v1/articles/a1", "/v1/decisions", PUT):
        server.answers[path] = good(body)
    calls = (
        backend.service,
        backend.comments,
        backend.sequence,
        lambda: backend.comment("c1"),
        lambda: backend.article("a1"),
        lambda: backend.decisions(comment="c1"),
        lambda: backend.decide(DECISION),
    )
    for call in calls:
        with pytest.raises(errors.BadAnswer):
            call()
