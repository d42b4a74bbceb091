"""A decision taken back: as if it had never been made, or reversed by another."""

from __future__ import annotations

from tests.end2end.screen import Key
from tests.end2end.seat import Seat
from tests.end2end.site import log_of, status_of
from tests.end2end.waiting import wait_for
from tests.server.running import RunningServer


def test_undo_before_it_is_sent(seat: Seat, server: RunningServer) -> None:
    """Within the undo time U leaves nothing to send, and the comment is on the screen again."""
    seat.sign_in(server)
    first = seat.decide(Key.A)
    seat.press_until(lambda: not seat.rows, Key.U)
    again = seat.decide(Key.R, Key.TWO)
    assert (again.comment, again.reasons) == (first.comment, ("threat",))
    seat.press_until(lambda: not seat.rows, Key.U)
    seat.program.quit()
    assert seat.program.wait_for_end() == 0
    assert not log_of(server)
    assert status_of(server, first.comment) == "pending"


def test_undo_after_it_was_sent(prompt_seat: Seat, server: RunningServer) -> None:
    """After the undo time U sends a decision that reverses, and the comment can be decided anew."""
    seat = prompt_seat
    seat.sign_in(server)
    first = seat.decide(Key.A)
    seat.wait_until_sent(1)
    assert status_of(server, first.comment) == "approved"
    seat.press_until(lambda: len(seat.rows) == 2, Key.U)
    seat.wait_until_sent(2)
    assert [(entry.action, entry.reverses) for entry in log_of(server)] == [("approve", None), ("reopen", first.id)]
    assert status_of(server, first.comment) == "pending"
    again = seat.decide(Key.R, Key.ONE)
    assert again.comment == first.comment
    seat.wait_until_sent(3)
    wait_for(lambda: status_of(server, first.comment) == "rejected", "the new decision")
