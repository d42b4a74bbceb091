"""The application: the native contract over one database."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from moderator_app.server import articles, comments, decisions, history, problems, service, wire
from moderator_app.server.body_limit import BodyLimit
from moderator_app.server.database import Database

BODY_MAX = 64 * 1024  # bytes; the largest decision of the contract has less than a tenth of it
CONTRACT_PREFIX = "/v1"


def make_app(database: Database) -> FastAPI:
    """The contract as an ASGI application; whoever made `database` closes it.

    The pages that FastAPI shows of the contract load scripts from elsewhere, so they are off; /openapi.json stays.
    """
    app = FastAPI(
        title="moderator_app native contract",
        version=wire.CONTRACT,
        summary="Read every reader comment before it is published. No call can change a text.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.database = database
    app.add_middleware(BodyLimit, most=BODY_MAX)
    problems.install(app)
    contract = APIRouter(prefix=CONTRACT_PREFIX)
    for room in (service, comments, articles, decisions, history):
        contract.include_router(room.router)
    app.include_router(contract)
    return app
