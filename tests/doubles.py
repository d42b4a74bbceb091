"""Stand-ins for tests: a server in memory that keeps the contract's rule, faults on order, a clock, and factories."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from moderator_app.desk.queue import QueueItem, make_item
from moderator_app.desk.uuid7 import uuid7
from moderator_app.errors import (
    AlreadyDecided,
    BadAnswer,
    Busy,
    Gone,
    NotAllowed,
    Refused,
    ServerFailed,
    SignInNeeded,
    TextChanged,
    TimedOut,
    Unreachable,
)
from moderator_app.guidelines.policy import Policy, builtin
from moderator_app.model import (
    Action,
    Article,
    Author,
    Block,
    BlockKind,
    Category,
    Certainty,
    Comment,
    CommentPage,
    Decision,
    LogEntry,
    Moderator,
    Reason,
    Receipt,
    Role,
    Service,
    Site,
    Status,
    Unreadable,
    Violation,
)
from moderator_app.paths import resources

Answer = TypeVar("Answer")

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SITE = Site(url="https://news.example", kind="native", account="dilan", name="The Example")
DILAN = Moderator(id="m1", name="Dilan", roles=frozenset({Role.MODERATOR}))
ROJIN = Moderator(id="m2", name="Rojin", roles=frozenset({Role.MODERATOR}))


def digest(text: str) -> str:
    """The hash that a server gives a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_comment(
    comment_id: str = "c1",
    *,
    text: str = "A fair point.",
    version: int = 1,
    article: str = "a1",
    lang: str = "en",
    author: str = "Reader",
    minutes: int = 0,
    parent: str | None = None,
) -> Comment:
    """A pending comment that came `minutes` after the start."""
    when = START + timedelta(minutes=minutes)
    return Comment(
        id=comment_id,
        version=version,
        article=article,
        parent=parent,
        author=Author(id=f"by-{author}", name=author),
        created_at=when,
        queued_at=when,
        status=Status.PENDING,
        text=text,
        text_sha256=digest(text),
        lang=lang,
        link="",
    )


def make_item_of(comment: Comment | None = None, *violations: Violation) -> QueueItem:
    """A row of the queue."""
    return make_item(comment or make_comment(), violations)


def make_violation(
    category: Category = Category.PROFANITY, *, certainty: Certainty = Certainty.CERTAIN, start: int = 0, end: int = 1
) -> Violation:
    """A mark on a comment."""
    return Violation(start=start, end=end, category=category, rule="rule", certainty=certainty, why="matches a word")


def make_article(article_id: str = "a1", *, title: str = "A title", lang: str = "en") -> Article:
    """An article of two paragraphs."""
    return Article(
        id=article_id,
        version=1,
        title=title,
        byline="By A. Writer",
        place="ERBIL",
        published_at=START,
        updated_at=None,
        lang=lang,
        url=f"https://news.example/{article_id}",
        blocks=(Block(BlockKind.HEADING, "Heading"), Block(BlockKind.PARAGRAPH, "A paragraph.")),
    )


def make_decision(
    comment: Comment | None = None,
    *,
    action: Action = Action.APPROVE,
    decision_id: str = "",
    note: str = "",
    reverses: str | None = None,
) -> Decision:
    """A decision on a comment as it was seen."""
    seen = comment or make_comment()
    return Decision(
        id=decision_id or uuid7(),
        comment=seen.id,
        article=seen.article,
        action=action,
        comment_version=seen.version,
        text_sha256=seen.text_sha256,
        reasons=(Reason.OFF_TOPIC,) if action is Action.REJECT else (),
        note=note,
        reverses=reverses,
        made_at=START,
    )


def make_entry(decision: Decision, *, moderator: Moderator = ROJIN, seq: int = 1) -> LogEntry:
    """A decision as a server's log holds it."""
    return LogEntry(seq=seq, decision=decision, moderator=moderator, decided_at=START)


def make_service(me: Moderator = DILAN, *, page_size: int = 50, features: frozenset[str] = frozenset()) -> Service:
    """What a server says of itself."""
    return Service(
        name="The Example",
        contract="1.0",
        me=me,
        features=features,
        reasons=(),
        page_size=page_size,
        note_length=1000,
    )


class FakeClock:
    """A monotonic clock that stands still until it is told to move."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.now += seconds


class NoChecker:
    """A checker that finds nothing."""

    @property
    def policy(self) -> Policy:
        """The policy that ships with the program."""
        return builtin(resources())

    def check(self, text: str, lang: str = "") -> tuple[Violation, ...]:
        """No violations."""
        return ()


class WordChecker(NoChecker):
    """A checker that marks one word wherever it stands."""

    def __init__(self, word: str = "bad") -> None:
        self._word = word

    def check(self, text: str, lang: str = "") -> tuple[Violation, ...]:
        """One violation for each place of the word."""
        starts = [at for at in range(len(text)) if text.startswith(self._word, at)]
        return tuple(make_violation(start=at, end=at + len(self._word)) for at in starts)


class Crash(BaseException):
    """The process dies here: nothing that catches `Exception` sees it."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call; `applied` says that the server had done its work before."""

    error: Callable[[], BaseException]
    applied: bool = False


REFUSE_CONNECTION = Fault(Unreachable)
TIME_OUT_BEFORE_APPLYING = Fault(TimedOut)
TIME_OUT_AFTER_APPLYING = Fault(TimedOut, applied=True)
FAIL_BEFORE_APPLYING = Fault(ServerFailed)
FAIL_AFTER_APPLYING = Fault(ServerFailed, applied=True)
BAD_ANSWER = Fault(BadAnswer, applied=True)
UNAUTHORIZED = Fault(SignInNeeded)
FORBIDDEN = Fault(NotAllowed)
UNPROCESSABLE = Fault(lambda: Refused(code="reason-required"))
ALREADY_DECIDED = Fault(AlreadyDecided)
TEXT_CHANGED = Fault(TextChanged)
GONE = Fault(Gone)
BUG = Fault(lambda: TypeError("a bug"))
BUG_AFTER_APPLYING = Fault(lambda: TypeError("a bug"), applied=True)
CRASH_BEFORE_APPLYING = Fault(Crash)
CRASH_AFTER_APPLYING = Fault(Crash, applied=True)


def busy(retry_after: float | None = None) -> Fault:
    """429 with this Retry-After."""
    return Fault(lambda: Busy(retry_after=retry_after))


class FakeServer:
    """The server's rule in memory: one decision, one effect, and nobody is overwritten.

    With `idempotent` False every arrival takes effect, as on servers that know no ids of decisions.
    """

    def __init__(self, comments: Sequence[Comment] = (), *, idempotent: bool = True) -> None:
        self.comments: dict[str, Comment] = {comment.id: comment for comment in comments}
        self.articles: dict[str, Article] = {"a1": make_article()}
        self.log: list[LogEntry] = []
        self.effects: Counter[str] = Counter()
        self.seq = 0
        self._is_idempotent = idempotent
        self._receipts: dict[str, Receipt] = {}

    def add(self, *comments: Comment) -> None:
        """Readers wrote these."""
        self.comments.update((comment.id, comment) for comment in comments)
        self.seq += 1

    def erase(self, comment_id: str) -> None:
        """A comment was erased at its source."""
        self.comments.pop(comment_id, None)
        self.seq += 1

    def pending(self) -> list[Comment]:
        """The pending comments by time and id."""
        found = [comment for comment in self.comments.values() if comment.status is Status.PENDING]
        return sorted(found, key=lambda comment: (comment.queued_at or START, comment.id))

    def log_of(self, comment_id: str) -> list[LogEntry]:
        """The decisions on one comment, oldest first."""
        return [entry for entry in self.log if entry.decision.comment == comment_id]

    def decide(self, moderator: Moderator, decision: Decision) -> Receipt:
        """Apply a decision by the rule of the contract."""
        before = self._receipts.get(decision.id)
        if before is None:
            self._check(decision)
        elif self._is_idempotent:
            if (before.entry.decision, before.entry.moderator) != (decision, moderator):
                raise Refused(code="decision-id-reused")
            return before
        return self._apply(moderator, decision)

    def _check(self, decision: Decision) -> None:
        comment = self.comments.get(decision.comment)
        if comment is None:
            raise Gone
        latest = next(reversed(self.log_of(comment.id)), None)
        if decision.action is Action.REOPEN:
            if latest is None or latest.decision.id != decision.reverses:
                raise AlreadyDecided(winner=latest)
        elif comment.status is not Status.PENDING:
            raise AlreadyDecided(winner=latest)
        if (comment.version, comment.text_sha256) != (decision.comment_version, decision.text_sha256):
            raise TextChanged(winner=latest)
        if decision.action is Action.REJECT and not decision.reasons:
            raise Refused(code="reason-required")

    def _apply(self, moderator: Moderator, decision: Decision) -> Receipt:
        status = {
            Action.APPROVE: Status.APPROVED,
            Action.REJECT: Status.REJECTED,
            Action.REOPEN: Status.PENDING,
        }[decision.action]
        comment = self.comments[decision.comment]
        comment = replace(comment, status=status, version=comment.version + 1)
        self.comments[comment.id] = comment
        self.seq += 1
        self.effects[decision.id] += 1
        entry = LogEntry(seq=self.seq, decision=decision, moderator=moderator, decided_at=START)
        self.log.append(entry)
        self._receipts[decision.id] = Receipt(entry=entry, status=status, comment_version=comment.version)
        return self._receipts[decision.id]


class FakeBackend:
    """`backends.base.Backend` on a `FakeServer`, with faults on order.

    `faults["decide"]` and its like are queues: each call of that name takes one, None for no fault; once empty, calls
    go well. `calls` are the names of all calls, with the decision's or comment's id where there is one.
    """

    def __init__(self, server: FakeServer | None = None, me: Moderator = DILAN, *, page_size: int = 50) -> None:
        self.server = server or FakeServer()
        self.me = me
        self.faults: defaultdict[str, deque[Fault | None]] = defaultdict(deque)
        self.calls: list[tuple[str, str]] = []
        self.unreadable: tuple[Unreadable, ...] = ()
        self.is_closed = False
        self._page_size = page_size

    def sent(self) -> list[str]:
        """The ids of the decisions that were sent, in order, each as often as it was."""
        return [about for name, about in self.calls if name == "decide"]

    def service(self) -> Service:
        """What the server says of itself and of this account."""
        return self._answer("service", "", lambda: make_service(self.me, page_size=self._page_size))

    def comments(self, *, cursor: str | None = None, limit: int | None = None) -> CommentPage:
        """One page of the pending queue by a keyset cursor."""
        return self._answer("comments", cursor or "", lambda: self._page(cursor, limit or self._page_size))

    def sequence(self) -> int | None:
        """The number of the server's last change."""
        return self._answer("sequence", "", lambda: self.server.seq)

    def comment(self, comment_id: str) -> Comment:
        """One comment as it is now."""
        return self._answer("comment", comment_id, lambda: _found(self.server.comments, comment_id))

    def article(self, article_id: str) -> Article:
        """One article."""
        return self._answer("article", article_id, lambda: _found(self.server.articles, article_id))

    def decide(self, decision: Decision) -> Receipt:
        """Send a decision."""
        return self._answer("decide", decision.id, lambda: self.server.decide(self.me, decision))

    def decisions(self, *, comment: str) -> Sequence[LogEntry]:
        """The log of one comment."""
        return self._answer("decisions", comment, lambda: self.server.log_of(comment))

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True

    def _answer(self, name: str, about: str, work: Callable[[], Answer]) -> Answer:
        self.calls.append((name, about))
        fault = self.faults[name].popleft() if self.faults[name] else None
        if fault is not None and not fault.applied:
            raise fault.error()
        answer = work()
        if fault is not None:
            raise fault.error()
        return answer

    def _page(self, cursor: str | None, limit: int) -> CommentPage:
        pending = self.server.pending()
        keys = [f"{(comment.queued_at or START).isoformat()} {comment.id}" for comment in pending]
        rest = [comment for comment, key in zip(pending, keys, strict=True) if cursor is None or key > cursor]
        page = rest[:limit]
        last = f"{(page[-1].queued_at or START).isoformat()} {page[-1].id}" if len(rest) > limit else None
        return CommentPage(
            items=tuple(page),
            unreadable=self.unreadable if cursor is None else (),
            next=last,
            total=len(pending),
            seq=self.server.seq,
        )


def _found(known: dict[str, Answer], key: str) -> Answer:
    if key not in known:
        raise Gone
    return known[key]
