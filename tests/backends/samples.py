"""JSON of the native contract as a good server writes it, to be spoilt by tests."""

from __future__ import annotations

import hashlib
from typing import Any

TEXT = "I disagree.\r\nSee page 4 🚌"


def sha256(text: str) -> str:
    """The hash of the text's UTF-8 in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def comment(**members: Any) -> dict[str, Any]:
    """A comment; a `text` without a `text_sha256` gets the one that fits."""
    made: dict[str, Any] = {
        "id": "c1",
        "version": 3,
        "article": "a1",
        "parent": None,
        "author": {"id": "r1", "name": "Reader", "since": "2025-01-01T00:00:00Z", "approved": 4, "rejected": 1},
        "created_at": "2026-03-01T08:00:00Z",
        "queued_at": "2026-03-01T08:00:01.25+03:00",
        "status": "pending",
        "text": TEXT,
        "lang": "en",
        "link": "https://news.example/a1#c1",
    }
    made |= members
    if "text_sha256" not in made:
        made["text_sha256"] = sha256(made["text"])
    return made


def page(*items: Any, **members: Any) -> dict[str, Any]:
    """A page of the queue."""
    return {"items": list(items), "next": None, "total": len(items), "seq": 7} | members


def article(**members: Any) -> dict[str, Any]:
    """An article."""
    return {
        "id": "a1",
        "url": "https://news.example/a1",
        "title": "A bridge\nopens",
        "byline": "A. Writer",
        "published_at": "2026-03-01T07:00:00Z",
        "updated_at": None,
        "lang": "en",
        "html": "<p>ZERWAN — The bridge opened.</p><p>Nobody &amp; everybody came.</p>",
        "version": 1,
    } | members


def service(**members: Any) -> dict[str, Any]:
    """What a server says of itself."""
    return {
        "contract": "1.0",
        "service": {"name": "The news"},
        "me": {"id": "mod1", "name": "Berfin", "roles": ["moderator", "lead", "king"]},
        "features": {"claims": True, "events": ["poll"], "guidelines": False},
        "reasons": [{"code": "threat", "label": "Threat"}, {"code": "new", "label": "New"}],
        "limits": {"page_size": 200, "note_length": 500},
    } | members


def entry(**members: Any) -> dict[str, Any]:
    """An entry of the log."""
    return {
        "id": "0192a000-0000-7000-8000-000000000001",
        "seq": 12,
        "comment": "c1",
        "article": "a1",
        "action": "reject",
        "from": "pending",
        "to": "rejected",
        "moderator": {"id": "mod2", "name": "Azad"},
        "decided_at": "2026-03-01T09:00:00Z",
        "made_at": "2026-03-01T08:59:00Z",
        "comment_version": 3,
        "text_sha256": sha256(TEXT),
        "reasons": ["threat", "new", "abuse"],
        "note": "",
        "reverses": None,
        "reversed_by": None,
        "origin": "client",
    } | members


def receipt(**members: Any) -> dict[str, Any]:
    """The answer to a decision."""
    return entry(current=comment(version=4, status="rejected")) | members
