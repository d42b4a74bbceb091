"""The JSON of the native contract's decisions and their log, from and into the product's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC

from moderator_app.backends import fields, native_wire
from moderator_app.backends.fields import Unfit
from moderator_app.model import Action, Decision, LogEntry, Moderator, Reason, Receipt

NOTE = 10_000  # code points
_UNSENDABLE = re.compile(r"[\x00\ud800-\udfff]")  # what no JSON, or no database, has room for


def write_decision(decision: Decision) -> dict[str, object]:
    """The body of `PUT /v1/decisions/{id}`; the same for every send of one decision."""
    return {
        "comment": decision.comment,
        "action": decision.action.value,
        "comment_version": decision.comment_version,
        "text_sha256": decision.text_sha256,
        "reasons": [reason.value for reason in decision.reasons],
        "note": _UNSENDABLE.sub("\ufffd", decision.note),
        "reverses": decision.reverses,
        "made_at": decision.made_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
    }


def read_receipt(value: object) -> Receipt:
    """The answer to a decision: its log entry, and the comment as it is now, if it still is. Raises `Unfit`."""
    found = fields.members(value)
    entry = read_entry(found)
    current = found.get("current")
    if current is None:
        return Receipt(entry, native_wire.read_status(found.get("to")), entry.decision.comment_version + 1)
    comment = fields.members(current)
    return Receipt(
        entry, native_wire.read_status(comment.get("status")), fields.whole(comment.get("version"), "version")
    )


def read_winner(problem: object) -> LogEntry | None:
    """The decision that a conflict's problem document names; None when it names none that can be read."""
    try:
        return read_entry(fields.members(problem).get("decision"))
    except Unfit:
        return None


def read_log(value: object) -> tuple[tuple[LogEntry, ...], int | None]:
    """A page of the log and the `seq` that the next page begins after. Raises `Unfit`."""
    found = fields.members(value)
    items = found.get("items")
    if not isinstance(items, list):
        raise Unfit("items: not a list")
    return tuple(map(read_entry, items)), fields.whole_or_none(found.get("next"), "next")


def read_entry(value: object) -> LogEntry:
    """One entry of the log. Raises `Unfit`."""
    found = fields.members(value)
    moderator = fields.members(found.get("moderator"))
    decided_at = fields.instant(found.get("decided_at"))
    return LogEntry(
        seq=fields.whole(found.get("seq"), "seq"),
        decision=_decision(found),
        moderator=Moderator(
            fields.identifier(moderator.get("id"), "moderator.id"), fields.line(moderator.get("name"), "moderator.name")
        ),
        decided_at=decided_at,
        reversed_by=fields.identifier_or_none(found.get("reversed_by"), "reversed_by"),
    )


def _decision(found: Mapping[str, object]) -> Decision:
    made_at = fields.instant(found.get("made_at")) or fields.instant(found.get("decided_at"))
    if made_at is None:
        raise Unfit("made_at: not a time")
    note = found.get("note")
    return Decision(
        id=fields.identifier(found.get("id"), "id"),
        comment=fields.identifier(found.get("comment"), "comment"),
        article=fields.identifier(found.get("article"), "article"),
        action=_action(found.get("action")),
        comment_version=fields.whole(found.get("comment_version"), "comment_version"),
        text_sha256=fields.sha256(found.get("text_sha256"), "text_sha256"),
        reasons=_reasons(native_wire.list_or_none(found.get("reasons"))),
        note="" if note is None else fields.plain_text(fields.string(note, "note")[:NOTE]),
        reverses=fields.identifier_or_none(found.get("reverses"), "reverses"),
        made_at=made_at,
    )


def _reasons(given: list[object]) -> tuple[Reason, ...]:
    """The reasons that this version knows, in the order that they were given, each once."""
    known = {reason.value: reason for reason in Reason}
    return tuple(dict.fromkeys(known[code] for code in given if isinstance(code, str) and code in known))


def _action(value: object) -> Action:
    if isinstance(value, str) and value in set(Action):
        return Action(value)
    raise fields.unfit("action", "not one that is known", value)
