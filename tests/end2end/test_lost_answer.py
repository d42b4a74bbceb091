"""A decision that the server applied although its answer never came."""

from __future__ import annotations

from tests.end2end.proxy import CutWire
from tests.end2end.screen import Key
from tests.end2end.seat import Seat
from tests.end2end.site import check_once_each
from tests.server.running import RunningServer


def test_lost_answer_doubles_nothing(prompt_seat: Seat, server: RunningServer) -> None:
    """The answer to the first decision is lost: it stands once, and the next ones go through."""
    seat = prompt_seat
    with CutWire(server.port) as wire:
        seat.sign_in(server, url=wire.url)
        for _ in range(3):
            seat.decide(Key.A)
        seat.wait_until_sent(3)
        assert wire.was_cut
        check_once_each(server, seat.rows)
        assert {row.state for row in seat.rows} == {"settled"}
        seat.program.stop()
