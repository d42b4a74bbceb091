"""Everything a moderator can do, without a screen: read the queue, decide, take back."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from moderator_app.backends.base import Backend
from moderator_app.desk.courier import Courier, News, Report
from moderator_app.desk.listing import Checker, Listing
from moderator_app.desk.queue import Filter, Order, Queue, QueueItem, Snapshot
from moderator_app.desk.uuid7 import uuid7
from moderator_app.errors import ServerTrouble, StorageTrouble, TextChanged
from moderator_app.guidelines.policy import Guideline
from moderator_app.model import (
    Action,
    Article,
    Category,
    Comment,
    Decision,
    Reason,
    Service,
    Site,
)
from moderator_app.store.comments import CommentStore
from moderator_app.store.outbox import Outbox, OutboxRow

_log = logging.getLogger(__name__)

UNDO_SECONDS = 5.0
UNDO_STEPS = 100  # decisions that can be taken back, newest first
ARTICLE_SECONDS = 600.0  # after which an article is asked for again, for it may have been corrected


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking back did: `item` is to be decided again; `was_sent` says that the server had heard of it."""

    item: QueueItem
    decision: Decision
    was_sent: bool


class Desk:
    """One signed-in account at work on one site.

    `decide`, `undo` and `snapshot` answer at once and belong on the thread of the person who decides; they raise
    `errors.StorageTrouble` and then nothing has changed. `refresh`, `article` and `comment` ask the server: run them
    elsewhere; they raise what `backends.base.Backend` raises.
    """

    def __init__(
        self,
        *,
        site: Site,
        service: Service,
        backend: Backend,
        outbox: Outbox,
        store: CommentStore,
        checker: Checker,
        undo_seconds: float = UNDO_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.site, self.service = site, service
        self.undo_seconds = undo_seconds
        self.queue = Queue()
        self.listeners: list[Callable[[Report], None]] = []
        self.last_contact: datetime | None = None
        self._backend, self._outbox, self._store = backend, outbox, store
        self._articles: dict[str, tuple[Article, float]] = {}
        self._clock = clock
        self._undo: deque[tuple[Decision, QueueItem]] = deque(maxlen=UNDO_STEPS)
        self._undo_lock = threading.Lock()  # the courier's thread takes out what was not applied
        self._checker = checker
        self._listing = Listing(backend, self.queue, checker, page_size=service.page_size, clock=clock)
        self.courier = Courier(backend, outbox, self._heard, clock=clock)
        for row in outbox.open():
            self._hide(row.decision)

    @property
    def put_aside(self) -> Path | None:
        """Where damaged decisions were moved when the desk was opened."""
        return self._outbox.put_aside

    # Reading

    def recall(self) -> None:
        """Fill the queue with what was last seen, so that work can begin before the server answers."""
        self.queue.add([self._listing.item(comment) for comment in self._store.recall()])

    def refresh(self, progress: Callable[[], None] = lambda: None) -> bool:
        """Take over the server's queue; False when nothing can have changed. `progress` is called now and then."""
        sequence = self._backend.sequence()
        self.last_contact = datetime.now(UTC)
        has_news = False

        def tell() -> None:
            nonlocal has_news
            has_news = True
            progress()

        whole = self._listing.refresh(sequence, tell)
        if whole is not None:
            self._keep(lambda: self._store.remember([item.comment for item in whole]))
        return has_news or whole is not None

    def snapshot(self, order: Order = Order.OLDEST, chosen: Filter | None = None) -> Snapshot:
        """The comments left to decide that pass the filter, in order."""
        return self.queue.snapshot(order, chosen)

    def article(self, article_id: str) -> Article:
        """An article, from the server or as it was last seen."""
        known, until = self._articles.get(article_id, (None, 0.0))
        if known is not None and self._clock() < until:
            return known
        article = self._ask_for_article(article_id)
        self._articles[article_id] = (article, self._clock() + ARTICLE_SECONDS)
        return article

    def known_article(self, article_id: str) -> Article | None:
        """An article that was asked for before, at once."""
        return self._articles.get(article_id, (None, 0.0))[0]

    def comment(self, comment_id: str) -> Comment:
        """One comment as it is now, for instance the one that another answers."""
        found = self.queue.item(comment_id)
        return found.comment if found else self._backend.comment(comment_id)

    def guideline(self, category: Category) -> Guideline:
        """A guideline of the policy in words."""
        return self._checker.policy.guideline(category)

    # Deciding

    def decide(self, item: QueueItem, action: Action, *, reasons: Sequence[Reason] = (), note: str = "") -> Decision:
        """Make a decision about a comment as it was shown. It is on disk when this returns."""
        return self._write_down(item, action, reasons=tuple(reasons), note=_storable(note), reverses=None)

    def undo(self) -> Undone | None:
        """Take back the newest decision made here; None when there is none.

        Before it is sent it is simply withdrawn; after that the comment is reopened by a decision of its own.
        """
        with self._undo_lock:
            if not self._undo:
                return None
            decision, item = self._undo.pop()
        try:
            was_sent = not self._outbox.withdraw(decision.id)
            if was_sent:
                item = self._reopen(decision, item)
        except StorageTrouble:
            with self._undo_lock:
                self._undo.append((decision, item))
            raise
        self.queue.show_again(item, promised=was_sent)
        return Undone(item, decision, was_sent)

    @property
    def can_undo(self) -> bool:
        """Whether there is a decision to take back."""
        return bool(self._undo)

    def waiting(self) -> int:
        """How many decisions the server has not answered yet."""
        return self._outbox.waiting()

    def waiting_for_others(self) -> int:
        """How many decisions of other accounts wait on this computer."""
        return self._outbox.waiting_for_others()

    def parked(self) -> tuple[OutboxRow, ...]:
        """Decisions that were not applied and not put away yet."""
        return self._outbox.parked()

    def put_away(self, decision_id: str) -> None:
        """Put away a decision that was not applied, for the moderator has been told."""
        self._outbox.mark_seen(decision_id)

    # The sign-in

    def resume(self, backend: Backend, service: Service) -> None:
        """Go on with a new sign-in of the same account."""
        old, self._backend, self.service = self._backend, backend, service
        self._listing.backend = backend
        self.courier.resume(backend)
        old.close()

    def forget(self) -> None:
        """Forget the comments and articles of this account; waiting decisions are kept."""
        self._keep(self._store.forget_all)

    def close(self, timeout: float = 15.0) -> None:
        """Stop the courier and close the files; what waits is sent at the next start."""
        if self.courier.stop(timeout):
            self._outbox.close()
            self._store.close()
        self._backend.close()

    def _ask_for_article(self, article_id: str) -> Article:
        try:
            article = self._backend.article(article_id)
        except ServerTrouble:
            remembered = self._store.article(article_id)
            if remembered is None:
                raise
            return remembered
        self._keep(lambda: self._store.remember_article(article))
        return article

    def _keep(self, write: Callable[[], None]) -> None:
        """Write to the store of what was seen; it can be done without, so its trouble is only logged."""
        try:
            write()
        except StorageTrouble as trouble:
            _log.warning("what was seen could not be remembered: %s", trouble.detail)

    def _reopen(self, decision: Decision, item: QueueItem) -> QueueItem:
        """Reverse a decision that was sent. Each decision moves the comment's version by one, so both are known."""
        after = replace(item, comment=replace(item.comment, version=decision.comment_version + 1))
        self._write_down(after, Action.REOPEN, reasons=(), note="", reverses=decision.id)
        return replace(item, comment=replace(item.comment, version=decision.comment_version + 2))

    def _write_down(
        self, item: QueueItem, action: Action, *, reasons: tuple[Reason, ...], note: str, reverses: str | None
    ) -> Decision:
        comment = item.comment
        decision = Decision(
            id=uuid7(),
            comment=comment.id,
            article=comment.article,
            action=action,
            comment_version=comment.version,
            text_sha256=comment.text_sha256,
            reasons=reasons,
            note=note,
            reverses=reverses,
            made_at=datetime.now(UTC),
        )
        self.courier.hold(decision.id, self.undo_seconds if reverses is None else 0.0)
        self._outbox.add(decision)
        self._hide(decision)
        if reverses is None:
            with self._undo_lock:
                self._undo.append((decision, item))
        self.courier.added(decision.id)
        return decision

    def _hide(self, decision: Decision) -> None:
        self.queue.hide(decision.comment, decision.comment_version)

    def _heard(self, report: Report) -> None:
        """What the courier tells, on its thread: the queue follows first, then whoever listens."""
        if report.news is News.SETTLED:
            self.last_contact = datetime.now(UTC)
            if report.decision is not None and report.decision.action is not Action.REOPEN:
                self._applied(report.decision)
        elif report.decision is not None and report.news in (News.OVERTAKEN, News.REFUSED):
            self._not_applied(report, report.decision)
        for listener in self.listeners:
            listener(report)

    def _applied(self, decision: Decision) -> None:
        """What was decided must not come back from memory at the next start."""
        self.queue.applied(decision.comment, decision.comment_version)
        self._keep(lambda: self._store.forget(decision.comment))

    def _not_applied(self, report: Report, decision: Decision) -> None:
        with self._undo_lock:
            others = [entry for entry in self._undo if entry[0].id != decision.id]
            self._undo.clear()
            self._undo.extend(others)
        self.queue.not_applied(decision.comment)
        if report.news is News.REFUSED or isinstance(report.trouble, TextChanged):
            self.queue.unhide(decision.comment)
        self._listing.doubt()


def _storable(note: str) -> str:
    """The note with U+FFFD for lone surrogates, which a keyboard can send and no file can hold."""
    return note.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
