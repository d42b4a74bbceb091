"""What the database itself refuses, whoever speaks to it."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.server.caller import Caller
from tests.server.in_thread import ServerInThread

EDITS = [
    "UPDATE comments SET text = text || '!' WHERE id = 'c1'",
    "UPDATE comments SET text = '' WHERE id = 'c1'",
    "UPDATE comments SET text = 'other', author_name = '', status = 'erased' WHERE id = 'c1'",
    "UPDATE comments SET text = '', author_name = 'x', status = 'erased' WHERE id = 'c1'",
    "UPDATE comments SET text_sha256 = 'x' WHERE id = 'c1'",
    "UPDATE comments SET author_name = 'x' WHERE id = 'c1'",
    "UPDATE comments SET id = 'x' WHERE id = 'c1'",
    "UPDATE comments SET parent = 'c2' WHERE id = 'c1'",
    "DELETE FROM comments WHERE id = 'c1'",
    "UPDATE decisions SET note = 'x'",
    "UPDATE decisions SET moderator = 'lead'",
    "DELETE FROM decisions",
]


@pytest.mark.parametrize("edit", EDITS)
def test_what_was_written_stays(unchanging_server: ServerInThread, edit: str) -> None:
    """No SQL edits or deletes a comment or a log entry, past the server, on either database."""
    with pytest.raises(DBAPIError, match=r"are never (edited|deleted)"):
        unchanging_server.database.write(lambda connection: connection.execute(text(edit)))


def test_a_comment_is_not_replaced_on_sqlite(sqlite_server: ServerInThread) -> None:
    """INSERT OR REPLACE, which deletes without saying so, is no way around."""
    columns = ["id", "version", "article", "author", "author_name", "created_at", "queued_at", "status"]
    copied = ", ".join(columns)
    edit = (
        f"INSERT OR REPLACE INTO comments ({copied}, text, text_sha256, lang, link) "
        f"SELECT {copied}, 'other', text_sha256, lang, link FROM comments WHERE id = 'c1'"
    )
    with pytest.raises(DBAPIError, match="comments are never deleted"):
        sqlite_server.database.write(lambda connection: connection.execute(text(edit)))


def test_the_tables_are_not_emptied_on_postgresql(postgresql_server: ServerInThread) -> None:
    """TRUNCATE, which fires no trigger for rows, is no way around."""
    for emptying in (text("TRUNCATE decisions"), text("TRUNCATE comments CASCADE")):
        with pytest.raises(DBAPIError, match="are never emptied"):
            postgresql_server.database.write(partial(Connection.execute, statement=emptying))


def test_no_call_of_the_contract_can_name_a_text(unchanging_server: ServerInThread) -> None:
    """The only call with a body is the decision's, and no member of it is a text, but for the moderator's own note."""
    with Caller(unchanging_server) as caller:
        paths = caller.ask("GET", "/../openapi.json").json()["paths"]
    with_body = {(path, verb) for path, calls in paths.items() for verb, call in calls.items() if "requestBody" in call}
    assert with_body == {("/v1/decisions/{decision_id}", "put")}
    verbs = {verb for calls in paths.values() for verb in calls}
    assert verbs == {"get", "put"}
