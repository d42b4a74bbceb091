"""What every server can do for a desk, whatever its kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from moderator_app.model import Article, Comment, CommentPage, Decision, LogEntry, Receipt, Service


class Backend(Protocol):
    """One signed-in account on one server.

    Every call ends within the deadline that the backend was made with, may be made from any thread, and raises only
    `errors.KnownTrouble`: `ServerTrouble`, `SignInNeeded`, `NotAllowed`, `Refused` or `Overtaken`.
    """

    def service(self) -> Service:
        """What the server says of itself and of this account."""

    def comments(self, *, cursor: str | None = None, limit: int | None = None) -> CommentPage:
        """One page of the pending queue, oldest first; a queue that shrinks meanwhile never skips a comment."""

    def sequence(self) -> int | None:
        """A number that differs whenever the pending queue may have changed, got cheaply; None when there is none."""

    def comment(self, comment_id: str) -> Comment:
        """One comment as it is now; `errors.Gone` when it was erased."""

    def article(self, article_id: str) -> Article:
        """One article; `errors.Gone` when it was erased."""

    def decide(self, decision: Decision) -> Receipt:
        """Send a decision; any number of sends of one decision has one effect.

        Raises `errors.TimedOut` when it is not known whether the server took it: read back with `decisions` first.
        """

    def decisions(self, *, comment: str) -> Sequence[LogEntry]:
        """The log of one comment, oldest first, as far as this account may see it."""

    def close(self) -> None:
        """Give back the connections; safe to call twice."""
