"""GET /v1/: what the server is, who asks, and what it can."""

from __future__ import annotations

from fastapi import APIRouter, Response

from moderator_app.server import wire
from moderator_app.server.accounts import SignedIn
from moderator_app.server.answers import answer
from moderator_app.server.problems import documented

router = APIRouter(tags=["service"])

SERVICE_NAME = "moderator_app reference server"
FEATURES = {"claims": False, "events": False, "guidelines": False, "authors": False}


@router.get("/", response_model=wire.Service, responses=documented())
def service(me: SignedIn) -> Response:
    """What this server is, the account that asks, and the limits to keep."""
    reasons = [wire.ReasonLabel(code=code, label=label) for code, label in wire.REASON_LABELS.items()]
    return answer(
        wire.Service(
            contract=wire.CONTRACT,
            service=wire.ServiceName(name=SERVICE_NAME),
            me=wire.Me.model_validate({"id": me.id, "name": me.name, "roles": list(me.roles)}),
            features=FEATURES,
            reasons=reasons,
            limits=wire.Limits(page_size=wire.PAGE_SIZE, note_length=wire.NOTE_LENGTH),
        )
    )
