"""Decisions made and not yet answered by the server, on disk before anybody is told that they were made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from moderator_app.model import Action, Decision, Reason, Site
from moderator_app.store.database import Database

_SCHEMA = (
    """
    CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        site TEXT NOT NULL,
        account TEXT NOT NULL,
        comment TEXT NOT NULL,
        article TEXT NOT NULL,
        action TEXT NOT NULL,
        comment_version INTEGER NOT NULL,
        text_sha256 TEXT NOT NULL,
        reasons TEXT NOT NULL,
        note TEXT NOT NULL,
        reverses TEXT,
        made_at TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        problem TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX outbox_open ON outbox (site, account, seq) WHERE state IN ('queued', 'sending');
    CREATE INDEX outbox_open_by_comment ON outbox (site, account, comment, seq) WHERE state IN ('queued', 'sending');
    CREATE INDEX outbox_parked ON outbox (site, account, seq) WHERE state IN ('overtaken', 'refused')
    """,
)
HEADS = 100  # decisions in one answer of `Outbox.heads`
_COLUMNS = (
    "seq, id, comment, article, action, comment_version, text_sha256, reasons, note, reverses, made_at,"
    " state, attempts, problem"
)


class State(StrEnum):
    """How far a decision has come."""

    QUEUED = "queued"  # on disk; no byte of it has reached the server
    SENDING = "sending"  # begun; until the answer is on disk, whether the server has it is unknown
    SETTLED = "settled"  # the server has it
    OVERTAKEN = "overtaken"  # the server knew better
    REFUSED = "refused"  # the server will never take it
    SEEN = "seen"  # overtaken or refused, and the moderator has been told


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A decision in the outbox; `attempts` counts how often it was begun to be sent."""

    seq: int
    decision: Decision
    state: State
    attempts: int
    problem: str


class Outbox:
    """The outbox of one site and account. Every method that changes it returns after the disk has it.

    Raises `errors.StorageTrouble`; then nothing was changed.
    """

    def __init__(self, path: Path, site: Site) -> None:
        self._database = Database(path, _SCHEMA, durability="FULL")
        self._owner = (site.url, site.account)

    @property
    def put_aside(self) -> Path | None:
        """Where a damaged outbox was moved when this one was opened."""
        return self._database.put_aside

    def add(self, decision: Decision) -> None:
        """Write down a decision; it is made when this returns."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO outbox (site, account, id, comment, article, action, comment_version, text_sha256,"
                " reasons, note, reverses, made_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*self._owner, *_values(decision), State.QUEUED),
            )

    def withdraw(self, decision_id: str) -> bool:
        """Take back a decision of which nothing was sent; False when it is too late for that."""
        with self._database.transaction() as connection:
            gone = connection.execute("DELETE FROM outbox WHERE id = ? AND state = 'queued'", (decision_id,))
            return gone.rowcount == 1

    def begin(self, decision_id: str) -> bool:
        """Mark a decision as being sent; False when it was withdrawn in the meantime."""
        with self._database.transaction() as connection:
            begun = connection.execute(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ?"
                " AND state IN ('queued', 'sending')",
                (decision_id,),
            )
            return begun.rowcount == 1

    def unbegin(self, decision_id: str) -> None:
        """Mark a decision as not begun after all, for no byte of it has reached the server."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE outbox SET state = 'queued', attempts = attempts - 1 WHERE id = ? AND state = 'sending'",
                (decision_id,),
            )

    def end(self, decision_id: str, state: State, problem: str = "") -> None:
        """Write down what became of a decision that was being sent."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE outbox SET state = ?, problem = ? WHERE id = ?", (state, problem, decision_id))

    def heads(self, *, after: int = 0) -> tuple[OutboxRow, ...]:
        """The oldest open decision of each comment: those that may be sent without breaking the order.

        Oldest first, at most `HEADS` of them with a `seq` above `after`.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM outbox AS mine WHERE site = ? AND account = ?"  # noqa: S608 (our own columns)
                " AND state IN ('queued', 'sending') AND seq > ? AND NOT EXISTS (SELECT 1 FROM outbox AS before"
                " WHERE before.site = mine.site AND before.account = mine.account AND before.comment = mine.comment"
                " AND before.seq < mine.seq AND before.state IN ('queued', 'sending')) ORDER BY seq LIMIT ?",
                (*self._owner, after, HEADS),
            )
            return tuple(map(_row, rows))

    def open(self) -> tuple[OutboxRow, ...]:
        """All decisions that the server has not answered yet, oldest first."""
        return self._rows("state IN ('queued', 'sending')")

    def parked(self) -> tuple[OutboxRow, ...]:
        """Decisions that were not applied and that the moderator has not put away yet, oldest first."""
        return self._rows("state IN ('overtaken', 'refused')")

    def mark_seen(self, decision_id: str) -> None:
        """Put away a decision that was not applied."""
        self.end(decision_id, State.SEEN)

    def waiting(self) -> int:
        """How many decisions the server has not answered yet."""
        return self._count(
            "SELECT count(*) FROM outbox WHERE site = ? AND account = ? AND state IN ('queued', 'sending')"
        )

    def waiting_for_others(self) -> int:
        """How many decisions wait here for another site or account to sign in."""
        return self._count(
            "SELECT count(*) FROM outbox WHERE NOT (site = ? AND account = ?) AND state IN ('queued', 'sending')"
        )

    def close(self) -> None:
        """Close the file; no other thread may be using it."""
        self._database.close()

    def _rows(self, which: str) -> tuple[OutboxRow, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM outbox WHERE site = ? AND account = ? AND {which} ORDER BY seq",  # noqa: S608
                self._owner,
            )
            return tuple(map(_row, rows))

    def _count(self, statement: str) -> int:
        with self._database.reading() as connection:
            return int(connection.execute(statement, self._owner).fetchone()[0])


def _values(decision: Decision) -> tuple[str | int | None, ...]:
    return (
        decision.id,
        decision.comment,
        decision.article,
        decision.action,
        decision.comment_version,
        decision.text_sha256,
        json.dumps(decision.reasons),
        decision.note,
        decision.reverses,
        decision.made_at.isoformat(),
    )


def _row(row: tuple[object, ...]) -> OutboxRow:
    (seq, made, comment, article, action, version, digest, reasons, note, reverses, at, state, attempts, problem) = row
    decision = Decision(
        id=str(made),
        comment=str(comment),
        article=str(article),
        action=Action(str(action)),
        comment_version=int(str(version)),
        text_sha256=str(digest),
        reasons=tuple(Reason(reason) for reason in json.loads(str(reasons))),
        note=str(note),
        reverses=None if reverses is None else str(reverses),
        made_at=datetime.fromisoformat(str(at)),
    )
    return OutboxRow(int(str(seq)), decision, State(str(state)), int(str(attempts)), str(problem))
