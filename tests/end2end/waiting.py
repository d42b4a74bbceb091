"""Waiting for a state with a deadline, which is how these tests spend all their time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

SECONDS = 40.0  # the longest for anything; a busy machine is slow
_PAUSE = 0.02  # seconds between two looks

State = TypeVar("State")


def wait_for(state: Callable[[], State], what: str, seconds: float = SECONDS) -> State:
    """The first value of `state` that counts as true; fails with `what` was awaited when none comes in time."""
    found = look_for(state, seconds)
    assert found, f"not within {seconds:g} s: {what}"
    return found


def look_for(state: Callable[[], State], seconds: float) -> State:
    """Like `wait_for`, but gives the last value when the time is over."""
    deadline = time.monotonic() + seconds
    clock = threading.Event()
    while not (found := state()) and time.monotonic() < deadline:
        clock.wait(_PAUSE)
    return found
