"""How a good answer leaves the server: UTF-8 JSON, kept by nobody unless it has a tag."""

from __future__ import annotations

import hashlib

from fastapi import Response
from pydantic import BaseModel


def answer(body: BaseModel, *, status: int = 200, tag: str | None = None) -> Response:
    """The body as JSON; with a `tag` a client may keep it and ask whether it still holds."""
    return Response(
        body.model_dump_json(by_alias=True), status_code=status, media_type="application/json", headers=_kept(tag)
    )


def unchanged(tag: str) -> Response:
    """Says that what the client kept under this tag still holds."""
    return Response(status_code=304, headers=_kept(tag))


def make_tag(*parts: object) -> str:
    """A weak entity tag that differs when any part does."""
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def holds(if_none_match: str | None, tag: str) -> bool:
    """Whether an If-None-Match header names this tag, by RFC 9110's weak comparison."""
    given = [part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")]
    return tag.removeprefix("W/") in given or given == ["*"]


def _kept(tag: str | None) -> dict[str, str]:
    return {"Cache-Control": "no-store"} if tag is None else {"Cache-Control": "private, no-cache", "ETag": tag}
