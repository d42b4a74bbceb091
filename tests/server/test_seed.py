"""Newsrooms from files: kept whole, or refused in one sentence that says what is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from moderator_app.server.database import Database
from moderator_app.server.seed import parse_seed, plant, read_seed
from moderator_app.server.trouble import ServeTrouble
from tests.server.caller import Caller
from tests.server.in_thread import ServerInThread
from tests.server.newsroom import article, comment, newsroom


def test_a_newsroom_of_2400_comments_is_kept_whole(database_url: str) -> None:
    """Every text of a large newsroom comes back identical, in the order of its date."""
    seed = newsroom(comments=2400, articles=3)
    with ServerInThread(database_url, seed=seed) as server, Caller(server) as caller:
        found: list[dict[str, Any]] = []
        cursor = None
        while not found or cursor:
            page = caller.get("/comments", limit=500, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next"]
    assert [item["text"] for item in found] == [one["content"] for one in seed["comments"]]
    hashes = [hashlib.sha256(one["content"].encode()).hexdigest() for one in seed["comments"]]
    assert [item["text_sha256"] for item in found] == hashes


def test_what_is_there_already_is_left(server: ServerInThread) -> None:
    """A newsroom planted again adds what is new, and leaves decided comments and their texts as they are."""
    with Caller(server) as caller:
        caller.decide("c0", "approve")
        before = caller.get("/comments/c0")
        server.plant(newsroom(comments=13))
        server.plant({"articles": [article(0)], "comments": [comment(0, content="other")]})
        assert caller.get("/comments/c0") == before
        assert caller.get("/comments")["total"] == 12
        seq = caller.get("/comments")["seq"]
        server.plant(newsroom(comments=13))
        assert caller.get("/comments")["seq"] == seq, "nothing came, so nothing moved"


def test_every_status_of_the_form_has_its_place(server: ServerInThread) -> None:
    """hold waits; approved, spam and trash are decided, and count in the author's record, at once and later."""
    words = {"hold": "pending", "approved": "approved", "spam": "rejected", "trash": "rejected"}
    for start in (100, 200):
        rows = [comment(start + n, author_email="ANA@example.invalid", status=word) for n, word in enumerate(words)]
        server.plant({"articles": [], "comments": rows})
    with Caller(server) as caller:
        found = [caller.get(f"/comments/c{100 + n}") for n in range(4)]
        assert [one["status"] for one in found] == list(words.values())
        assert {(one["author"]["approved"], one["author"]["rejected"]) for one in found} == {(2, 4)}
        assert caller.decide("c101", "reject").json()["decision"] is None, "it came decided, so nobody won"


def test_threads_names_and_articles_are_kept(server: ServerInThread) -> None:
    """A reply names its parent; one address is one reader, whatever the name; an article is served as it came."""
    reply = comment(
        30, parent="c0", author_name="Nickname", author_email="reader0@example.invalid", link="https://x/#30"
    )
    server.plant({"articles": [], "comments": [reply]})
    with Caller(server) as caller:
        found, parent = caller.get("/comments/c30"), caller.get("/comments/c0")
        assert (found["parent"], found["link"], found["author"]["name"]) == ("c0", "https://x/#30", "Nickname")
        assert found["author"]["id"] == parent["author"]["id"]
        assert caller.get("/articles/a1") == {
            "id": "a1",
            "url": "",
            "title": "Council votes on line 1",
            "byline": "A. Writer",
            "published_at": "2026-03-01T07:00:00Z",
            "updated_at": None,
            "lang": "en",
            "html": "<p>The council voted on Tuesday.</p>",
            "version": 1,
        }


def _with(**members: Any) -> str:
    return json.dumps({"articles": [article(0)], "comments": [comment(0), comment(1, **members)]})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "its beginning"),
        ("[]", "its beginning"),
        ('{"articles": []}', r"comments: Field required"),
        (_with(content=None), r"comments\[1\].content"),
        (_with(key="a/b"), r"comments\[1\].key"),
        (_with(status="maybe"), r"comments\[1\].status"),
        (_with(date="yesterday"), r"comments\[1\].date: a time with its zone"),
        (_with(content="\ud800"), r"comments\[1\].content|its beginning"),
    ],
)
def test_a_wrong_seed_is_refused_by_place(text: str, place: str) -> None:
    """What is wrong with a seed is said in one sentence, with the place."""
    with pytest.raises(ServeTrouble, match=f"^The seed file it is wrong at ({place})") as trouble:
        parse_seed(text, name="it")
    assert "\n" not in trouble.value.sentence


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"article": "nowhere"}, r"comments\[1\].article: there is no article nowhere"),
        ({"parent": "c9"}, r"comments\[1\].parent: no comment c9 comes before it"),
        ({"parent": "c1"}, r"comments\[1\].parent: no comment c1 comes before it"),
        ({"key": "c0"}, r"comments\[1\].key: c0 is there twice"),
    ],
)
def test_a_seed_that_does_not_fit_together_leaves_nothing(
    make_database: Callable[[str], str], members: dict[str, str], place: str
) -> None:
    """A key that leads nowhere or is there twice refuses the whole seed, and the database is as it was."""
    with ServerInThread(make_database("sqlite")) as server, Caller(server) as caller:
        with pytest.raises(ServeTrouble, match=place):
            plant(server.database, parse_seed(_with(**members), name="it"))
        assert caller.get("/comments")["total"] == 0


def test_nul_is_kept_where_the_database_can(make_database: Callable[[str], str]) -> None:
    """A text with U+0000 comes back identical from SQLite, and PostgreSQL, which cannot hold it, says so."""
    seed = {"articles": [article(0)], "comments": [comment(0, content="a\0b")]}
    with ServerInThread(make_database("sqlite"), seed=seed) as server, Caller(server) as caller:
        assert caller.get("/comments/c0")["text"] == "a\0b"
        assert caller.decide("c0", "approve").json()["current"]["text"] == "a\0b"
    database = Database(make_database("postgresql"))
    with pytest.raises(ServeTrouble, match=r"U\+0000, which PostgreSQL cannot hold"):
        plant(database, parse_seed(json.dumps(seed), name="it"))
    database.close()


def test_a_seed_file_that_is_missing_is_named(tmp_path: Path) -> None:
    """A file that cannot be read is named, with what to do."""
    with pytest.raises(ServeTrouble, match=r"nothing\.json cannot be read; check that it is there"):
        read_seed(tmp_path / "nothing.json")
