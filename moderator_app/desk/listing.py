"""Reads the server's list of pending comments into the queue, marked by the guidelines."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from moderator_app.backends.base import Backend
from moderator_app.desk.queue import Queue, QueueItem, make_item
from moderator_app.errors import BadAnswer
from moderator_app.guidelines.policy import Policy
from moderator_app.model import Comment, Status, Violation

SHORT_LIST = 5  # pages; a list up to this long is always read whole
WHOLE_SECONDS = 60.0  # after which a longer list is read whole again
MOST_PAGES = 2_000  # of one list; a server that never comes to an end is left there


class Checker(Protocol):
    """What finds the violations in a text; used by one thread at a time."""

    @property
    def policy(self) -> Policy:
        """The policy that it goes by."""

    def check(self, text: str, lang: str = "") -> tuple[Violation, ...]:
        """The violations in order."""


class Listing:
    """The server's list as this desk last read it.

    A long list is read whole only now and then; in between only its end is read, where new comments come in. What
    others decided meanwhile is seen with the next whole list. Raises what `backends.base.Backend` raises.
    """

    def __init__(
        self, backend: Backend, queue: Queue, checker: Checker, *, page_size: int, clock: Callable[[], float]
    ) -> None:
        self.backend = backend
        self._queue, self._checker, self._page_size, self._clock = queue, checker, page_size, clock
        self._checking = threading.Lock()
        self._sequence: int | None = None
        self._is_complete = False  # the whole list was read once, and nothing since says that it is wrong
        self._is_stale = False  # only its end was read since
        self._is_long, self._whole_until = False, 0.0
        self._end: str | None = None  # the cursor of the last page

    def doubt(self) -> None:
        """Something says that the list is wrong: read it whole the next time."""
        self._is_complete = False

    def refresh(self, sequence: int | None, progress: Callable[[], None]) -> list[QueueItem] | None:
        """Read what may have changed; the whole list where it was read, None where only its end was or nothing was new.

        `sequence` is what the server says now; `progress` is called when something new is in the queue.
        """
        is_new = sequence is None or sequence != self._sequence
        if self._is_complete and self._is_long and self._clock() < self._whole_until:
            if is_new:
                self._read_end(sequence, progress)
            return None
        if self._is_complete and not is_new and not self._is_stale:
            return None
        return self._read_whole(sequence, progress)

    def item(self, comment: Comment) -> QueueItem:
        """A comment with its violations; what is known of this very version is not looked for again."""
        known = self._queue.known(comment)
        if known is not None:
            return known
        time.sleep(0)  # give way: the person at the screen comes first
        with self._checking:
            return make_item(comment, self._checker.check(comment.text, comment.lang))

    def _read_whole(self, sequence: int | None, progress: Callable[[], None]) -> list[QueueItem]:
        items: dict[str, QueueItem] = {}
        unreadable, pages, told = 0, 0, 0
        for fresh, problems in self._pages(None):
            items.update((item.id, item) for item in fresh)
            unreadable, pages = unreadable + problems, pages + 1
            self._queue.add(fresh)
            if len(items) >= 2 * told:  # seldom enough that many pages cost no more than twice the last telling
                progress()
                told = len(items)
        self._queue.replace(items.values(), unreadable=unreadable)
        self._sequence, self._is_complete, self._is_stale = sequence, True, False
        self._is_long, self._whole_until = pages > SHORT_LIST, self._clock() + WHOLE_SECONDS
        return list(items.values())

    def _read_end(self, sequence: int | None, progress: Callable[[], None]) -> None:
        has_new = False
        for fresh, _problems in self._pages(self._end):
            has_new = has_new or any(self._queue.known(item.comment) is None for item in fresh)
            self._queue.add(fresh)
        self._sequence, self._is_stale = sequence, True
        if has_new:
            progress()

    def _pages(self, cursor: str | None) -> Iterator[tuple[list[QueueItem], int]]:
        """The pages from a cursor on: the pending comments, and how many cannot be read."""
        seen: set[str] = set()
        for _page in range(MOST_PAGES):
            page = self.backend.comments(cursor=cursor, limit=self._page_size)
            self._end = cursor
            pending = [self.item(comment) for comment in page.items if comment.status is Status.PENDING]
            yield pending, len(page.unreadable)
            if page.next is None:
                return
            if page.next in seen:
                raise BadAnswer("The server's list never ends, so it was left. Tell the server's administrator.")
            seen.add(page.next)
            cursor = page.next
        raise BadAnswer("The server's list is too long to be read. Tell the server's administrator.")
