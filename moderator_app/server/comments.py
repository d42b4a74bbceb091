"""GET /v1/comments: the queue in pages that never skip a comment, and single comments."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from sqlalchemy import Connection, Row, Select, func, literal, select, tuple_, update

from moderator_app.server import wire
from moderator_app.server.accounts import SignedIn, Tables
from moderator_app.server.answers import answer, holds, make_tag, unchanged
from moderator_app.server.database import Database, record_change, take_turn
from moderator_app.server.problems import Problem, documented
from moderator_app.server.schema import ERASED, authors, comments, server

router = APIRouter(tags=["comments"])

_CURSOR_LENGTH = 200  # characters; a key has at most 100


@router.get(
    "/comments",
    response_model=wire.CommentPage,
    responses={**documented("bad-cursor"), 304: {"description": "Nothing changed since the tag was given."}},
)
def list_comments(
    database: Tables,
    _me: SignedIn,
    status: wire.Status = "pending",
    article: wire.Key | None = None,
    cursor: Annotated[str | None, Query(max_length=_CURSOR_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=wire.PAGE_SIZE)] = wire.PAGE_DEFAULT,
    if_none_match: Annotated[str | None, Header(max_length=2000)] = None,
) -> Response:
    """Comments by (queued_at, id), oldest first. The cursor is the last comment seen, so a queue that shrinks while
    it is read never skips one. `seq` and the tag change whenever a comment arrives or changes.
    """
    after = None if cursor is None else _read_cursor(cursor)
    with database.read() as connection:
        now = connection.execute(select(server.c.seq, server.c.instance)).one()
        tag = make_tag(now.instance, now.seq, status, article, after, limit)
        if holds(if_none_match, tag):
            return unchanged(tag)
        rows = connection.execute(_page(status, article, after).limit(limit + 1)).all()
        total = _total(connection, status, article)
    items = [as_comment(row) for row in rows[:limit]]
    following = _write_cursor(items[-1]) if len(rows) > limit else None
    return answer(wire.CommentPage(items=items, next=following, total=total, seq=now.seq), tag=tag)


@router.get("/comments/{comment_id}", response_model=wire.Comment, responses=documented("not-found", "erased"))
def comment(comment_id: wire.Key, database: Tables, _me: SignedIn) -> Response:
    """One comment as it is now, whatever its status."""
    with database.read() as connection:
        return answer(as_comment(find(connection, comment_id)))


def find(connection: Connection, comment_id: str) -> Row[Any]:
    """The row of one comment with its author's record. Raises `Problem` (404, 410)."""
    row = connection.execute(_with_author().where(comments.c.id == comment_id)).one_or_none()
    if row is None:
        raise Problem("not-found", "There is no such comment.")
    if row.status == ERASED:
        raise Problem("erased", "The comment was erased at its source.")
    return row


def as_comment(row: Row[Any]) -> wire.Comment:
    """A comment of the contract from a row of `find`."""
    found = row._asdict()
    author = {"id": row.author, "name": row.author_name, "since": row.since}
    found["author"] = {**author, "approved": row.approved, "rejected": row.rejected}
    return wire.Comment.model_validate(found)


@dataclass(frozen=True, slots=True)
class Seen:
    """The comment as somebody saw it, which must still be so when it is moved."""

    version: int
    text_sha256: str
    status: str


def move(connection: Connection, row: Row[Any], status: str, *, seen: Seen, **and_set: object) -> bool:
    """Give the comment of `row` another status and its next version; False and nothing done unless it is as `seen`."""
    as_seen = (
        comments.c.id == row.id,
        comments.c.version == seen.version,
        comments.c.text_sha256 == seen.text_sha256,
        comments.c.status == seen.status,
    )
    change = update(comments).where(*as_seen).values(status=status, version=comments.c.version + 1, **and_set)
    if connection.execute(change).rowcount != 1:
        return False
    steps = {tally: (status == tally) - (row.status == tally) for tally in ("approved", "rejected")}
    counted = {tally: authors.c[tally] + step for tally, step in steps.items() if step}
    if counted:
        connection.execute(update(authors).where(authors.c.id == row.author).values(counted))
    return True


def erase(database: Database, comment_id: str) -> None:
    """Take a comment's text and its author's name away for good, as the law or the source asks.

    What stays is the hash, so that the log still says which text was judged. Raises `Problem` (404, 410). No route
    calls this: it is for the publisher's own tools.
    """

    def work(connection: Connection) -> None:
        seq = take_turn(connection)
        row = find(connection, comment_id)
        seen = Seen(row.version, row.text_sha256, row.status)
        move(connection, row, ERASED, seen=seen, text="", author_name="", link="", erased_at=datetime.now(UTC))
        record_change(connection, seq)

    database.write(work)


def _with_author() -> Select[Any]:
    return select(comments, authors.c.since, authors.c.approved, authors.c.rejected).join(
        authors, authors.c.id == comments.c.author
    )


def _page(status: str, article: str | None, after: tuple[datetime, str] | None) -> Select[Any]:
    page = _with_author().where(comments.c.status == status).order_by(comments.c.queued_at, comments.c.id)
    if article is not None:
        page = page.where(comments.c.article == article)
    if after is not None:
        place = (comments.c.queued_at, comments.c.id)
        seen = (literal(value, column.type) for value, column in zip(after, place, strict=True))
        page = page.where(tuple_(*place) > tuple_(*seen))
    return page


def _total(connection: Connection, status: str, article: str | None) -> int:
    count = select(func.count()).select_from(comments).where(comments.c.status == status)
    if article is not None:
        count = count.where(comments.c.article == article)
    total: int = connection.execute(count).scalar_one()
    return total


def _write_cursor(last: wire.Comment) -> str:
    return base64.urlsafe_b64encode(f"{last.queued_at.isoformat()} {last.id}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    """Where the page before ended. Raises `Problem` (422) for what `_write_cursor` cannot have written."""
    try:
        moment, _, key = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True).decode().partition(" ")
        return wire.read_instant(moment), wire.read_key(key)
    except (ValueError, binascii.Error):
        raise Problem("bad-cursor", "Begin again without a cursor.") from None
