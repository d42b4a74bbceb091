"""The JSON of the contract, as bodies that are checked and bounded."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

CONTRACT = "1.0"
PAGE_SIZE = 500  # entries, the most that one answer holds
PAGE_DEFAULT = 100  # entries
NOTE_LENGTH = 1000  # code points
INTEGER_MAX = 2**31 - 1
SEQ_MAX = 2**63 - 1

Status = Literal["pending", "approved", "rejected"]
Action = Literal["approve", "reject", "reopen"]
Role = Literal["moderator", "lead"]
ReasonCode = Literal[
    "profanity",
    "threat",
    "personal_attack",
    "vulgarity",
    "abuse",
    "commercial_promotion",
    "personal_promotion",
    "off_topic",
    "other",
]
REASON_LABELS: dict[ReasonCode, str] = {
    "profanity": "Profanity",
    "threat": "Threat",
    "personal_attack": "Personal attack",
    "vulgarity": "Vulgarity",
    "abuse": "Abuse: sexism, racism, homophobia or xenophobia",
    "commercial_promotion": "Commercial promotion",
    "personal_promotion": "Personal promotion",
    "off_topic": "Off topic",
    "other": "Other (needs a note)",
}

KEY = r"^[A-Za-z0-9._~:-]{1,100}$"  # ids go into addresses as they are
_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def read_instant(value: object) -> datetime:
    """A moment in UTC from RFC 3339 text with its zone; digits beyond the microsecond are dropped.

    Raises ValueError for everything else.
    """
    wrong = ValueError("a time with its zone is needed, such as 2026-01-31T09:00:00Z")
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise wrong
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong from None


def read_key(value: str) -> str:
    """An id as every id of an article, comment, author or account is. Raises ValueError for everything else."""
    if not re.fullmatch(KEY, value, re.ASCII):
        raise ValueError("not an id")
    return value


Key = Annotated[str, StringConstraints(pattern=KEY)]
DecisionId = Annotated[str, StringConstraints(pattern=_UUID, to_lower=True)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Note = Annotated[str, StringConstraints(max_length=NOTE_LENGTH, pattern=r"^[^\x00]*$")]  # PostgreSQL holds no U+0000
Instant = Annotated[datetime, BeforeValidator(read_instant)]


class DecisionBody(BaseModel):
    """A decision as a client sends it; it names the version and the hash of the text that was judged."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    comment: Key
    action: Action
    comment_version: int = Field(ge=1, le=INTEGER_MAX)
    text_sha256: Sha256
    reasons: list[ReasonCode] = Field(
        default=[],
        max_length=len(REASON_LABELS),
        json_schema_extra={"uniqueItems": True},
        description="At least one to reject, each once; none to approve or reopen.",
    )
    note: Note = Field(default="", description=f"At most {NOTE_LENGTH} code points; needed for the reason `other`.")
    reverses: DecisionId | None = Field(
        default=None, description="The comment's latest decision, when this one takes it back; needed to reopen."
    )
    made_at: Instant


class Answer(BaseModel):
    """What the server says; made from rows that were checked when they came in."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Author(Answer):
    """A reader, with the number of their comments that were approved and rejected."""

    id: str
    name: str
    since: datetime
    approved: int
    rejected: int


class Comment(Answer):
    """One reader's text about one article, exactly as it came; `text_sha256` is of its UTF-8."""

    id: str
    version: int
    article: str
    parent: str | None
    author: Author
    created_at: datetime
    queued_at: datetime
    status: Status
    text: str
    text_sha256: str
    lang: str
    link: str


class CommentPage(Answer):
    """A page ordered by (queued_at, id); `total` counts the whole list and `seq` moves with every change."""

    items: list[Comment]
    next: str | None
    total: int
    seq: int


class Article(Answer):
    """What was commented on."""

    id: str
    url: str
    title: str
    byline: str
    published_at: datetime | None
    updated_at: datetime | None
    lang: str
    html: str
    version: int


class Moderator(Answer):
    """Who decided."""

    id: str
    name: str


class LogEntry(Answer):
    """A decision as the append-only log holds it."""

    id: str
    seq: int
    comment: str
    article: str
    action: Action
    from_: Status = Field(alias="from")
    to: Status
    moderator: Moderator
    decided_at: datetime
    made_at: datetime
    comment_version: int
    text_sha256: str
    reasons: list[ReasonCode]
    note: str
    reverses: str | None
    reversed_by: str | None
    origin: Literal["client"]


class Receipt(LogEntry):
    """The log entry, and the comment as it is now; `current` is null when it was erased since."""

    current: Comment | None


class LogPage(Answer):
    """A page of the log; `next` goes into the same parameter, `after` or `before`, for the page that follows."""

    items: list[LogEntry]
    next: int | None


class ServiceName(Answer):
    """What the service calls itself."""

    name: str


class Me(Answer):
    """The account that asks."""

    id: str
    name: str
    roles: list[Role]


class ReasonLabel(Answer):
    """A reason for rejecting, as people read it."""

    code: ReasonCode
    label: str


class Limits(Answer):
    """The most entries of a page, and the most code points of a note."""

    page_size: int
    note_length: int


class Service(Answer):
    """What the server is and can."""

    contract: str
    service: ServiceName
    me: Me
    features: dict[str, bool]
    reasons: list[ReasonLabel]
    limits: Limits
