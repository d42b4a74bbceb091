"""A key decides once for each press, however long it is held."""

from __future__ import annotations

from tests.end2end.screen import Key
from tests.end2end.seat import Seat
from tests.server.running import RunningServer

_HELD = 1.2  # seconds; the screen repeats a key after two thirds of one


def test_held_key_decides_once(seat: Seat, server: RunningServer) -> None:
    """A held for 1.2 s approves one comment; five presses after it approve five more."""
    seat.sign_in(server)
    seat.decide(Key.A)
    seat.look_at_comment()
    seat.screen.hold(Key.A, _HELD)
    for _ in range(5):
        seat.decide(Key.A)
    assert [row.comment for row in seat.rows] == [f"c{number}" for number in range(1 + 1 + 5)]


def test_held_key_goes_on_moving(seat: Seat, server: RunningServer) -> None:
    """J held for 1.2 s passes several comments, so the screen does repeat keys and moving is not held back."""
    seat.sign_in(server)
    assert seat.decide(Key.A).comment == "c0"
    seat.screen.hold(Key.J, _HELD)
    assert int(seat.decide(Key.A).comment.removeprefix("c")) > 3
