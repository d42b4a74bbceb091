"""Keys work by their place on Arabic, Kurdish, Turkish and Latin keyboards, and letters stay letters in a field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end2end.screen import Key, Screen
from tests.end2end.seat import Seat
from tests.end2end.waiting import wait_for
from tests.server.newsroom import comment, newsroom
from tests.server.running import RunningServer

_PENDING = 14  # comments
_SECOND_ROW = "200x40+20+224"  # where the queue shows nothing when one comment alone passes the filter


@dataclass(frozen=True, slots=True)
class Layout:
    """A keyboard: what its key in the place of A writes, and where its question mark is (with Shift)."""

    name: str
    variant: str
    letter: str
    question_mark: Key


_LAYOUTS = (
    Layout("us", "", "a", Key.SLASH),
    Layout("tr", "", "a", Key.MINUS),
    Layout("ara", "", "ش", Key.SLASH),
    Layout("iq", "ku_ara", "ا", Key.SLASH),
)


@pytest.fixture(params=_LAYOUTS, ids=lambda layout: f"{layout.name}{layout.variant and '-'}{layout.variant}")
def layout(request: pytest.FixtureRequest, screen: Screen) -> Iterator[Layout]:
    """Each layout in turn."""
    chosen: Layout = request.param
    screen.choose_layout(chosen.name, chosen.variant)
    yield chosen
    screen.choose_layout("us")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server whose last comment alone has three of each layout's letters in a row."""
    found = newsroom(comments=_PENDING)
    letters = " ".join(3 * layout.letter for layout in _LAYOUTS)
    found["comments"].append(comment(_PENDING, content=letters))
    with RunningServer(f"sqlite:///{tmp_path}/newsroom.sqlite", seed=found) as running:
        yield running


def test_keys_decide_and_move_by_their_place(seat: Seat, server: RunningServer, layout: Layout) -> None:
    """A approves, R and 1 reject, J moves on and U takes back."""
    seat.sign_in(server)
    assert seat.decide(Key.A).action == "approve"
    rejected = seat.decide(Key.R, Key.ONE)
    assert (rejected.action, rejected.reasons) == ("reject", ("profanity",))
    seat.press_until(lambda: len(seat.rows) == 1, Key.U)
    seat.screen.tap(Key.J)  # from c1, which has come back, to c2
    assert seat.decide(Key.A).comment == "c2"


def test_question_mark_shows_the_keys(seat: Seat, server: RunningServer, layout: Layout) -> None:
    """The question mark of the layout shows the sheet of keys, and Escape puts it away."""
    seat.sign_in(server)
    seat.screen.tap(layout.question_mark, held=(Key.SHIFT,))
    seat.program.wait_for_window("^Keys")
    seat.screen.tap(Key.ESCAPE)
    wait_for(lambda: not seat.program.has_window("^Keys"), "the end of the sheet")
    assert seat.program.wait_for_desk()


def test_letters_stay_letters_in_the_search_field(seat: Seat, server: RunningServer, layout: Layout) -> None:
    """After Ctrl+F the key of A writes its own letter and decides nothing; the search finds it."""
    window = seat.sign_in(server)
    seat.decide(Key.A)
    assert not _shows_one_row(seat, window)
    seat.screen.tap(Key.F, held=(Key.CONTROL,))
    seat.screen.tap(Key.A, Key.A, Key.A)
    wait_for(lambda: _shows_one_row(seat, window), "the search's result")
    assert len(seat.rows) == 1
    seat.screen.tap(Key.RETURN)  # back to the queue, which stays filtered
    assert seat.decide(Key.A).comment == f"c{_PENDING}"


def _shows_one_row(seat: Seat, window: str) -> bool:
    """Whether the place of the queue's second row is all of one colour."""
    pixels = seat.screen.pixels(window, _SECOND_ROW)
    return pixels == pixels[:3] * (len(pixels) // 3)
