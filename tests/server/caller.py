"""What a test says to a server: signed-in requests, and decisions with a new id."""

from __future__ import annotations

import uuid
from typing import Any

import requests

from tests.server.in_thread import ServerInThread
from tests.server.running import RunningServer

SECONDS = 30  # for any one answer
MADE_AT = "2026-03-02T09:00:00Z"


class Caller:
    """One account on one server, on one connection."""

    def __init__(self, server: RunningServer | ServerInThread, account: str = "moderator") -> None:
        self._url = server.url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {server.token(account)}"

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        """Any request; `path` is below /v1."""
        return self._session.request(method, f"{self._url}/v1{path}", timeout=SECONDS, allow_redirects=False, **how)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a good answer."""
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put(self, decision: dict[str, Any], decision_id: str | None = None) -> requests.Response:
        """Send a decision, with a new id if none is given."""
        return self.ask("PUT", f"/decisions/{decision_id or uuid.uuid4()}", json=decision)

    def decide(self, comment_id: str, action: str, **members: Any) -> requests.Response:
        """Look at a comment and decide about it as it is now."""
        return self.put(decision(self.get(f"/comments/{comment_id}"), action, **members))


def decision(comment: dict[str, Any], action: str, **members: Any) -> dict[str, Any]:
    """The body of a decision about a comment as it was seen; `members` replace what it has."""
    return {
        "comment": comment["id"],
        "action": action,
        "comment_version": comment["version"],
        "text_sha256": comment["text_sha256"],
        "reasons": ["off_topic"] if action == "reject" else [],
        "note": "",
        "reverses": None,
        "made_at": MADE_AT,
        **members,
    }


def problem(answer: requests.Response) -> str:
    """The last segment of a problem's type, once the whole document is seen to be one."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert body["status"] == answer.status_code
    return str(body["type"].rsplit("/", 1)[-1])
