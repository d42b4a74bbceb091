"""Who decided a comment instead, in one sentence for the moderator whose decision was not applied."""

from __future__ import annotations

from datetime import datetime

from moderator_app.errors import KnownTrouble, Overtaken
from moderator_app.model import Action, LogEntry

DID = {Action.APPROVE: "approved", Action.REJECT: "rejected", Action.REOPEN: "reopened"}


def told(trouble: KnownTrouble | None) -> str:
    """What to tell of a decision that ended in `trouble`; it names who was first, where the server says."""
    if trouble is None:
        return ""
    if isinstance(trouble, Overtaken) and trouble.winner is not None:
        return f"{_who_and_what(trouble.winner)} That decision stands; yours was not applied."
    return trouble.sentence


def _who_and_what(winner: LogEntry) -> str:
    reasons = ", ".join(reason.replace("_", " ") for reason in winner.decision.reasons)
    why = f" ({reasons})" if reasons else ""
    who = winner.moderator.name or winner.moderator.id
    return f"{who} {DID[winner.decision.action]} it first{why}{_when(winner.decided_at)}."


def _when(decided_at: datetime | None) -> str:
    if decided_at is None or not 1 < decided_at.year < 9999:  # beyond these a zone cannot be reckoned with
        return ""
    return f" on {decided_at.astimezone():%d %b at %H:%M}"
