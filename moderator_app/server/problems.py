"""Everything that goes wrong, as RFC 9457 problem documents."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException

from moderator_app.server.wire import Comment, LogEntry

MEDIA_TYPE = "application/problem+json"
BASE = "https://moderator-app.invalid/problems/"  # a name, not a place; clients switch on the last segment
RETRY_SECONDS = 1  # how long a client is asked to wait for a database that is busy
_SHOWN = 10  # wrong members named in one answer

# code: status, title
KINDS: dict[str, tuple[int, str]] = {
    "bad-request": (400, "The request cannot be read"),
    "sign-in-needed": (401, "Sign in"),
    "not-allowed": (403, "This account may not do that"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "This address is not used that way"),
    "comment-already-decided": (409, "Somebody else decided this comment first"),
    "comment-changed": (409, "The comment is not the one that was read"),
    "decision-id-reused": (409, "Another decision has this id"),
    "not-latest-decision": (409, "The decision to reverse is not the comment's latest"),
    "erased": (410, "The comment was erased at its source"),
    "body-too-large": (413, "The body is too large"),
    "invalid": (422, "The request is not valid"),
    "bad-cursor": (422, "The cursor is not one that this server gave"),
    "reason-required": (422, "A rejection needs a reason"),
    "note-required": (422, 'The reason "other" needs a note'),
    "reverses-required": (422, "To reopen is to reverse a decision"),
    "nothing-to-reverse": (422, "The comment has that status already"),
    "internal": (500, "The server failed"),
    "unavailable": (503, "The database is busy or away"),
}
_GENERAL = {400: "bad-request", 401: "sign-in-needed", 403: "not-allowed", 404: "not-found", 405: "method-not-allowed"}


class ProblemBody(BaseModel):
    """An RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str


class ConflictBody(ProblemBody):
    """Why a decision was not taken: the comment as it is, and the decision that won (null: it came decided)."""

    current: Comment | None
    decision: LogEntry | None


class Problem(Exception):
    """An answer other than success; `code` is one of `KINDS`."""

    def __init__(self, code: str, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code, self.detail, self.headers = code, detail, dict(headers or {})

    def body(self) -> ProblemBody:
        """The document that is sent."""
        status, title = KINDS[self.code]
        return ProblemBody(type=BASE + self.code, title=title, status=status, detail=self.detail)


class Conflict(Problem):
    """A decision that was not taken, with the `current` comment and the `decision` that won."""

    def __init__(self, code: str, detail: str, *, current: Comment | None, decision: LogEntry | None) -> None:
        super().__init__(code, detail)
        self.current, self.decision = current, decision

    def body(self) -> ConflictBody:
        """The document that is sent."""
        return ConflictBody(**super().body().model_dump(), current=self.current, decision=self.decision)


def as_response(problem: Problem) -> Response:
    """The HTTP answer of a problem."""
    body = problem.body()
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(
        body.model_dump_json(by_alias=True), status_code=body.status, media_type=MEDIA_TYPE, headers=headers
    )


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of these problems: for each status its codes, and the media type of all."""
    found: dict[int | str, dict[str, Any]] = {}
    for code in ("sign-in-needed", "invalid", "internal", "unavailable", *codes):
        status, title = KINDS[code]
        model = ConflictBody if status == 409 else ProblemBody
        schema = model.model_json_schema(
            by_alias=True, mode="serialization", ref_template="#/components/schemas/{model}"
        )
        schema.pop("$defs", None)  # they are components already, being what other calls answer
        entry = found.setdefault(status, {"description": "", "content": {MEDIA_TYPE: {"schema": schema}}})
        entry["description"] = f"{entry['description']} `{code}`: {title}.".strip()
    return found


def install(app: FastAPI) -> None:
    """Make every error of the application a problem document."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(OperationalError, _on_database)
    app.add_exception_handler(NoConnectionFree, _on_database)
    app.add_exception_handler(Exception, _on_bug)


async def _on_problem(_request: Request, trouble: Exception) -> Response:
    assert isinstance(trouble, Problem)
    return as_response(trouble)


async def _on_invalid(_request: Request, trouble: Exception) -> Response:
    assert isinstance(trouble, RequestValidationError)
    return as_response(Problem("invalid", "; ".join(map(_place_and_fault, trouble.errors()[:_SHOWN])) + "."))


def _place_and_fault(error: Mapping[str, Any]) -> str:
    # The value itself is never sent back: it may be anything, even text that UTF-8 cannot hold.
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}".encode("utf-8", "replace").decode()


async def _on_http(_request: Request, trouble: Exception) -> Response:
    assert isinstance(trouble, HTTPException)
    if code := _GENERAL.get(trouble.status_code):
        return as_response(Problem(code, f"{KINDS[code][1]}.", headers=trouble.headers))
    title = HTTPStatus(trouble.status_code).phrase
    body = ProblemBody(type="about:blank", title=title, status=trouble.status_code, detail=title)
    return Response(body.model_dump_json(), status_code=body.status, media_type=MEDIA_TYPE, headers=trouble.headers)


async def _on_database(_request: Request, _trouble: Exception) -> Response:
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return as_response(Problem("unavailable", "Nothing was changed; ask again in a moment.", headers=headers))


async def _on_bug(_request: Request, _trouble: Exception) -> Response:
    return as_response(Problem("internal", "It is written in the server's log."))
