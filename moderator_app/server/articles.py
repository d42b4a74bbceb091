"""GET /v1/articles/{id}: what was commented on."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy import select

from moderator_app.server import wire
from moderator_app.server.accounts import SignedIn, Tables
from moderator_app.server.answers import answer
from moderator_app.server.problems import Problem, documented
from moderator_app.server.schema import articles

router = APIRouter(tags=["articles"])


@router.get("/articles/{article_id}", response_model=wire.Article, responses=documented("not-found"))
def article(article_id: wire.Key, database: Tables, _me: SignedIn) -> Response:
    """One article. Its `html` is the publisher's: clean it before it is shown."""
    with database.read() as connection:
        row = connection.execute(select(articles).where(articles.c.id == article_id)).one_or_none()
    if row is None:
        raise Problem("not-found", "There is no such article.")
    return answer(wire.Article.model_validate(row._asdict()))
