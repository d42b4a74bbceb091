"""The queue as the desk sees it: the server's pending comments without those decided here, arranged and filtered."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from moderator_app.model import Category, Certainty, Comment, Violation

PREVIEW = 160  # code points of a comment that a row of the queue keeps; a row never shows more
_START = datetime(1970, 1, 1, tzinfo=UTC)
_SPACES = re.compile(r"\s+")


class Order(StrEnum):
    """How the queue is ordered."""

    OLDEST = "oldest"
    NEWEST = "newest"
    MOST_VIOLATIONS = "most_violations"
    FEWEST_VIOLATIONS = "fewest_violations"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A pending comment with what the guidelines say of it."""

    comment: Comment
    violations: tuple[Violation, ...]
    categories: tuple[Category, ...]  # those found, each once, in the order of the policy
    certain: int  # how many violations are certain
    preview: str  # the first words on one line

    @property
    def id(self) -> str:
        """The comment's id."""
        return self.comment.id


@dataclass(frozen=True, slots=True)
class Filter:
    """Which comments to show; an empty member lets everything through."""

    article: str = ""
    category: Category | None = None
    lang: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == Filter()

    def passes(self, item: QueueItem) -> bool:
        """Whether the filter lets this comment through."""
        comment = item.comment
        return (
            (not self.article or comment.article == self.article)
            and (self.category is None or self.category in item.categories)
            and (not self.lang or comment.lang == self.lang)
            and (not self.text or self._holds_text(comment))
        )

    def _holds_text(self, comment: Comment) -> bool:
        needle = self.text.casefold()
        return needle in comment.text.casefold() or needle in comment.author.name.casefold()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The queue at one moment, ready to be shown."""

    items: tuple[QueueItem, ...]
    pending: int  # without a filter
    unreadable: int
    langs: tuple[str, ...]
    articles: tuple[str, ...]


_KEYS: dict[Order, Callable[[QueueItem], tuple[object, ...]]] = {
    Order.OLDEST: lambda item: (item.comment.queued_at or _START, item.id),
    Order.NEWEST: lambda item: (item.comment.queued_at or _START, item.id),
    Order.MOST_VIOLATIONS: lambda item: (
        -item.certain,
        -len(item.violations),
        item.comment.queued_at or _START,
        item.id,
    ),
    Order.FEWEST_VIOLATIONS: lambda item: (
        item.certain,
        len(item.violations),
        item.comment.queued_at or _START,
        item.id,
    ),
}


class Queue:
    """The pending comments by id, and the versions decided here that the server may not know of yet.

    A list of the server's that was asked for before a decision may still hold its comment; the version tells that it is
    old. After a decision that was sent is taken back, this desk knows the comment at a version that the server does not
    list yet: it is promised, and kept until the server lists it or answers a decision about it. Safe to use from any
    thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: dict[str, QueueItem] = {}
        self._decided: dict[str, int] = {}
        self._hidden: set[str] = set()  # those of the items that are decided, so that counting them costs nothing
        self._promised: dict[str, QueueItem] = {}
        self._unreadable = 0

    def known(self, comment: Comment) -> QueueItem | None:
        """What is already known of exactly this version of a comment."""
        found = self._items.get(comment.id)
        return found if found is not None and found.comment == comment else None

    def replace(self, items: Iterable[QueueItem], *, unreadable: int = 0) -> None:
        """Take over the whole list of the server."""
        with self._lock:
            self._items, self._hidden = dict(self._promised), set()
            for comment_id in self._promised:
                self._count(comment_id)
            self._take(items)
            self._unreadable = unreadable

    def add(self, items: Iterable[QueueItem]) -> None:
        """Take over a part of the server's list."""
        with self._lock:
            self._take(items)

    def hide(self, comment_id: str, version: int) -> None:
        """Leave out a comment up to this version, for it was decided here."""
        with self._lock:
            self._decided[comment_id] = max(version, self._decided.get(comment_id, version))
            self._count(comment_id)

    def show_again(self, item: QueueItem, *, promised: bool = False) -> None:
        """Put a comment back whose decision was taken back; `promised` when the server is yet to reopen it."""
        with self._lock:
            self._decided[item.id] = item.comment.version - 1  # lists from before are old
            self._items[item.id] = item
            self._count(item.id)
            if promised:
                self._promised[item.id] = item

    def applied(self, comment_id: str, version: int) -> None:
        """The server applied a decision on this version of a comment, so what it lists next is to be believed."""
        with self._lock:
            promised = self._promised.get(comment_id)
            if promised is not None and promised.comment.version <= version:
                del self._promised[comment_id]

    def not_applied(self, comment_id: str) -> None:
        """The server did not apply a decision on a comment, so what was promised after it does not come."""
        with self._lock:
            promised = self._promised.pop(comment_id, None)
            if promised is not None and self._items.get(comment_id) is promised:
                del self._items[comment_id]
                self._count(comment_id)

    def unhide(self, comment_id: str) -> None:
        """Let a comment be seen again, if the server still lists it."""
        with self._lock:
            self._decided.pop(comment_id, None)
            self._count(comment_id)

    def item(self, comment_id: str) -> QueueItem | None:
        """One comment, whether it is decided or not."""
        return self._items.get(comment_id)

    def left(self, items: Iterable[QueueItem]) -> list[QueueItem]:
        """Those of an older snapshot that are still to be decided; a hundred thousand are looked through in 10 ms."""
        decided = self._decided.get
        return [item for item in items if decided((comment := item.comment).id, -1) < comment.version]

    def pending(self) -> int:
        """How many comments are left to decide."""
        with self._lock:
            return len(self._items) - len(self._hidden)

    def snapshot(self, order: Order = Order.OLDEST, chosen: Filter | None = None) -> Snapshot:
        """The comments left to decide that pass the filter, in order."""
        with self._lock:
            pending = [item for item in self._items.values() if not self._is_hidden(item)]
            unreadable = self._unreadable
        return Snapshot(
            items=tuple(arrange(pending, order, chosen or Filter())),
            pending=len(pending),
            unreadable=unreadable,
            langs=tuple(sorted({item.comment.lang for item in pending})),
            articles=tuple(dict.fromkeys(item.comment.article for item in pending)),
        )

    def _take(self, items: Iterable[QueueItem]) -> None:
        for item in items:
            promised = self._promised.get(item.id)
            if promised is None or promised.comment.version <= item.comment.version:
                self._promised.pop(item.id, None)
                self._items[item.id] = item
                self._count(item.id)

    def _count(self, comment_id: str) -> None:
        """Bring up to date whether a comment counts as hidden."""
        item = self._items.get(comment_id)
        if item is not None and self._is_hidden(item):
            self._hidden.add(comment_id)
        else:
            self._hidden.discard(comment_id)

    def _is_hidden(self, item: QueueItem) -> bool:
        return self._decided.get(item.id, -1) >= item.comment.version


def arrange(items: Iterable[QueueItem], order: Order, chosen: Filter) -> Sequence[QueueItem]:
    """Those items that pass the filter, in order; equal ones stand by their time and id."""
    passing = list(items) if chosen.is_empty else [item for item in items if chosen.passes(item)]
    passing.sort(key=_KEYS[order], reverse=order is Order.NEWEST)
    return passing


def make_item(comment: Comment, violations: tuple[Violation, ...]) -> QueueItem:
    """A row of the queue from a comment and its violations."""
    found = {violation.category for violation in violations}
    return QueueItem(
        comment=comment,
        violations=violations,
        categories=tuple(category for category in Category if category in found),
        certain=sum(violation.certainty is Certainty.CERTAIN for violation in violations),
        preview=_SPACES.sub(" ", comment.text[: 2 * PREVIEW]).strip()[:PREVIEW],
    )
