"""The words of the product as frozen types: article, comment, violation, decision and their kin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Category(StrEnum):
    """A guideline of the comment policy."""

    PROFANITY = "profanity"
    THREAT = "threat"
    PERSONAL_ATTACK = "personal_attack"
    VULGARITY = "vulgarity"
    ABUSE = "abuse"
    COMMERCIAL_PROMOTION = "commercial_promotion"
    PERSONAL_PROMOTION = "personal_promotion"


class AbuseKind(StrEnum):
    """Which kind of abuse a violation of `Category.ABUSE` is."""

    SEXISM = "sexism"
    RACISM = "racism"
    HOMOPHOBIA = "homophobia"
    XENOPHOBIA = "xenophobia"


class Reason(StrEnum):
    """Why a comment is rejected: a guideline, or one of two reasons that no guideline covers."""

    PROFANITY = "profanity"
    THREAT = "threat"
    PERSONAL_ATTACK = "personal_attack"
    VULGARITY = "vulgarity"
    ABUSE = "abuse"
    COMMERCIAL_PROMOTION = "commercial_promotion"
    PERSONAL_PROMOTION = "personal_promotion"
    OFF_TOPIC = "off_topic"
    OTHER = "other"  # needs a note


class Certainty(StrEnum):
    """How sure a rule is of its mark."""

    CERTAIN = "certain"
    SUGGESTED = "suggested"


class Action(StrEnum):
    """What a decision does with a comment."""

    APPROVE = "approve"
    REJECT = "reject"
    REOPEN = "reopen"


class Status(StrEnum):
    """Where a comment stands on its server."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Role(StrEnum):
    """What an account may do."""

    MODERATOR = "moderator"
    LEAD = "lead"


class BlockKind(StrEnum):
    """How one paragraph of an article is set."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of an article as plain text."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """What was commented on; its body is plain paragraphs, never markup."""

    id: str
    version: int
    title: str
    byline: str
    place: str  # the place line that newspapers set before the first sentence; "" when there is none
    published_at: datetime | None
    updated_at: datetime | None
    lang: str
    url: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Author:
    """A reader who comments, with the record that the server keeps of them (None: not told)."""

    id: str
    name: str
    since: datetime | None = None
    approved: int | None = None
    rejected: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """One reader's text about one article.

    `text` has its line ends as "\\n" and U+FFFD in place of lone surrogates; `text_sha256` is the hash, in lower-case
    hexadecimal, of the text exactly as the server holds it. A decision carries that hash.
    """

    id: str
    version: int
    article: str
    parent: str | None
    author: Author
    created_at: datetime | None
    queued_at: datetime | None
    status: Status
    text: str
    text_sha256: str
    lang: str
    link: str


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A stretch of a comment's text that may break a guideline; a hint, for people decide.

    `start` and `end` count Unicode code points of the text, `end` exclusive. `rule` names the rule that found it and
    `why` says in words what it saw.
    """

    start: int
    end: int
    category: Category
    rule: str
    certainty: Certainty
    why: str
    kind: AbuseKind | None = None


@dataclass(frozen=True, slots=True)
class Moderator:
    """An account on a server and what it may do."""

    id: str
    name: str
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a moderator decided about one comment at one version; made once, and sent as often as it takes.

    `id` is a UUIDv7. `reverses` is the id of the decision that this one takes back.
    """

    id: str
    comment: str
    article: str
    action: Action
    comment_version: int
    text_sha256: str
    reasons: tuple[Reason, ...]
    note: str
    reverses: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A decision as the server's log holds it."""

    seq: int
    decision: Decision
    moderator: Moderator
    decided_at: datetime | None
    reversed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's answer to a decision: its log entry, and where the comment stands now."""

    entry: LogEntry
    status: Status
    comment_version: int


@dataclass(frozen=True, slots=True)
class ReasonLabel:
    """A reason as the server names it to people."""

    code: Reason
    label: str


@dataclass(frozen=True, slots=True)
class Service:
    """What a server says of itself and of the account that asks."""

    name: str
    contract: str
    me: Moderator
    features: frozenset[str]
    reasons: tuple[ReasonLabel, ...]
    page_size: int  # comments
    note_length: int  # code points


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A comment of the queue that the client cannot read, so that it is counted and not dropped in silence."""

    id: str  # "" when not even the id can be read
    problem: str  # one sentence


@dataclass(frozen=True, slots=True)
class CommentPage:
    """A page of the pending queue; `next` is the cursor of the page after it, None on the last."""

    items: tuple[Comment, ...]
    unreadable: tuple[Unreadable, ...]
    next: str | None
    total: int | None
    seq: int


@dataclass(frozen=True, slots=True)
class Site:
    """One server and one account on it."""

    url: str  # scheme, host, port and path prefix, without a slash at the end
    kind: str  # "native", "wordpress" or "coral"
    account: str
    name: str = ""
