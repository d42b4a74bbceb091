"""One screen for all of these tests, a server for each, and seats for moderators."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end2end.screen import Screen, missing_programs
from tests.end2end.seat import LONG_UNDO, Seat
from tests.server.newsroom import newsroom
from tests.server.running import RunningServer

COMMENTS = 60


def unavailable(reason: str) -> None:
    """Skip a test that this machine cannot run; where the tests have to be complete, fail."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """A screen with a window manager."""
    if missing := missing_programs():
        unavailable(f"not installed: {', '.join(missing)}")
    # Not below pytest's own folder: the path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="moderator-app-") as folder, Screen(Path(folder)) as shown:
        yield shown


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """The reference server with pending comments "c0", "c1", ..., the oldest first."""
    with RunningServer(f"sqlite:///{tmp_path}/newsroom.sqlite", seed=newsroom(comments=COMMENTS)) as running:
        yield running


@pytest.fixture
def make_seat(screen: Screen, tmp_path: Path) -> Iterator[Callable[[float], Seat]]:
    """Makes seats with an undo time of so many seconds."""
    seats: list[Seat] = []

    def make(undo_seconds: float) -> Seat:
        seats.append(Seat(screen, tmp_path / f"seat{len(seats)}", undo_seconds=undo_seconds))
        return seats[-1]

    yield make
    for seat in seats:
        seat.close()


@pytest.fixture
def seat(make_seat: Callable[[float], Seat]) -> Seat:
    """A seat from which nothing is sent before the test ends or lets it go."""
    return make_seat(LONG_UNDO)


@pytest.fixture
def prompt_seat(make_seat: Callable[[float], Seat]) -> Seat:
    """A seat without undo time: what is decided is sent at once."""
    return make_seat(0.0)
