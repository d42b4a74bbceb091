"""GET /v1/decisions: the append-only log, and how an entry of it reads."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Connection, Row, Select, Text, select, type_coerce

from moderator_app.server import wire
from moderator_app.server.accounts import Account, SignedIn, Tables
from moderator_app.server.answers import answer
from moderator_app.server.problems import documented
from moderator_app.server.schema import accounts, decisions

router = APIRouter(tags=["decisions"])

_reversals = decisions.alias("reversals")

Seq = Annotated[int, Field(ge=0, le=wire.SEQ_MAX)]


class LogQuery(BaseModel):
    """Which entries are wanted; everything that is given must hold."""

    after: Seq | None = Field(
        default=None, description="Only entries with a greater seq; turns the order to ascending."
    )
    before: Seq | None = Field(default=None, description="Only entries with a smaller seq.")
    moderator: wire.Key | None = None
    article: wire.Key | None = None
    comment: wire.Key | None = None
    action: wire.Action | None = None
    reason: wire.ReasonCode | None = None
    since: wire.Instant | None = Field(default=None, description="Decided at this time or later.")
    until: wire.Instant | None = Field(default=None, description="Decided before this time.")
    limit: int = Field(default=wire.PAGE_DEFAULT, ge=1, le=wire.PAGE_SIZE)


@router.get("/decisions", response_model=wire.LogPage, responses=documented())
def list_decisions(database: Tables, me: SignedIn, query: Annotated[LogQuery, Query()]) -> Response:
    """What was decided, by `seq`: ascending when `after` is given, else the newest first. `next` goes into `after` or
    `before` for the page that follows; it is null on the last. A lead sees everybody's decisions, a moderator only
    their own.
    """
    ascending = query.after is not None
    page = _entries().where(*_wanted(query, me)).limit(query.limit + 1)
    page = page.order_by(decisions.c.seq if ascending else decisions.c.seq.desc())
    with database.read() as connection:
        rows = connection.execute(page).all()
    items = [as_entry(row) for row in rows[: query.limit]]
    return answer(wire.LogPage(items=items, next=items[-1].seq if len(rows) > query.limit else None))


def logged(connection: Connection, decision_id: str) -> Row[Any] | None:
    """The log's row of one decision, None when there is none."""
    return connection.execute(_entries().where(decisions.c.id == decision_id)).one_or_none()


def latest_of(connection: Connection, comment_id: str) -> Row[Any] | None:
    """The log's row of a comment's latest decision, None when nobody decided yet."""
    of_comment = _entries().where(decisions.c.comment == comment_id)
    return connection.execute(of_comment.order_by(decisions.c.seq.desc()).limit(1)).one_or_none()


def as_entry(row: Row[Any]) -> wire.LogEntry:
    """A log entry of the contract from a row of the log."""
    found = row._asdict()
    moderator = {"id": row.moderator, "name": row.moderator_name}
    outcome = {"from": row.from_status, "to": row.to_status, "origin": "client"}
    return wire.LogEntry.model_validate({**found, **outcome, "moderator": moderator, "reasons": list(row.reasons)})


def _entries() -> Select[Any]:
    return (
        select(decisions, accounts.c.name.label("moderator_name"), _reversals.c.id.label("reversed_by"))
        .join(accounts, accounts.c.id == decisions.c.moderator)
        .outerjoin(_reversals, _reversals.c.reverses == decisions.c.id)
    )


def _wanted(query: LogQuery, me: Account) -> list[ColumnElement[bool]]:
    log = decisions.c
    same = {"moderator": query.moderator, "article": query.article, "comment": query.comment, "action": query.action}
    wanted = [log[name] == value for name, value in same.items() if value is not None]
    if query.after is not None:
        wanted.append(log.seq > query.after)
    if query.before is not None:
        wanted.append(log.seq < query.before)
    if query.since is not None:
        wanted.append(log.decided_at >= query.since)
    if query.until is not None:
        wanted.append(log.decided_at < query.until)
    if query.reason is not None:
        wanted.append(type_coerce(log.reasons, Text).contains(f" {query.reason} ", autoescape=True))
    return wanted if me.leads else [*wanted, log.moderator == me.id]
