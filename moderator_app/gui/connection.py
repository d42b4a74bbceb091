"""How the desk stands with its server, as the status line and the queue tell it."""

from __future__ import annotations

from enum import Enum, auto


class Connection(Enum):
    """How the desk stands with its server."""

    CONNECTING = auto()
    ONLINE = auto()
    OFFLINE = auto()
    SIGN_IN_NEEDED = auto()
