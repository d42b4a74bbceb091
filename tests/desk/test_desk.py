"""What a moderator reads at a desk: the queue and the articles, with a network and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moderator_app.desk.desk import ARTICLE_SECONDS
from moderator_app.errors import BadAnswer, Gone, ServerTrouble, Unreachable
from moderator_app.model import Action, CommentPage, Unreadable
from tests import doubles
from tests.desk.place import Place
from tests.doubles import FakeBackend, make_article, make_comment


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    """A desk that has read the queue."""
    place = Place(tmp_path)
    place.desk.refresh()
    yield place
    place.desk.close()


def test_refresh_reads_every_page(at: Place) -> None:
    """The whole queue is read page by page, oldest first, and each comment is checked."""
    assert at.shown() == ["c1", "c2", "c3", "c4", "c5"]
    assert all(item.certain == 1 for item in at.desk.snapshot().items)
    assert at.desk.last_contact is not None


def test_refresh_asks_for_no_page_when_nothing_changed(at: Place) -> None:
    """As long as the server's number stays, the queue isn't read again; when it moves, it is."""
    at.backend.calls.clear()
    assert not at.desk.refresh()
    assert [name for name, _about in at.backend.calls] == ["sequence"]
    at.server.add(make_comment("c6", minutes=6))
    assert at.desk.refresh()
    assert at.shown()[-1] == "c6"


def test_first_pages_show_while_the_rest_is_read(tmp_path: Path) -> None:
    """The first page can be worked on before the last one is there."""
    place = Place(tmp_path)
    seen: list[int] = []
    place.desk.refresh(lambda: seen.append(place.desk.snapshot().pending))
    assert seen[0] == 2
    assert seen == sorted(seen)
    place.desk.close()


def test_trouble_half_way_keeps_what_there_is(at: Place) -> None:
    """When the server fails in the middle of a refresh the queue stays, and the next refresh reads it all."""
    at.server.add(make_comment("c6", minutes=6))
    at.backend.faults["comments"].extend([None, doubles.FAIL_BEFORE_APPLYING])
    with pytest.raises(ServerTrouble):
        at.desk.refresh()
    assert at.shown() == ["c1", "c2", "c3", "c4", "c5"]
    assert at.desk.refresh()
    assert at.shown()[-1] == "c6"


class Endless(FakeBackend):
    """A server whose list goes round in a circle."""

    def comments(self, *, cursor: str | None = None, limit: int | None = None) -> CommentPage:
        """A page whose next one is itself."""
        return replace(super().comments(limit=limit), next="again")


def test_endless_list_is_left(tmp_path: Path) -> None:
    """A server whose list never ends is left there, with a sentence that says so."""
    place = Place(tmp_path)
    place.desk.close()
    place.backend = Endless(place.server, page_size=2)
    place.open()
    with pytest.raises(BadAnswer, match="never ends"):
        place.desk.refresh()
    place.desk.close()


def test_unreadable_comments_are_counted(at: Place) -> None:
    """A comment that can't be read doesn't stop the others and isn't dropped in silence."""
    at.backend.unreadable = (Unreadable("c9", "its text is no text"),)
    at.server.seq += 1
    at.desk.refresh()
    assert at.desk.snapshot().unreadable == 1
    assert len(at.shown()) == 5


def test_last_queue_is_there_before_the_server_answers(at: Place) -> None:
    """After a restart without a network the queue is as it was last seen, without what was decided."""
    at.desk.decide(at.item("c2"), Action.APPROVE)
    at.restart()
    at.backend.faults["sequence"].append(doubles.REFUSE_CONNECTION)
    at.desk.recall()
    with pytest.raises(Unreachable):
        at.desk.refresh()
    assert at.shown() == ["c1", "c3", "c4", "c5"]


def test_what_the_server_has_settled_does_not_come_back_from_memory(at: Place) -> None:
    """A comment whose decision was accepted isn't in the queue that a start without a network shows."""
    at.desk.decide(at.item("c2"), Action.APPROVE)
    at.send()
    at.restart()
    at.desk.recall()
    assert at.shown() == ["c1", "c3", "c4", "c5"]


def test_store_that_cannot_be_written_stops_nobody(at: Place, caplog: pytest.LogCaptureFixture) -> None:
    """What was seen can be done without: a full disk there is logged, and the queue is shown."""
    connection = at.store._database.connection()
    connection.execute("PRAGMA max_page_count = 1")
    at.server.add(make_comment("c6", text="x" * 100_000, minutes=6))
    at.desk.refresh()
    assert "c6" in at.shown()
    assert "could not be remembered" in caplog.text


def test_article_is_asked_for_once_in_a_while(at: Place) -> None:
    """An article is kept for some minutes, then asked for again, for it may have been corrected."""
    assert at.desk.known_article("a1") is None
    assert at.desk.article("a1") == make_article()
    at.server.articles["a1"] = make_article(title="Corrected")
    assert at.desk.article("a1").title == "A title"
    at.clock.advance(ARTICLE_SECONDS)
    assert at.desk.article("a1").title == "Corrected"
    assert at.desk.known_article("a1") == make_article(title="Corrected")


def test_article_is_there_without_a_network(at: Place) -> None:
    """An article that was seen before can be read when the server is away; one that wasn't cannot."""
    at.desk.article("a1")
    at.restart()
    at.backend.faults["article"].extend([doubles.REFUSE_CONNECTION, doubles.REFUSE_CONNECTION])
    assert at.desk.article("a1") == make_article()
    with pytest.raises(Unreachable):
        at.desk.article("a2")
    with pytest.raises(Gone):
        at.desk.article("a3")


def test_comment_is_taken_from_the_queue_or_asked_for(at: Place) -> None:
    """The comment that another one answers comes from the queue, else from the server."""
    at.backend.calls.clear()
    assert at.desk.comment("c1").id == "c1"
    assert at.backend.calls == []
    at.server.add(make_comment("c9"))
    assert at.desk.comment("c9").id == "c9"
