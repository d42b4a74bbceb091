"""A newsroom from a file: articles and comments, checked whole before any of it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError
from sqlalchemy import Connection, Table, bindparam, insert, select, update

from moderator_app.server.database import Database, record_change, take_turn
from moderator_app.server.schema import articles, authors, comments
from moderator_app.server.trouble import ServeTrouble
from moderator_app.server.wire import Instant, Key

LINE = 1000  # code points of a title, name or link
BODY = 16 * 2**20  # code points of a comment or an article

# The words of other systems for the same three states.
STATUSES = {"hold": "pending", "spam": "rejected", "trash": "rejected"}

Line = Annotated[str, StringConstraints(max_length=LINE)]
Body = Annotated[str, StringConstraints(max_length=BODY)]
Lang = Annotated[str, StringConstraints(max_length=35)]  # RFC 5646 recommends room for 35 characters
SeedStatus = Annotated[
    Literal["pending", "approved", "rejected"], BeforeValidator(lambda word: STATUSES.get(str(word), word))
]


class SeedArticle(BaseModel):
    """An article of the file."""

    key: Key
    title: Line
    byline: Line = ""
    url: Line = ""
    date: Instant | None = None
    lang: Lang = ""
    html: Body


class SeedComment(BaseModel):
    """A comment of the file; its author is told from others by the e-mail address, which is not kept."""

    key: Key
    article: Key
    parent: Key | None = None
    content: Body
    author_name: Line = ""
    author_email: Line = ""
    user: Line = ""
    status: SeedStatus = "pending"
    date: Instant = Field(default_factory=lambda: datetime.now(UTC))
    lang: Lang = ""
    link: Line = ""

    @property
    def name(self) -> str:
        """What the author is called."""
        return self.author_name or self.user

    @property
    def author(self) -> str:
        """The author's id: the same for the same address, or for the same name when there is no address."""
        known_by = self.author_email.lower() or self.name
        return f"reader-{hashlib.sha256(known_by.encode()).hexdigest()[:16]}"


class Seed(BaseModel):
    """A newsroom; members that it does not name are ignored."""

    articles: list[SeedArticle]
    comments: list[SeedComment]


def read_seed(path: Path) -> Seed:
    """The newsroom of a file. Raises `ServeTrouble` that says what is wrong, and where."""
    try:
        return parse_seed(path.read_bytes(), name=path.name)
    except OSError:
        raise ServeTrouble(f"The seed file {path} cannot be read; check that it is there.") from None


def parse_seed(data: bytes | str, *, name: str) -> Seed:
    """The newsroom of a JSON text; `name` is what to call it. Raises `ServeTrouble`."""
    try:
        return Seed.model_validate_json(data)
    except ValidationError as trouble:
        error = trouble.errors(include_url=False, include_input=False)[0]
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
        fault = error["msg"].removeprefix("Value error, ")
        raise ServeTrouble(f"The seed file {name} is wrong at {place or 'its beginning'}: {fault}.") from None


def plant(database: Database, seed: Seed) -> None:
    """Keep every article and comment of the newsroom that the database does not have yet, and leave the rest.

    Raises `ServeTrouble`, with nothing kept, when the newsroom does not fit together.
    """

    def work(connection: Connection) -> None:
        seq = take_turn(connection)
        have = {table: set(connection.execute(select(table.c.id)).scalars()) for table in (articles, comments, authors)}
        _check(seed, have, database)
        fresh = [comment for comment in seed.comments if comment.key not in have[comments]]
        new_articles = [_article_row(article) for article in seed.articles if article.key not in have[articles]]
        _insert(connection, articles, new_articles)
        _keep_authors(connection, fresh, have[authors])
        _insert(connection, comments, [_comment_row(comment) for comment in fresh])
        if fresh or new_articles:
            record_change(connection, seq)

    database.write(work)


def _check(seed: Seed, have: dict[Table, set[str]], database: Database) -> None:
    """Raises `ServeTrouble` for keys given twice, keys that lead nowhere, and texts that this database cannot hold."""
    seen_articles = have[articles] | _unique("articles", (article.key for article in seed.articles))
    _unique("comments", (comment.key for comment in seed.comments))
    seen = set(have[comments])
    for position, comment in enumerate(seed.comments):
        place = f"The seed is wrong at comments[{position}]"
        if comment.article not in seen_articles:
            raise ServeTrouble(f"{place}.article: there is no article {comment.article}.")
        if comment.parent is not None and comment.parent not in seen:
            raise ServeTrouble(f"{place}.parent: no comment {comment.parent} comes before it.")
        seen.add(comment.key)
    if not database.keeps_nul and "\0" in "".join(_texts(seed)):
        raise ServeTrouble("The seed has a text with the character U+0000, which PostgreSQL cannot hold; use SQLite.")


def _unique(members: str, keys: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for position, key in enumerate(keys):
        if key in seen:
            raise ServeTrouble(f"The seed is wrong at {members}[{position}].key: {key} is there twice.")
        seen.add(key)
    return seen


def _texts(seed: Seed) -> Iterable[str]:
    for article in seed.articles:
        yield from (article.title, article.byline, article.url, article.lang, article.html)
    for comment in seed.comments:
        yield from (comment.content, comment.name, comment.lang, comment.link)


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _keep_authors(connection: Connection, fresh: list[SeedComment], known: set[str]) -> None:
    """Make the authors that are new, and count what all of them wrote."""
    tallies: dict[str, dict[str, Any]] = {}
    for comment in sorted(fresh, key=lambda comment: comment.date):
        none_yet = {"author": comment.author, "since": comment.date, "approved": 0, "rejected": 0}
        tally = tallies.setdefault(comment.author, none_yet)
        if comment.status in tally:
            tally[comment.status] += 1
    rows = [{"id": tally["author"], **tally} for tally in tallies.values()]
    _insert(connection, authors, [{**row, "author": None} for row in rows if row["id"] not in known])
    more = [row for row in rows if row["id"] in known and row["approved"] + row["rejected"]]
    if more:
        added = {tally: authors.c[tally] + bindparam(f"more_{tally}") for tally in ("approved", "rejected")}
        connection.execute(
            update(authors).where(authors.c.id == bindparam("author")).values(added),
            [{"author": r["id"], "more_approved": r["approved"], "more_rejected": r["rejected"]} for r in more],
        )


def _article_row(article: SeedArticle) -> dict[str, Any]:
    found = article.model_dump(exclude={"key", "date"})
    return {"id": article.key, "version": 1, "published_at": article.date, "updated_at": None, **found}


def _comment_row(comment: SeedComment) -> dict[str, Any]:
    return {
        "id": comment.key,
        "version": 1,
        "article": comment.article,
        "parent": comment.parent,
        "author": comment.author,
        "author_name": comment.name,
        "created_at": comment.date,
        "queued_at": comment.date,
        "status": comment.status,
        "text": comment.content,
        "text_sha256": hashlib.sha256(comment.content.encode()).hexdigest(),
        "lang": comment.lang,
        "link": comment.link,
        "erased_at": None,
    }
