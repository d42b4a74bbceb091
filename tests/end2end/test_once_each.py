"""Decisions made by keys reach the server once each, whoever is killed in between."""

from __future__ import annotations

from collections.abc import Callable

from tests.end2end.conftest import COMMENTS
from tests.end2end.screen import Key
from tests.end2end.seat import Seat
from tests.end2end.site import check_hashes, check_once_each, log_of, texts_stored, texts_told
from tests.end2end.waiting import wait_for
from tests.server.running import RunningServer

_ALL, _BEFORE, _OFFLINE = 50, 20, 35  # decisions in all, until the server is killed, and until it is back
_WAYS = ((Key.A,), (Key.R, Key.ONE), (Key.A,), (Key.R, Key.EIGHT))


def _decide_up_to(seat: Seat, count: int) -> None:
    """Approve and reject until so many decisions have been made."""
    while (made := len(seat.rows)) < count:
        seat.decide(*_WAYS[made % len(_WAYS)])


def test_fifty_decisions_outlive_the_server(make_seat: Callable[[float], Seat], server: RunningServer) -> None:
    """Fifty comments are decided while the server dies and comes back: it has fifty decisions and the old texts."""
    seat = make_seat(0.3)
    told, stored = texts_told(server, COMMENTS), texts_stored(server)
    check_hashes(told)
    seat.sign_in(server)
    _decide_up_to(seat, _BEFORE)
    server.kill()
    _decide_up_to(seat, _OFFLINE)
    assert seat.waiting
    server.start()
    _decide_up_to(seat, _ALL)
    seat.wait_until_sent(_ALL)
    check_once_each(server, seat.rows)
    assert len(log_of(server)) == _ALL
    assert {row.action for row in seat.rows} == {"approve", "reject"}
    assert texts_told(server, COMMENTS) == told
    assert texts_stored(server) == stored


def test_decisions_outlive_the_program(make_seat: Callable[[float], Seat], server: RunningServer) -> None:
    """The program is killed while decisions wait for a server that is down; started again, it sends them once each."""
    seat = make_seat(0.0)
    seat.sign_in(server)
    _decide_up_to(seat, 3)
    seat.wait_until_sent(3)
    server.kill()
    _decide_up_to(seat, 9)
    seat.program.kill()
    assert len(seat.waiting) == 6
    server.start()
    seat.sign_in(server)
    seat.wait_until_sent(9)
    check_once_each(server, seat.rows)


def test_decision_outlives_a_kill_within_the_undo_time(seat: Seat, server: RunningServer) -> None:
    """The program is killed right after a key, before anything was sent: the next start sends the decision."""
    seat.sign_in(server)
    row = seat.decide(Key.A)
    seat.program.kill()
    assert not log_of(server)
    seat.sign_in(server)
    seat.wait_until_sent(1)
    assert seat.rows[0].id == row.id
    check_once_each(server, seat.rows)


def test_server_that_is_killed_before_the_window_opens(seat: Seat, server: RunningServer) -> None:
    """A start without a server waits for it, and then sends what was decided before."""
    seat.sign_in(server)
    seat.decide(Key.A)
    seat.program.kill()
    server.kill()
    seat.start("--server", server.url, "--user", "moderator", environment={"MODERATOR_APP_SECRET": server.token()})
    seat.program.wait_for_window()
    server.start()
    seat.program.wait_for_desk()
    seat.wait_until_sent(1)
    wait_for(lambda: len(log_of(server)) == 1, "the decision at the server")
    check_once_each(server, seat.rows)
