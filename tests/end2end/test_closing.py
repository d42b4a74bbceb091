"""Closing the window while decisions wait, and starting the program twice."""

from __future__ import annotations

from collections.abc import Callable

from tests.end2end.screen import Key
from tests.end2end.seat import LONG_UNDO, Seat
from tests.end2end.site import check_once_each, log_of
from tests.end2end.waiting import wait_for
from tests.server.running import RunningServer

_QUESTION = "^Close\\?"


def test_closing_asks_while_decisions_wait(seat: Seat, server: RunningServer) -> None:
    """With the server down, closing asks first; "Stay" stays, "Close" closes, and the next start sends."""
    seat.sign_in(server)
    seat.decide(Key.A)
    server.kill()
    seat.program.quit()
    seat.program.wait_for_window(_QUESTION)
    seat.screen.tap(Key.RETURN)  # what Return does by itself is to stay
    wait_for(lambda: not seat.program.has_window(_QUESTION), "the question's end")
    seat.program.wait_for_desk()
    seat.decide(Key.R, Key.ONE)
    seat.program.quit()
    seat.program.wait_for_window(_QUESTION)
    seat.screen.tap(Key.TAB, Key.SPACE)
    assert seat.program.wait_for_end() == 0
    assert len(seat.waiting) == 2
    server.start()
    seat.sign_in(server)
    seat.wait_until_sent(2)
    check_once_each(server, seat.rows)


def test_closing_sends_what_is_held_for_undo(seat: Seat, server: RunningServer) -> None:
    """With the server up, closing within the undo time sends the decision and asks nothing."""
    seat.sign_in(server)
    seat.decide(Key.A)
    assert not log_of(server)
    seat.program.quit()
    assert seat.program.wait_for_end() == 0
    assert not seat.waiting
    check_once_each(server, seat.rows)


def test_second_start_leaves_the_first_alone(seat: Seat, server: RunningServer) -> None:
    """A second start with the same folder ends by itself with 0, and the first goes on."""
    seat.sign_in(server)
    first = seat.program
    assert seat.start().wait_for_end() == 0
    assert first.is_running
    assert first.wait_for_desk()
    assert seat.decide(Key.A).comment == "c0"


def test_two_folders_run_side_by_side(make_seat: Callable[[float], Seat], server: RunningServer) -> None:
    """With a folder of its own a second program runs beside the first."""
    one, other = make_seat(LONG_UNDO), make_seat(LONG_UNDO)
    one.sign_in(server)
    other.sign_in(server)
    other.decide(Key.A)
    assert one.program.is_running
    assert one.program.has_window("— moderator_app$")
    assert not one.rows


def test_killed_program_leaves_no_lock(seat: Seat, server: RunningServer) -> None:
    """After a kill the same folder can be used again at once."""
    seat.sign_in(server)
    seat.program.kill()
    seat.sign_in(server)
    assert seat.decide(Key.A).comment == "c0"
