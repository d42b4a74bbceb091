"""A server of the native contract, version 1."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote

from moderator_app import errors
from moderator_app.backends import fields
from moderator_app.backends import native_log as log
from moderator_app.backends import native_wire as wire
from moderator_app.backends.answer import LIST, TooLarge
from moderator_app.backends.http import Http
from moderator_app.model import Article, Comment, CommentPage, Decision, LogEntry, Receipt, Service

ONE_COMMENT = 64 << 20  # bytes of JSON: a text of 10 MB, each of whose bytes may be written as six
_COMMENTS, _DECISIONS = "/v1/comments", "/v1/decisions"
_NO_ARTICLE = "The article is no longer at the server. Its comments can still be decided."

Read = TypeVar("Read")


class NativeBackend:
    """One account on a server of the native contract (a `Backend`); `close` closes the `Http` it was given."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._lock = threading.Lock()
        self._seen: tuple[str, int] = ("", 0)  # the entity tag and the sequence number of the last look at the queue

    def service(self) -> Service:
        """What the server says of itself; `errors.NotSupported` when it speaks another version of the contract."""
        service = _fit(wire.read_service, self._http.get("/v1/").body)
        if service.contract.partition(".")[0] != "1":
            raise errors.NotSupported(
                "This server speaks another version of the contract than this program. Update the program."
            )
        return service

    def comments(self, *, cursor: str | None = None, limit: int | None = None) -> CommentPage:
        """One page of the pending queue, oldest first.

        Where a page is too large for an answer, it is asked for again with one comment in it, however long that is.
        """
        query = {"status": "pending"} | ({"cursor": cursor} if cursor else {})
        size = {} if limit is None else {"limit": str(min(max(limit, 1), wire.PAGE))}
        with self._http.one_deadline():
            try:
                page = self._page(query | size, LIST)
            except TooLarge:
                page = self._page(query | {"limit": "1"}, ONE_COMMENT)
        if page.next is not None and (page.next == cursor or not (page.items or page.unreadable)):
            raise errors.BadAnswer(detail="the cursor leads nowhere")
        return page

    def sequence(self) -> int | None:
        """A number that differs whenever the pending queue may have changed."""
        with self._lock:
            tag, seq = self._seen
        query = {"status": "pending", "limit": "1"}
        answer = self._http.get(_COMMENTS, params=query, etag=tag, cap=ONE_COMMENT)
        if answer.status == 304:
            return seq
        seq = _fit(wire.read_page, answer.body).seq
        with self._lock:
            self._seen = (answer.etag, seq)
        return seq

    def comment(self, comment_id: str) -> Comment:
        """One comment as it is now; `errors.Gone` when it was erased."""
        body = self._http.get(f"{_COMMENTS}/{_segment(comment_id)}", cap=ONE_COMMENT).body
        return _asked_for(_fit(wire.read_comment, body), comment_id)

    def article(self, article_id: str) -> Article:
        """One article; `errors.Gone` when it was erased."""
        try:
            body = self._http.get(f"/v1/articles/{_segment(article_id)}", cap=ONE_COMMENT).body
        except errors.Gone as gone:
            raise errors.Gone(_NO_ARTICLE, detail=gone.detail) from None
        return _asked_for(_fit(wire.read_article, body), article_id)

    def decide(self, decision: Decision) -> Receipt:
        """Send a decision; any number of sends of one decision has one effect."""
        path = f"{_DECISIONS}/{_segment(decision.id)}"
        answer = self._http.put(path, log.write_decision(decision), cap=ONE_COMMENT, winner=log.read_winner)
        receipt = _fit(log.read_receipt, answer.body)
        stored = receipt.entry.decision
        if (stored.id, stored.comment, stored.action) != (decision.id, decision.comment, decision.action):
            raise errors.BadAnswer(detail="the receipt is for another decision")
        return receipt

    def decisions(self, *, comment: str) -> Sequence[LogEntry]:
        """The log of one comment, oldest first, as far as this account may see it."""
        entries: list[LogEntry] = []
        after: int | None = 0
        with self._http.one_deadline():
            while after is not None:
                query = {"comment": comment, "after": str(after), "limit": str(wire.PAGE)}
                page, following = _fit(log.read_log, self._http.get(_DECISIONS, params=query, cap=LIST).body)
                if following is not None and following <= after:
                    raise errors.BadAnswer(detail="the log leads back")
                entries += page
                after = following
        return entries

    def close(self) -> None:
        """Give back the connections; safe to call twice."""
        self._http.close()

    def _page(self, query: dict[str, str], cap: int) -> CommentPage:
        return _fit(wire.read_page, self._http.get(_COMMENTS, params=query, cap=cap).body)


def _segment(identifier: str) -> str:
    """An id as a segment of a path; `errors.Refused` for what is none, so that no path leads elsewhere."""
    try:
        return quote(fields.identifier(identifier, "id"), safe="~")
    except fields.Unfit:
        raise errors.Refused("The server cannot be asked for this: its id is not one.", code="id") from None


def _fit(read: Callable[[object], Read], value: object) -> Read:
    """What is read from an answer; `errors.BadAnswer` when it is not what the contract says."""
    try:
        return read(value)
    except fields.Unfit as problem:
        raise errors.BadAnswer(detail=str(problem)) from None


Named = TypeVar("Named", Comment, Article)


def _asked_for(found: Named, asked: str) -> Named:
    if found.id != asked:
        raise errors.BadAnswer(detail="the answer is about something else")
    return found
