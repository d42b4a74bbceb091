"""Who may use the server: accounts, their roles, and bearer tokens of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from sqlalchemy import Connection, insert, select

from moderator_app.server.database import Database
from moderator_app.server.problems import Problem
from moderator_app.server.schema import accounts
from moderator_app.server.trouble import ServeTrouble
from moderator_app.server.wire import Key, Role

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~+/-]{32,200}=*$")]

_bearer = HTTPBearer(auto_error=False, description="A token that `serve` printed when it made the account.")


class NewAccount(BaseModel):
    """An account to make, or to give this name, these roles and this token."""

    model_config = ConfigDict(frozen=True)

    id: Key
    name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
    roles: tuple[Role, ...] = Field(min_length=1)
    token: Token


class KnownAccount(BaseModel):
    """An account as `serve` prints it; `token` is null when only its hash is left."""

    id: str
    name: str
    roles: tuple[str, ...]
    token: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """The account that asks."""

    id: str
    name: str
    roles: tuple[str, ...]

    @property
    def leads(self) -> bool:
        """Whether it may see and reverse what others decided."""
        return "lead" in self.roles


def hash_token(token: str) -> str:
    """What is kept of a token.

    Plain SHA-256 is right here: a token is 256 random bits, so there is nothing to guess that a slow hash would
    protect, and it is computed for every request.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def first_accounts() -> tuple[NewAccount, ...]:
    """Accounts for a new database, each with a fresh token."""
    return (
        NewAccount(id="moderator", name="First moderator", roles=("moderator",), token=secrets.token_urlsafe(32)),
        NewAccount(id="moderator2", name="Second moderator", roles=("moderator",), token=secrets.token_urlsafe(32)),
        NewAccount(id="lead", name="Shift lead", roles=("moderator", "lead"), token=secrets.token_urlsafe(32)),
    )


def read_accounts(text: str) -> tuple[NewAccount, ...]:
    """Accounts from JSON: `[{"id", "name", "roles", "token"}]`. Raises `ServeTrouble`, never with a token in it."""
    try:
        return TypeAdapter(tuple[NewAccount, ...]).validate_json(text)
    except ValidationError as trouble:
        place = ".".join(str(part) for part in trouble.errors()[0]["loc"])
        fault = f"The accounts are not valid at {place or 'their beginning'}; "
        hint = "give a JSON list of id, name, roles (moderator, lead) and a token of at least 32 characters."
        raise ServeTrouble(fault + hint) from None


def settle_accounts(database: Database, given: Sequence[NewAccount]) -> tuple[KnownAccount, ...]:
    """Keep `given`, or make the first accounts when there are none, and say which accounts there are."""

    def settle(connection: Connection) -> tuple[KnownAccount, ...]:
        known = connection.execute(select(accounts.c.id)).scalars().all()
        fresh = given or (() if known else first_accounts())
        for account in fresh:
            _keep(connection, account, known=account.id in known)
        tokens = {account.id: account.token for account in fresh}
        rows = connection.execute(select(accounts).order_by(accounts.c.id)).all()
        return tuple(KnownAccount(id=r.id, name=r.name, roles=r.roles, token=tokens.get(r.id)) for r in rows)

    return database.write(settle)


def _keep(connection: Connection, account: NewAccount, *, known: bool) -> None:
    row = {"name": account.name, "roles": account.roles, "token_sha256": hash_token(account.token)}
    if known:
        connection.execute(accounts.update().where(accounts.c.id == account.id).values(row))
    else:
        connection.execute(insert(accounts).values(id=account.id, **row))


async def database_of(request: Request) -> Database:
    """The database that this application was made with."""
    database = request.app.state.database
    assert isinstance(database, Database)
    return database


Tables = Annotated[Database, Depends(database_of)]


def signed_in(database: Tables, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Account:
    """The account whose token came with the request. Raises `Problem` (401) when there is none."""
    found = None
    if given is not None:
        wanted = accounts.c.token_sha256 == hash_token(given.credentials)
        with database.read() as connection:
            found = connection.execute(select(accounts).where(wanted)).one_or_none()
    if found is None:
        challenge = 'Bearer realm="moderator_app"' + (', error="invalid_token"' if given else "")
        raise Problem("sign-in-needed", "A valid bearer token is needed.", headers={"WWW-Authenticate": challenge})
    return Account(id=found.id, name=found.name, roles=found.roles)


SignedIn = Annotated[Account, Depends(signed_in)]
