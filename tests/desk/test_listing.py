"""Tests of how the server's list comes into the queue when it is long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator_app.desk.listing import SHORT_LIST, WHOLE_SECONDS
from moderator_app.model import Action
from tests.desk.place import Place
from tests.doubles import ROJIN, make_comment, make_decision

LONG = 2 * (SHORT_LIST + 2)  # comments; a page of the place holds two


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    """A desk before a list of more pages than are read whole each time."""
    place = Place(tmp_path)
    place.server.add(*(make_comment(f"d{n:02}", minutes=100 + n) for n in range(LONG)))
    place.desk.refresh()
    yield place
    place.desk.close()


def pages_read(at: Place) -> int:
    """How many pages were asked for since the last time."""
    count = sum(name == "comments" for name, _about in at.backend.calls)
    at.backend.calls.clear()
    return count


def test_only_the_end_of_a_long_list_is_read_again(at: Place) -> None:
    """A new comment at the end of a long list comes in with a page or two, not with all of them."""
    pages_read(at)
    at.server.add(make_comment("new", minutes=999))
    assert at.desk.refresh()
    assert "new" in at.shown()
    assert pages_read(at) <= 2


def test_nothing_new_at_the_end_changes_nothing(at: Place) -> None:
    """When the server's number moved but nothing came in, nothing is arranged anew."""
    at.server.seq += 1
    assert not at.desk.refresh()
    assert not at.desk.refresh()


def test_what_others_decided_is_seen_with_the_next_whole_list(at: Place) -> None:
    """A long list is read whole after a while, also when its number has not moved again since its end was read."""
    comment = at.item("d03").comment
    at.server.decide(ROJIN, make_decision(comment, action=Action.APPROVE))
    at.server.seq += 1
    at.desk.refresh()
    assert "d03" in at.shown()
    at.clock.advance(WHOLE_SECONDS)
    assert at.desk.refresh()
    assert "d03" not in at.shown()
    assert not at.desk.refresh()


def test_a_conflict_has_the_whole_list_read_at_once(at: Place) -> None:
    """A decision that came too late shows that the list is wrong, so it is read whole without waiting."""
    comment = at.item("d03").comment
    at.server.decide(ROJIN, make_decision(comment, action=Action.APPROVE))
    at.desk.decide(at.item("d03"), Action.APPROVE)
    at.send()
    pages_read(at)
    assert at.desk.refresh()
    assert pages_read(at) > SHORT_LIST
