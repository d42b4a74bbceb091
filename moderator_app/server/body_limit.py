"""Refuses a request whose body is larger than any body of the contract."""

from __future__ import annotations

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from moderator_app.server.problems import Problem, as_response


class BodyLimit:
    """Reads the body of every request to its end, `most` bytes of it, before the application sees the request."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await self._read(Request(scope), receive)
        if body is None:
            # The rest is not read, so the connection cannot be used again.
            headers = {"Connection": "close"}
            problem = Problem("body-too-large", f"At most {self._most} bytes are taken.", headers=headers)
            await as_response(problem)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, request: Request, receive: Receive) -> bytes | None:
        declared = request.headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > self._most:
            return None
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)  # a client that went away has no more
            if len(body) > self._most:
                return None
        return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """A channel that gives the body that was read, then what else comes."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return pending.pop() if pending else await receive()

    return next_message
