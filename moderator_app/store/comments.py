"""The queue and the articles as they were last seen, so that the desk can be read without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from moderator_app.model import (
    Article,
    Author,
    Block,
    BlockKind,
    Comment,
    Moderator,
    Reason,
    ReasonLabel,
    Role,
    Service,
    Site,
    Status,
)
from moderator_app.store.database import Database

_SCHEMA = (
    """
    CREATE TABLE comments (
        site TEXT NOT NULL,
        account TEXT NOT NULL,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (site, account, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE services (
        site TEXT NOT NULL,
        account TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (site, account)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE articles (
        site TEXT NOT NULL,
        account TEXT NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (site, account, id)
    ) STRICT, WITHOUT ROWID
    """,
)
_BATCH = 500  # rows in one transaction, so that a reader never waits long
_UNREADABLE = (KeyError, TypeError, ValueError)  # a body from a version of the program with other members


class CommentStore:
    """What one site and account last saw. Nothing here is precious: a damaged file is replaced by an empty one.

    Raises `errors.StorageTrouble`.
    """

    def __init__(self, path: Path, site: Site) -> None:
        self._database = Database(path, _SCHEMA, durability="NORMAL")
        self._owner = (site.url, site.account)

    def recall(self) -> tuple[Comment, ...]:
        """The pending comments that were last remembered, in no order."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT body FROM comments WHERE site = ? AND account = ?", self._owner
            ).fetchall()
        try:
            return tuple(_comment(json.loads(body)) for (body,) in rows)
        except _UNREADABLE:
            self.forget_all()
            return ()

    def remember(self, comments: Sequence[Comment]) -> None:
        """Make what is remembered equal to `comments`, writing only what differs."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id, version FROM comments WHERE site = ? AND account = ?", self._owner)
            known = dict(rows.fetchall())
        new = (comment for comment in comments if known.get(comment.id) != comment.version)
        self._write(new)
        self._forget(known.keys() - {comment.id for comment in comments})

    def forget(self, comment_id: str) -> None:
        """Forget one comment, for it was decided."""
        self._forget([comment_id])

    def article(self, article_id: str) -> Article | None:
        """An article that was remembered."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT body FROM articles WHERE site = ? AND account = ? AND id = ?", (*self._owner, article_id)
            ).fetchone()
        try:
            return None if row is None else _article(json.loads(row[0]))
        except _UNREADABLE:
            return None

    def remember_article(self, article: Article) -> None:
        """Keep an article, in place of what was kept under its id."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?)", (*self._owner, article.id, _json(article))
            )

    def service(self) -> Service | None:
        """What the server said of itself when it was last asked."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT body FROM services WHERE site = ? AND account = ?", self._owner).fetchone()
        try:
            return None if row is None else _service(json.loads(row[0]))
        except _UNREADABLE:
            return None

    def remember_service(self, service: Service) -> None:
        """Keep what the server says of itself, so that the desk can be opened without it."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO services VALUES (?, ?, ?)", (*self._owner, _json(service)))

    def forget_all(self) -> None:
        """Forget everything of this site and account, as signing out does."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM comments WHERE site = ? AND account = ?", self._owner)
            connection.execute("DELETE FROM articles WHERE site = ? AND account = ?", self._owner)
            connection.execute("DELETE FROM services WHERE site = ? AND account = ?", self._owner)

    def close(self) -> None:
        """Close the file; no other thread may be using it."""
        self._database.close()

    def _write(self, comments: Iterable[Comment]) -> None:
        rows = ((*self._owner, comment.id, comment.version, _json(comment)) for comment in comments)
        while batch := list(islice(rows, _BATCH)):
            with self._database.transaction() as connection:
                connection.executemany("INSERT OR REPLACE INTO comments VALUES (?, ?, ?, ?, ?)", batch)

    def _forget(self, ids: Iterable[str]) -> None:
        rows = ((*self._owner, comment_id) for comment_id in ids)
        while batch := list(islice(rows, _BATCH)):
            with self._database.transaction() as connection:
                connection.executemany("DELETE FROM comments WHERE site = ? AND account = ? AND id = ?", batch)


def _json(found: Comment | Article | Service) -> str:
    return json.dumps(asdict(found), default=_plain, ensure_ascii=False)


def _plain(value: datetime | frozenset[str]) -> str | list[str]:
    return value.isoformat() if isinstance(value, datetime) else sorted(value)


def _time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _comment(body: dict[str, Any]) -> Comment:
    author = body["author"]
    body["author"] = Author(**{**author, "since": _time(author["since"])})
    body["status"] = Status(body["status"])
    body["created_at"], body["queued_at"] = _time(body["created_at"]), _time(body["queued_at"])
    return Comment(**body)


def _article(body: dict[str, Any]) -> Article:
    body["blocks"] = tuple(Block(BlockKind(block["kind"]), block["text"]) for block in body["blocks"])
    body["published_at"], body["updated_at"] = _time(body["published_at"]), _time(body["updated_at"])
    return Article(**body)


def _service(body: dict[str, Any]) -> Service:
    me = body["me"]
    body["me"] = Moderator(me["id"], me["name"], frozenset(map(Role, me["roles"])))
    body["features"] = frozenset(body["features"])
    body["reasons"] = tuple(ReasonLabel(Reason(each["code"]), each["label"]) for each in body["reasons"])
    return Service(**body)
