"""Accounts: signing in, and tokens of which only the hash is kept."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import requests
from sqlalchemy import text

from moderator_app.server.accounts import KnownAccount, hash_token, read_accounts, settle_accounts
from moderator_app.server.database import Database
from moderator_app.server.trouble import ServeTrouble
from tests.server.caller import SECONDS, Caller, problem
from tests.server.in_thread import ServerInThread

PATHS = ["/v1/", "/v1/comments", "/v1/comments/c0", "/v1/articles/a0", "/v1/decisions"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Basic bW9kOg==", "Bearer", "Bearer \u00e9"])
def test_nothing_is_told_without_a_token(
    unchanging_server: ServerInThread, path: str, authorization: str | None
) -> None:
    """Every call without a valid token is answered 401 with a challenge."""
    headers = {} if authorization is None else {"Authorization": authorization.encode("latin-1")}
    answer = requests.get(unchanging_server.url + path, headers=headers, timeout=SECONDS)
    assert (answer.status_code, problem(answer)) == (401, "sign-in-needed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_the_service_says_who_asks(unchanging_server: ServerInThread) -> None:
    """GET /v1/ names the account, its roles, the reasons and the limits of the contract."""
    with Caller(unchanging_server, "lead") as caller:
        found = caller.get("/")
    assert found["contract"] == "1.0"
    assert found["me"] == {"id": "lead", "name": "Lead", "roles": ["moderator", "lead"]}
    assert found["limits"] == {"page_size": 500, "note_length": 1000}
    assert found["features"] == dict.fromkeys(("claims", "events", "guidelines", "authors"), False)
    assert [reason["code"] for reason in found["reasons"]][-2:] == ["off_topic", "other"]


def test_tokens_are_made_once_and_kept_as_hashes(database_url: str) -> None:
    """A new database gets two moderators and a lead with tokens of 256 bits; later only their names are known."""
    database = Database(database_url)
    first = settle_accounts(database, ())
    again = settle_accounts(database, ())
    with database.read() as connection:
        rows = str(connection.execute(text("SELECT * FROM accounts")).all())
    database.close()
    assert [account.id for account in first] == ["lead", "moderator", "moderator2"]
    assert again == tuple(account.model_copy(update={"token": None}) for account in first)
    for account in first:
        assert account.token is not None
        assert len(account.token) >= 43
        assert account.token not in rows
        assert hash_token(account.token) in rows


def test_given_accounts_replace_what_they_name(make_database: Callable[[str], str]) -> None:
    """An account given again has the new name, roles and token, and its former token is worth nothing."""
    database = Database(make_database("sqlite"))

    def give(name: str, token: str) -> tuple[KnownAccount, ...]:
        text_given = json.dumps([{"id": "ana", "name": name, "roles": ["moderator"], "token": token}])
        return settle_accounts(database, read_accounts(text_given))

    give("Ana", "a" * 43)
    (known,) = give("Ana B.", "b" * 43)
    with database.read() as connection:
        hashes = connection.execute(text("SELECT token_sha256 FROM accounts")).scalars().all()
    database.close()
    assert (known.name, known.token) == ("Ana B.", "b" * 43)
    assert hashes == [hash_token("b" * 43)]


@pytest.mark.parametrize(
    "change", [{"token": "short"}, {"roles": []}, {"roles": ["owner"]}, {"id": "a/b"}, {"name": ""}]
)
def test_wrong_accounts_are_named_without_their_token(change: dict[str, object]) -> None:
    """What is wrong with given accounts is said by place, and no token is in the sentence."""
    account = {"id": "ana", "name": "Ana", "roles": ["moderator"], "token": "secret" * 8, **change}
    with pytest.raises(ServeTrouble, match=rf"not valid at 0\.{next(iter(change))}") as trouble:
        read_accounts(json.dumps([account]))
    assert "secret" not in trouble.value.sentence
    with pytest.raises(ServeTrouble, match="at their beginning"):
        read_accounts("{")
