"""Reading the queue: pages that skip nothing, tags, and single comments."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from moderator_app.server.comments import erase
from tests.server.caller import Caller, problem
from tests.server.in_thread import ServerInThread
from tests.server.newsroom import comment, newsroom


@pytest.fixture
def moderator(server: ServerInThread) -> Iterator[Caller]:
    """A moderator on a server with twelve pending comments."""
    with Caller(server) as caller:
        yield caller


def _walk(caller: Caller, **query: Any) -> Iterator[dict[str, Any]]:
    """The pages of a list, one after another."""
    page = caller.get("/comments", **query)
    yield page
    while page["next"]:
        page = caller.get("/comments", cursor=page["next"], **query)
        yield page


def test_a_comment_comes_back_as_it_was_written(server: ServerInThread, moderator: Caller) -> None:
    """Text, hash, author and times of a comment are those of the seed; addresses of readers are nowhere."""
    written = comment(0)
    found = moderator.get("/comments/c0")
    author = found.pop("author")
    assert author.pop("id").startswith("reader-")
    assert author == {"name": "Reader 0", "since": "2026-03-01T08:00:00Z", "approved": 0, "rejected": 0}
    assert found == {
        "id": "c0",
        "version": 1,
        "article": "a0",
        "parent": None,
        "created_at": "2026-03-01T08:00:00Z",
        "queued_at": "2026-03-01T08:00:00Z",
        "status": "pending",
        "text": written["content"],
        "text_sha256": hashlib.sha256(written["content"].encode()).hexdigest(),
        "lang": "en",
        "link": "",
    }
    with server.database.read() as connection:
        row = str(connection.execute(text("SELECT * FROM comments WHERE id = 'c0'")).one())
    assert "192.0.2.1" not in row
    assert "@example" not in row


def test_pages_follow_each_other_by_time_then_id(server: ServerInThread, moderator: Caller) -> None:
    """Walking by pages shows every pending comment once, in order, also those that were queued at the same moment."""
    same = comment(5)["date"]
    server.plant({"articles": [], "comments": [comment(n, date=same) for n in (100, 101, 20)]})
    ids = [item["id"] for page in _walk(moderator, limit=2) for item in page["items"]]
    assert ids == ["c0", "c1", "c2", "c3", "c4", "c100", "c101", "c20", "c5", "c6", "c7", "c8", "c9", "c10", "c11"]


def test_a_queue_that_shrinks_skips_nothing(moderator: Caller) -> None:
    """When every comment of a page is decided before the next page is asked for, each comment is still seen once."""
    seen = []
    for page in _walk(moderator, limit=3):
        for item in page["items"]:
            seen.append(item["id"])
            assert moderator.decide(item["id"], "approve").status_code == 201
    assert seen == [f"c{number}" for number in range(12)]
    assert moderator.get("/comments")["total"] == 0


def test_lists_are_by_status_and_article(moderator: Caller) -> None:
    """Status and article choose what is listed and counted; an unknown article has no comments."""
    moderator.decide("c0", "approve")
    moderator.decide("c1", "reject")
    assert [item["id"] for item in moderator.get("/comments", status="approved")["items"]] == ["c0"]
    assert [item["id"] for item in moderator.get("/comments", status="rejected", article="a1")["items"]] == ["c1"]
    page = moderator.get("/comments", article="a0", limit=2)
    assert ([item["id"] for item in page["items"]], page["total"]) == (["c2", "c4"], 5)
    assert moderator.get("/comments", article="nowhere")["items"] == []


def test_a_tag_holds_until_something_changes(server: ServerInThread, moderator: Caller) -> None:
    """If-None-Match is answered 304 without a body, until a comment arrives or is decided; `seq` then differs too."""
    answer = moderator.ask("GET", "/comments")
    seqs = [answer.json()["seq"]]
    for change in (
        lambda: moderator.decide("c0", "approve"),
        lambda: server.plant({"articles": [], "comments": [comment(50)]}),
        lambda: erase(server.database, "c1"),
    ):
        same = moderator.ask("GET", "/comments", headers={"If-None-Match": f'"x", {answer.headers["ETag"]}'})
        assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", answer.headers["ETag"])
        change()
        answer = moderator.ask("GET", "/comments", headers={"If-None-Match": answer.headers["ETag"]})
        assert answer.status_code == 200
        seqs.append(answer.json()["seq"])
    assert seqs == sorted(set(seqs))


def test_a_tag_is_of_one_question(moderator: Caller) -> None:
    """The tag of one list does not hold for another one, and answers that must not be kept say so."""
    tag = moderator.ask("GET", "/comments").headers["ETag"]
    other = moderator.ask("GET", "/comments", params={"limit": 1}, headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert moderator.ask("GET", "/comments/c0").headers["Cache-Control"] == "no-store"


def test_nothing_that_was_refused_moves_the_sequence(moderator: Caller) -> None:
    """A replay or a refused decision leaves `seq`, and so every desk's tag, as it was."""
    made = moderator.decide("c0", "approve").json()
    before = moderator.get("/comments")["seq"]
    assert moderator.decide("c0", "reject").status_code == 409
    body = {name: made[name] for name in ("comment", "action", "comment_version", "text_sha256", "made_at")}
    assert moderator.put(body, made["id"]).status_code == 200
    assert moderator.get("/comments")["seq"] == before


@pytest.mark.parametrize(
    ("query", "code"),
    [
        *(({"limit": limit}, "invalid") for limit in ("0", "501", "x", "1e2")),
        ({"status": "spam"}, "invalid"),
        ({"article": "a\0"}, "invalid"),
        ({"cursor": "x" * 1000}, "invalid"),
        *(({"cursor": cursor}, "bad-cursor") for cursor in ("", "x", "é", "AAAA")),
        ({"cursor": base64.b64encode(b"2026-03-01T08:00:00Z a b").decode()}, "bad-cursor"),
        ({"cursor": base64.b64encode(b"2026-03-01 a").decode()}, "bad-cursor"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    unchanging_server: ServerInThread, query: dict[str, str], code: str
) -> None:
    """Wrong limits, statuses, ids and cursors are answered 422, never with a page of something else."""
    with Caller(unchanging_server) as caller:
        answer = caller.ask("GET", "/comments", params=query)
    assert (answer.status_code, problem(answer)) == (422, code)


def test_an_erased_comment_is_gone_and_its_log_stays(server: ServerInThread, moderator: Caller) -> None:
    """After erasure the comment is answered 410 and listed nowhere, its text is gone, and its decision stands."""
    made = moderator.decide("c0", "approve").json()
    erase(server.database, "c0")
    answer = moderator.ask("GET", "/comments/c0")
    assert (answer.status_code, problem(answer)) == (410, "erased")
    assert moderator.get("/comments", status="approved")["items"] == []
    body = {name: made[name] for name in ("comment", "action", "comment_version", "text_sha256", "made_at")}
    replay = moderator.put(body, made["id"])
    assert (replay.status_code, replay.json()) == (200, {**made, "current": None})
    late = moderator.put({**body, "comment_version": 2})
    assert (late.status_code, problem(late)) == (410, "erased")
    assert moderator.get("/comments/c7")["author"]["approved"] == 0, "the reader's record counts what is there"
    with server.database.read() as connection:
        kept = connection.execute(text("SELECT text, author_name, text_sha256 FROM comments WHERE id = 'c0'")).one()
    assert tuple(kept) == ("", "", made["text_sha256"])


def test_odd_texts_come_back_identical(server: ServerInThread, moderator: Caller) -> None:
    """Markup, controls, direction overrides, unassigned characters, nothing and a million characters are kept."""
    texts = ["", "<b>\r\n\t\x01\x7f\u202e\ufeff\ufffe\U000e0001\U0010ffff", "e\u0301 \u00e9", "x" * 1_000_000, "\u2028"]
    odd = [comment(200 + place, content=content) for place, content in enumerate(texts)]
    server.plant({"articles": [], "comments": odd})
    for one in odd:
        found = moderator.get(f"/comments/{one['key']}")
        assert found["text"] == one["content"]
        assert found["text_sha256"] == hashlib.sha256(one["content"].encode()).hexdigest()


def test_five_hundred_comments_fit_one_page(sqlite_server: ServerInThread) -> None:
    """The largest page that the server announces is given whole, and says that there is more."""
    seed = newsroom(comments=620)
    sqlite_server.plant({"articles": [], "comments": seed["comments"]})
    with Caller(sqlite_server) as caller:
        most = caller.get("/")["limits"]["page_size"]
        page = caller.get("/comments", limit=most)
        rest = caller.get("/comments", limit=most, cursor=page["next"])
    assert (len(page["items"]), len(rest["items"]), page["total"], rest["next"]) == (500, 120, 620, None)
