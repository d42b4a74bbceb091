"""Newsrooms in the seed form, made for tests: any number of comments, in five languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

TEXTS = {
    "en": "I agree with the writer, and I'd add one thing: <b>buses</b> & trams.\r\nSee page 4 🚌",
    "ckb": "سوپاس بۆ ئەم بابەتە، زۆر بەسوود بوو.",
    "kmr": "Gelek spas ji bo vê nivîsê, ez bi hemû dilê xwe pê re me.",
    "ar": "شكراً على المقال، لكنّ الأرقام تحتاج إلى مصدر.",
    "tr": "Yazıya katılıyorum ama İstanbul örneği ıskalanmış.",
}
FIRST = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def newsroom(*, comments: int, articles: int = 2) -> dict[str, Any]:
    """Articles "a0", "a1", ... and pending comments "c0", "c1", ..., a minute apart, by seven readers in turn."""
    return {
        "articles": [article(number) for number in range(articles)],
        "comments": [comment(number, article=f"a{number % articles}") for number in range(comments)],
    }


def article(number: int) -> dict[str, Any]:
    """One article of the seed form."""
    return {
        "key": f"a{number}",
        "title": f"Council votes on line {number}",
        "byline": "A. Writer",
        "date": "2026-03-01T07:00:00Z",
        "lang": "en",
        "html": "<p>The council voted on Tuesday.</p>",
        "author": "writer",
    }


def comment(number: int, **members: Any) -> dict[str, Any]:
    """One comment of the seed form; `members` replace what it has."""
    lang = list(TEXTS)[number % len(TEXTS)]
    return {
        "key": f"c{number}",
        "article": "a0",
        "lang": lang,
        "content": f"{TEXTS[lang]} ({number})",
        "author_name": f"Reader {number % 7}",
        "author_email": f"reader{number % 7}@example.invalid",
        "author_ip": "192.0.2.1",
        "status": "hold",
        "date": (FIRST + timedelta(minutes=number)).isoformat(),
        **members,
    }
