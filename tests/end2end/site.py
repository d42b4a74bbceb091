"""What the tests ask the server, past the program: its log, its comments, and the texts in its database."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass

from tests.end2end.outbox_file import Row
from tests.server.caller import Caller
from tests.server.running import RunningServer

_PAGE = 100  # entries


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as the server's log holds it."""

    id: str
    comment: str
    action: str
    reasons: tuple[str, ...]
    text_sha256: str
    reverses: str | None


def log_of(server: RunningServer) -> list[Entry]:
    """All decisions of everybody, the oldest first."""
    entries: list[Entry] = []
    after: int | None = 0
    with Caller(server, "lead") as lead:
        while after is not None:
            page = lead.get("/decisions", after=after, limit=_PAGE)
            entries += [
                Entry(
                    id=each["id"],
                    comment=each["comment"],
                    action=each["action"],
                    reasons=tuple(each["reasons"]),
                    text_sha256=each["text_sha256"],
                    reverses=each["reverses"],
                )
                for each in page["items"]
            ]
            after = page["next"]
    return entries


def status_of(server: RunningServer, comment: str) -> str:
    """Where a comment stands."""
    with Caller(server, "lead") as lead:
        return str(lead.get(f"/comments/{comment}")["status"])


def texts_told(server: RunningServer, count: int) -> dict[str, tuple[str, str]]:
    """Text and hash of the comments "c0", "c1", ... as the server tells them."""
    with Caller(server, "lead") as lead:
        told = (lead.get(f"/comments/c{number}") for number in range(count))
        return {each["id"]: (each["text"], each["text_sha256"]) for each in told}


def texts_stored(server: RunningServer) -> dict[str, tuple[str, str]]:
    """Text and hash of all comments as they are in the database, which must be SQLite."""
    path = server.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT id, text, text_sha256 FROM comments")
        return {comment: (text, digest) for comment, text, digest in rows}


def check_hashes(texts: dict[str, tuple[str, str]]) -> None:
    """Each hash is that of its text."""
    assert all(hashlib.sha256(text.encode()).hexdigest() == digest for text, digest in texts.values())


def check_once_each(server: RunningServer, made: list[Row]) -> None:
    """The server has every decision that was made, once and as it was made, and no comment was decided twice."""
    log = log_of(server)
    twice = [comment for comment, times in Counter(entry.comment for entry in log).items() if times > 1]
    assert not twice
    assert {entry.id: (entry.comment, entry.action, entry.reasons, entry.text_sha256) for entry in log} == {
        row.id: (row.comment, row.action, row.reasons, row.text_sha256) for row in made
    }
    assert len(log) == len(made)
