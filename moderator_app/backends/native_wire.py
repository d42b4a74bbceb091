"""The JSON of the native contract's service, comments and articles, read into the product's words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from moderator_app.backends import fields, markup
from moderator_app.backends.fields import Unfit
from moderator_app.backends.strict_json import Doubtful
from moderator_app.model import (
    Article,
    Author,
    Comment,
    CommentPage,
    Moderator,
    Reason,
    ReasonLabel,
    Role,
    Service,
    Status,
    Unreadable,
)

CURSOR = 2000  # code points
PAGE = 500  # comments, the most that are asked for at once
TEXT = 16 << 20  # code points of a comment
_FEATURE = re.compile(r"[a-z_]{1,32}\Z")


def read_service(value: object) -> Service:
    """What `GET /v1/` answers. Raises `Unfit`."""
    found = fields.members(value)
    me, limits = fields.members(found.get("me")), _members_or_none(found.get("limits"))
    return Service(
        name=fields.line(_members_or_none(found.get("service")).get("name"), "service.name"),
        contract=fields.line(fields.string(found.get("contract"), "contract"), "contract", 20),
        me=Moderator(
            fields.identifier(me.get("id"), "me.id"),
            fields.line(me.get("name"), "me.name"),
            frozenset(role for role in Role if role.value in list_or_none(me.get("roles"))),
        ),
        features=_features(found.get("features")),
        reasons=tuple(_labels(list_or_none(found.get("reasons")))),
        page_size=min(max(fields.whole_or_none(limits.get("page_size"), "limits.page_size") or 100, 1), PAGE),
        note_length=min(fields.whole_or_none(limits.get("note_length"), "limits.note_length") or 1000, 10_000),
    )


def read_page(value: object) -> CommentPage:
    """A page of the queue, in which an unfit comment is an `Unreadable` and the same id twice is its latest version.

    Raises `Unfit` when the page itself is not one.
    """
    found = fields.members(value)
    items = found.get("items")
    if not isinstance(items, list):
        raise Unfit("items: not a list")
    comments: dict[str, Comment] = {}
    unreadable = []
    for item in map(_comment_or_unreadable, items):
        if isinstance(item, Unreadable):
            unreadable.append(item)
        elif item.id not in comments or comments[item.id].version <= item.version:
            comments[item.id] = item
    return CommentPage(
        items=tuple(comments.values()),
        unreadable=tuple(unreadable),
        next=_cursor(found.get("next")),
        total=fields.whole_or_none(found.get("total"), "total"),
        seq=fields.whole(found.get("seq"), "seq"),
    )


def _cursor(value: object) -> str | None:
    if value is None or (isinstance(value, str) and value.isprintable() and 0 < len(value) <= CURSOR):
        return value
    raise fields.unfit("next", "not a cursor", value)


def read_comment(value: object) -> Comment:
    """One comment. Raises `Unfit`, also when its text and its hash differ."""
    found = fields.members(value)
    raw = fields.string(found.get("text"), "text")
    return Comment(
        id=fields.identifier(found.get("id"), "id"),
        version=fields.whole(found.get("version"), "version"),
        article=fields.identifier(found.get("article"), "article"),
        parent=fields.identifier_or_none(found.get("parent"), "parent"),
        author=_author(found.get("author")),
        created_at=fields.instant(found.get("created_at")),
        queued_at=fields.instant(found.get("queued_at")),
        status=read_status(found.get("status")),
        text=fields.plain_text(raw),
        text_sha256=_hash_of(raw, found.get("text_sha256")),
        lang=fields.language(found.get("lang")),
        link=fields.web_address(found.get("link")),
    )


def read_article(value: object) -> Article:
    """One article, its markup turned into plain paragraphs. Raises `Unfit`."""
    found = fields.members(value)
    html = found.get("html")
    place, blocks = markup.place_line(markup.blocks("" if html is None else fields.string(html, "html")))
    return Article(
        id=fields.identifier(found.get("id"), "id"),
        version=fields.whole_or_none(found.get("version"), "version") or 0,
        title=fields.line(found.get("title"), "title", 500),
        byline=fields.line(found.get("byline"), "byline"),
        place=place,
        published_at=fields.instant(found.get("published_at")),
        updated_at=fields.instant(found.get("updated_at")),
        lang=fields.language(found.get("lang")),
        url=fields.web_address(found.get("url")),
        blocks=blocks,
    )


def _comment_or_unreadable(value: object) -> Comment | Unreadable:
    try:
        return read_comment(value)
    except Unfit as problem:
        return Unreadable(_id_if_readable(value), f"The comment cannot be read: {problem}.")


def _id_if_readable(value: object) -> str:
    found = dict(value.members) if isinstance(value, Doubtful) else value
    try:
        return fields.identifier(fields.members(found).get("id"), "id")
    except Unfit:
        return ""


def _hash_of(raw: str, told: object) -> str:
    """The server's hash of the text, checked against the text wherever UTF-8 can say it."""
    if len(raw) > TEXT:
        raise Unfit("text: too long")
    told_hash = fields.sha256(told, "text_sha256")
    if not fields.has_surrogates(raw) and hashlib.sha256(raw.encode()).hexdigest() != told_hash:
        raise Unfit("the text and its hash differ")
    return told_hash


def _author(value: object) -> Author:
    if value is None:
        return Author("", "")
    found = fields.members(value)
    return Author(
        id=fields.line(_text_of(found.get("id")), "author.id"),
        name=fields.line(found.get("name"), "author.name"),
        since=fields.instant(found.get("since")),
        approved=fields.whole_or_none(found.get("approved"), "author.approved"),
        rejected=fields.whole_or_none(found.get("rejected"), "author.rejected"),
    )


def _text_of(value: object) -> object:
    """A whole number as its digits, all else as it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def read_status(value: object) -> Status:
    """Where a comment stands. Raises `Unfit`."""
    if isinstance(value, str) and value in set(Status):
        return Status(value)
    raise fields.unfit("status", "not one that is known", value)


def _members_or_none(value: object) -> Mapping[str, object]:
    return {} if value is None else fields.members(value)


def list_or_none(value: object) -> list[object]:
    """A JSON array, or an empty list for anything else."""
    return value if isinstance(value, list) else []


def _features(value: object) -> frozenset[str]:
    """The names of what is switched on: `{"claims": true, "events": ["poll"]}` or `["claims"]`."""
    named = [name for name, on in value.items() if on] if isinstance(value, dict) else list_or_none(value)
    return frozenset(name for name in named if isinstance(name, str) and _FEATURE.match(name))


def _labels(given: list[object]) -> list[ReasonLabel]:
    known = {reason.value: reason for reason in Reason}
    labels = []
    for entry in given[:100]:
        code = entry.get("code") if isinstance(entry, dict) else None
        if isinstance(entry, dict) and isinstance(code, str) and code in known:
            label = entry.get("label")
            labels.append(ReasonLabel(known[code], fields.line(label, "label") if isinstance(label, str) else code))
    return labels
