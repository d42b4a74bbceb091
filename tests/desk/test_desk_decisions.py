"""Deciding and taking back at a desk, and what follows from the server's answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator_app.desk.courier import News, Report
from moderator_app.desk.desk import UNDO_STEPS
from moderator_app.errors import Gone, StorageFull
from moderator_app.model import Action, Decision, Reason
from moderator_app.store.outbox import Outbox, State
from tests import doubles
from tests.desk.place import Place
from tests.doubles import ROJIN, SITE, FakeBackend, make_comment, make_decision, make_service


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    """A desk that has read the queue."""
    place = Place(tmp_path)
    place.desk.refresh()
    yield place
    place.desk.close()


def test_decision_names_exactly_what_was_shown(at: Place) -> None:
    """A decision carries the version and hash of the text that was shown, and what the moderator said."""
    item = at.item("c2")
    made = at.desk.decide(item, Action.REJECT, reasons=[Reason.THREAT, Reason.OTHER], note="see above")
    assert (made.comment, made.article, made.action) == ("c2", "a1", Action.REJECT)
    assert (made.comment_version, made.text_sha256) == (1, item.comment.text_sha256)
    assert (made.reasons, made.note, made.reverses) == ((Reason.THREAT, Reason.OTHER), "see above", None)
    assert made.made_at.tzinfo is not None
    assert [row.decision for row in at.outbox.open()] == [made]
    assert at.shown() == ["c1", "c3", "c4", "c5"]
    assert at.desk.waiting() == 1


def test_note_with_half_a_character_is_kept(at: Place) -> None:
    """Half of a character in a note, which a keyboard can send, costs that half and not the decision."""
    made = at.desk.decide(at.item(), Action.REJECT, reasons=[Reason.OTHER], note="a\ud800b \ud83d\ude00")
    assert made.note == "a\ufffdb 😀"
    assert at.outbox.open()[0].decision == made


class FullDisk(Outbox):
    """An outbox without room."""

    is_full = True

    def add(self, decision: Decision) -> None:
        """Fail while it's full."""
        if self.is_full:
            raise StorageFull
        super().add(decision)


def test_decision_that_cannot_be_saved_changes_nothing(at: Place) -> None:
    """On a full disk the decision is not made: the comment stays, nothing waits, nothing can be undone."""
    at.desk.close()
    at.open()
    full = FullDisk(at.folder / "outbox.db", SITE)
    at.desk._outbox = full
    at.desk.refresh()
    with pytest.raises(StorageFull):
        at.desk.decide(at.item(), Action.APPROVE)
    assert at.shown() == ["c1", "c2", "c3", "c4", "c5"]
    assert (at.desk.waiting(), at.desk.can_undo) == (0, False)
    full.close()


def test_decision_is_sent_after_its_undo_time(at: Place) -> None:
    """Nothing is sent before the undo time is over; then the server has it, and listeners hear."""
    at.desk.decide(at.item(), Action.APPROVE)
    at.clock.advance(at.desk.undo_seconds - 0.1)
    at.desk.courier.step(at.clock.now)
    assert at.server.log == []
    at.send()
    assert [report.news for report in at.heard] == [News.SETTLED]
    assert at.desk.waiting() == 0


# Taking back


def test_undo_before_sending_leaves_no_trace(at: Place) -> None:
    """Within the undo time a decision is withdrawn: the comment is back, and the server never hears of it."""
    made = at.desk.decide(at.item(), Action.APPROVE)
    undone = at.desk.undo()
    assert undone is not None
    assert (undone.decision, undone.was_sent, undone.item.id) == (made, False, "c1")
    assert at.shown()[0] == "c1"
    assert at.desk.waiting() == 0
    at.send()
    assert at.server.log == []


def test_undo_after_sending_reopens(at: Place) -> None:
    """After the undo time a decision of its own reopens the comment, and the next one is taken at its new version."""
    made = at.desk.decide(at.item(), Action.APPROVE)
    at.send()
    undone = at.desk.undo()
    assert undone is not None
    assert undone.was_sent
    assert at.shown()[0] == "c1"
    (reopen,) = [row.decision for row in at.outbox.open()]
    assert (reopen.action, reopen.reverses, reopen.comment_version) == (Action.REOPEN, made.id, 2)
    at.desk.courier.step(at.clock.now)  # a reopening isn't held: there is nothing to take back
    assert at.desk.waiting() == 0
    at.desk.refresh()
    at.desk.decide(at.item(), Action.REJECT, reasons=[Reason.THREAT])
    at.send()
    actions = [entry.decision.action for entry in at.server.log]
    assert actions == [Action.APPROVE, Action.REOPEN, Action.REJECT]
    assert [report.news for report in at.heard] == [News.SETTLED] * 3


def test_reopened_comment_stays_while_the_server_is_behind(at: Place) -> None:
    """A refresh before the server has reopened the comment neither takes it away nor ages it."""
    at.desk.decide(at.item(), Action.APPROVE)
    at.send()
    at.desk.undo()
    at.desk.refresh()
    assert at.item().comment.version == 3
    at.desk.decide(at.item(), Action.APPROVE)
    at.send()
    assert at.server.comments["c1"].version == 4
    at.desk.refresh()
    assert "c1" not in at.shown()


def test_undo_goes_back_step_by_step(at: Place) -> None:
    """Several decisions are taken back newest first, until there is none."""
    for comment in ("c1", "c2", "c3"):
        at.desk.decide(at.item(comment), Action.APPROVE)
    undone = [at.desk.undo() for _ in range(4)]
    assert [step.item.id if step else None for step in undone] == ["c3", "c2", "c1", None]
    assert not at.desk.can_undo
    assert len(at.shown()) == 5


def test_undo_steps_are_bounded(at: Place) -> None:
    """Only so many steps are kept; the oldest fall away."""
    at.server.add(*(make_comment(f"d{number}", minutes=number) for number in range(UNDO_STEPS + 5)))
    at.desk.refresh()
    for item in at.desk.snapshot().items:
        at.desk.decide(item, Action.APPROVE)
    steps = 0
    while at.desk.undo() is not None:
        steps += 1
    assert steps == UNDO_STEPS


def test_undo_that_cannot_be_saved_can_be_tried_again(at: Place) -> None:
    """When the reopening can't be written down nothing changed, and the same undo works later."""
    at.desk.decide(at.item(), Action.APPROVE)
    at.send()
    full = FullDisk(at.folder / "outbox.db", SITE)
    at.desk._outbox = full
    with pytest.raises(StorageFull):
        at.desk.undo()
    assert "c1" not in at.shown()
    assert at.desk.can_undo
    full.is_full = False
    undone = at.desk.undo()
    assert undone is not None
    assert undone.was_sent
    assert at.shown()[0] == "c1"
    full.close()


# What the server says


def test_colleague_who_was_first_wins(at: Place) -> None:
    """When somebody else was first the comment stays away, the undo step goes, and it's listed as not applied."""
    mine = at.desk.decide(at.item(), Action.APPROVE)
    at.server.decide(ROJIN, make_decision(at.server.comments["c1"], action=Action.REJECT))
    at.send()
    assert [report.news for report in at.heard] == [News.OVERTAKEN]
    assert at.shown() == ["c2", "c3", "c4", "c5"]
    assert not at.desk.can_undo
    assert [row.decision for row in at.desk.parked()] == [mine]
    at.desk.put_away(mine.id)
    assert at.desk.parked() == ()


def test_changed_text_is_to_be_read_again(at: Place) -> None:
    """When the text changed meanwhile the decision isn't applied, and the comment comes back as it is now."""
    at.desk.decide(at.item(), Action.APPROVE)
    at.server.add(make_comment("c1", text="something else", version=2, minutes=1))
    at.send()
    at.desk.refresh()
    assert at.item().comment.text == "something else"
    assert at.desk.parked()[0].state is State.OVERTAKEN


def test_refused_decision_brings_the_comment_back(at: Place) -> None:
    """What the server refuses is to be decided again."""
    at.desk.decide(at.item(), Action.APPROVE)
    at.backend.faults["decide"].append(doubles.UNPROCESSABLE)
    at.send()
    assert at.shown()[0] == "c1"
    assert at.desk.parked()[0].state is State.REFUSED


def test_undo_of_a_decision_that_was_overtaken_meanwhile_ends_well(at: Place) -> None:
    """An undo that comes while a decision is overtaken leads to a refusal that's told, not to a false queue."""
    at.desk.decide(at.item(), Action.APPROVE)
    at.server.decide(ROJIN, make_decision(at.server.comments["c1"], action=Action.REJECT))
    at.outbox.begin(at.outbox.open()[0].decision.id)
    assert at.desk.undo() is not None
    at.send()
    at.desk.refresh()
    assert "c1" not in at.shown()
    assert [row.state for row in at.desk.parked()] == [State.OVERTAKEN, State.OVERTAKEN]
    assert len(at.server.log) == 1


def test_decisions_of_before_are_sent_at_the_next_start(at: Place) -> None:
    """What waits when the desk is left is hidden and sent after the next start, without an undo time."""
    made = at.desk.decide(at.item(), Action.APPROVE)
    at.restart()
    at.desk.refresh()
    assert "c1" not in at.shown()
    at.desk.courier.step(at.clock.now)
    assert [entry.decision for entry in at.server.log] == [made]


def test_new_sign_in_goes_on(at: Place) -> None:
    """After a 401 a new sign-in sends what waits, over the new backend; the old one is closed."""
    at.desk.decide(at.item(), Action.APPROVE)
    at.backend.faults["decide"].append(doubles.UNAUTHORIZED)
    at.send()
    assert at.desk.courier.is_paused
    again = FakeBackend(at.server)
    at.desk.resume(again, make_service())
    at.send()
    assert at.backend.is_closed
    assert len(again.sent()) == 1
    assert at.desk.waiting() == 0


def test_forgetting_keeps_what_waits(at: Place) -> None:
    """Signing out forgets comments and keeps the decisions that wait."""
    at.desk.decide(at.item("c2"), Action.APPROVE)
    at.desk.forget()
    assert at.store.recall() == ()
    assert (at.desk.waiting(), at.desk.waiting_for_others()) == (1, 0)


def test_undo_and_reports_from_another_thread_do_not_meet(at: Place) -> None:
    """Undo steps that go because of reports on the courier's thread never take another's place or raise."""
    at.server.add(*(make_comment(f"d{number}", minutes=number) for number in range(80)))
    at.desk.refresh()
    made = [at.desk.decide(item, Action.APPROVE) for item in at.desk.snapshot().items]

    def tell() -> None:
        for decision in made[::2]:
            at.desk._heard(Report(News.OVERTAKEN, decision, Gone()))

    thread = threading.Thread(target=tell)
    thread.start()
    undone = set()
    while (step := at.desk.undo()) is not None:
        undone.add(step.decision.id)
    thread.join()
    assert undone >= {decision.id for decision in made[1::2]}
    assert not at.desk.can_undo
