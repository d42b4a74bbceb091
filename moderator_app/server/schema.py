"""The tables, and the triggers by which the database itself refuses to change what was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    event,
)

SCHEMA_VERSION = 1
ERASED = "erased"  # a status of the database only: an erased comment is in no list, and asking for it is answered 410

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as microseconds since 1970: the same order and precision in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _EPOCH + value * _MICROSECOND


class Words(TypeDecorator[tuple[str, ...]]):
    """A few words without spaces, in order, kept as " one two " so that " one " finds a whole word."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002
        return "".join(f" {word}" for word in value or ()) + " "

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        return tuple((value or "").split())


# Ids are compared byte by byte everywhere: a language's sorting rules have no place in a cursor.
Key = Text().with_variant(Text(collation="C"), "postgresql")

metadata = MetaData()

# One row. `seq` moves by one with every change and is locked by whoever changes anything, so numbers appear in the
# order of the commits: a reader of the log who has seen 7 will never find a 6 later.
server = Table(
    "server",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("instance", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Words, nullable=False),
    Column("token_sha256", Text, nullable=False, unique=True),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Key, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("byline", Text, nullable=False),
    Column("published_at", Instant),
    Column("updated_at", Instant),
    Column("lang", Text, nullable=False),
    Column("html", Text, nullable=False),
)

# `approved` and `rejected` count this reader's comments, moved in the transaction that moves a comment.
authors = Table(
    "authors",
    metadata,
    Column("id", Key, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("approved", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
)

comments = Table(
    "comments",
    metadata,
    Column("id", Key, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("article", Key, ForeignKey("articles.id"), nullable=False),
    Column("parent", Key, ForeignKey("comments.id")),
    Column("author", Key, ForeignKey("authors.id"), nullable=False),
    Column("author_name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("status", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_sha256", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("erased_at", Instant),
    Index("comments_queue", "status", "queued_at", "id"),
    Index("comments_article_queue", "article", "status", "queued_at", "id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("comment", Key, ForeignKey("comments.id"), nullable=False),
    Column("article", Key, ForeignKey("articles.id"), nullable=False),
    Column("moderator", Key, ForeignKey("accounts.id"), nullable=False),
    Column("action", Text, nullable=False),
    Column("from_status", Text, nullable=False),
    Column("to_status", Text, nullable=False),
    Column("comment_version", Integer, nullable=False),
    Column("text_sha256", Text, nullable=False),
    Column("reasons", Words, nullable=False),
    Column("note", Text, nullable=False),
    Column("reverses", Text, ForeignKey("decisions.id"), unique=True),
    Column("made_at", Instant, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Index("decisions_of_comment", "comment", "seq"),
    Index("decisions_of_moderator", "moderator", "seq"),
    Index("decisions_of_article", "article", "seq"),
)

# A text can go (erasure at the source) and can never become another one.
_EDITED = """
    (NEW.id, NEW.article, NEW.parent, NEW.author, NEW.created_at, NEW.text_sha256) {differs}
    (OLD.id, OLD.article, OLD.parent, OLD.author, OLD.created_at, OLD.text_sha256)
    OR (NEW.text, NEW.author_name) {differs} (OLD.text, OLD.author_name)
       AND NOT (NEW.text = '' AND NEW.author_name = '' AND NEW.status = 'erased')
"""
_GUARDS = (
    ("comments_are_never_edited", "UPDATE", "comments", _EDITED),
    ("comments_are_never_deleted", "DELETE", "comments", ""),
    ("decisions_are_never_edited", "UPDATE", "decisions", ""),
    ("decisions_are_never_deleted", "DELETE", "decisions", ""),
)


def _refuse_on_sqlite(name: str, verb: str, table: str, condition: str) -> str:
    when = f"WHEN {condition.format(differs='IS NOT')}" if condition else ""
    body = f"SELECT RAISE(ABORT, '{name.replace('_', ' ')}');"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when} BEGIN {body} END"


def _refuse_on_postgresql(name: str, verb: str, table: str, condition: str) -> str:
    when = f"WHEN ({condition.format(differs='IS DISTINCT FROM')})" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION refuse_change()"


_REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = replace(TG_NAME, '_', ' '); END $$
"""


def _guard_with_triggers() -> None:
    def after_create(statement: str, dialect: str) -> None:
        def create(_target: MetaData, connection: Connection, **_: object) -> None:
            if connection.dialect.name == dialect:
                connection.exec_driver_sql(statement)

        event.listen(metadata, "after_create", create)

    after_create(_REFUSE_CHANGE, "postgresql")
    for guard in _GUARDS:
        after_create(_refuse_on_sqlite(*guard), "sqlite")
        after_create(_refuse_on_postgresql(*guard), "postgresql")
    for table in ("comments", "decisions"):
        emptied = (
            f"CREATE TRIGGER {table}_are_never_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()"
        )
        after_create(emptied, "postgresql")


_guard_with_triggers()
