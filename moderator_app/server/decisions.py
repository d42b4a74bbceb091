"""PUT /v1/decisions/{id}: the rule by which any number of sends of one decision has one effect, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import Connection, Row, insert

from moderator_app.server import wire
from moderator_app.server.accounts import Account, SignedIn, Tables
from moderator_app.server.answers import answer
from moderator_app.server.comments import Seen, as_comment, find, move
from moderator_app.server.database import record_change, take_turn
from moderator_app.server.history import as_entry, latest_of, logged
from moderator_app.server.problems import Conflict, Problem, documented
from moderator_app.server.schema import decisions

router = APIRouter(tags=["decisions"])

OUTCOMES: dict[str, wire.Status] = {"approve": "approved", "reject": "rejected", "reopen": "pending"}

_PROBLEMS = documented(
    *("bad-request", "not-allowed", "not-found", "erased", "body-too-large"),
    *("comment-already-decided", "comment-changed", "decision-id-reused", "not-latest-decision"),
    *("reason-required", "note-required", "reverses-required", "nothing-to-reverse"),
)


@router.put(
    "/decisions/{decision_id}",
    response_model=wire.Receipt,
    responses={200: {"description": "The same decision was taken before."}, 201: {"model": wire.Receipt}, **_PROBLEMS},
)
def put_decision(decision_id: wire.DecisionId, body: wire.DecisionBody, database: Tables, me: SignedIn) -> Response:
    """Decide about one comment at one version. The client makes the id, so this may be sent as often as it takes: the
    first time is answered 201, every other time 200 with the decision as it is stored.
    """
    _check(body)
    made, receipt = database.write(lambda connection: decide(connection, Request(me, decision_id, body)))
    return answer(receipt, status=201 if made else 200)


@dataclass(frozen=True, slots=True)
class Request:
    """A decision that somebody wants taken."""

    me: Account
    id: str
    body: wire.DecisionBody

    @property
    def outcome(self) -> wire.Status:
        """The status that the comment would have."""
        return OUTCOMES[self.body.action]


def decide(connection: Connection, request: Request) -> tuple[bool, wire.Receipt]:
    """Take the decision, or find it taken: whether it is new, and its receipt. Raises `Problem` with nothing changed.

    The decision's id is the primary key, and the comment moves only from the version, text and status that were judged.
    """
    seq = take_turn(connection)
    stored = logged(connection, request.id)
    if stored is not None:
        return False, _replay(connection, request, stored)
    comment = find(connection, request.body.comment)
    latest = latest_of(connection, comment.id)
    _check_reversal(request, comment, latest)
    connection.execute(insert(decisions).values(_row(request, comment, seq)))
    if not move(connection, comment, request.outcome, seen=_judged(request, latest)):
        raise _overtaken(request, comment, latest)
    record_change(connection, seq)
    return True, _receipt(connection, request.id)


def _check(body: wire.DecisionBody) -> None:
    """What can be said without looking at the comment. Raises `Problem` (422)."""
    if body.action == "reject" and not body.reasons:
        raise Problem("reason-required", "Name at least one reason to reject.")
    if body.action != "reject" and body.reasons:
        raise Problem("invalid", "body.reasons: reasons belong to a rejection only.")
    if len(set(body.reasons)) < len(body.reasons):
        raise Problem("invalid", "body.reasons: name each reason once.")
    if "other" in body.reasons and not body.note.strip():
        raise Problem("note-required", "Say in the note why, when the reason is other.")
    if body.action == "reopen" and body.reverses is None:
        raise Problem("reverses-required", "Name the decision to reverse.")


def _check_reversal(request: Request, comment: Row[Any], latest: Row[Any] | None) -> None:
    """Raises `Problem` (403, 409, 422) unless it reverses the comment's latest decision and this account may."""
    if request.body.reverses is None:
        return
    if latest is None or latest.id != request.body.reverses:
        raise _conflict("not-latest-decision", "Look at the comment again.", comment=comment, decision=latest)
    if latest.moderator != request.me.id and not request.me.leads:
        raise Problem("not-allowed", "Only a lead reverses what somebody else decided.")
    if latest.to_status == request.outcome:
        raise Problem("nothing-to-reverse", f"The comment is {request.outcome} by that decision.")


def _judged(request: Request, latest: Row[Any] | None) -> Seen:
    """The version, text and status that the moderator saw."""
    status = latest.to_status if latest is not None and request.body.reverses else "pending"
    return Seen(request.body.comment_version, request.body.text_sha256, status)


def _overtaken(request: Request, comment: Row[Any], latest: Row[Any] | None) -> Conflict:
    if comment.status != "pending" and request.body.reverses is None:
        return _conflict("comment-already-decided", f"It is {comment.status}.", comment=comment, decision=latest)
    return _conflict("comment-changed", "Read the comment again.", comment=comment, decision=latest)


def _replay(connection: Connection, request: Request, stored: Row[Any]) -> wire.Receipt:
    """The stored decision, when it is the same. Raises `Conflict` (409) when only the id is."""
    receipt = _receipt(connection, request.id)
    names = ("comment", "action", "comment_version", "text_sha256", "note", "reverses", "made_at")
    same = all(getattr(stored, name) == getattr(request.body, name) for name in names)
    if not same or stored.reasons != tuple(request.body.reasons) or stored.moderator != request.me.id:
        detail = "Make a new id for a new decision."
        raise Conflict("decision-id-reused", detail, current=receipt.current, decision=as_entry(stored))
    return receipt


def _receipt(connection: Connection, decision_id: str) -> wire.Receipt:
    stored = logged(connection, decision_id)
    assert stored is not None
    try:
        current = as_comment(find(connection, stored.comment))
    except Problem:  # erased since
        current = None
    return wire.Receipt(**as_entry(stored).model_dump(), current=current)


def _conflict(code: str, detail: str, *, comment: Row[Any], decision: Row[Any] | None) -> Conflict:
    entry = None if decision is None else as_entry(decision)
    return Conflict(code, detail, current=as_comment(comment), decision=entry)


def _row(request: Request, comment: Row[Any], seq: int) -> dict[str, object]:
    return {
        **request.body.model_dump(exclude={"reasons"}),
        "id": request.id,
        "seq": seq,
        "article": comment.article,
        "moderator": request.me.id,
        "from_status": comment.status,
        "to_status": request.outcome,
        "reasons": tuple(request.body.reasons),
        "decided_at": datetime.now(UTC),
    }
