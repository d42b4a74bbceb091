"""From a key to a decision on disk and the next comment on the screen, with a real desk and outbox."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from moderator_app.gui.decision_bar import REASONS
from moderator_app.gui.state_page import StatePage
from moderator_app.model import Action, Reason, Status
from tests.doubles import ROJIN, make_comment, make_decision
from tests.gui.bench import OpenDesk, visible_words
from tests.gui.conftest import MakeDesk

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def row(at: OpenDesk) -> tuple[tuple[Reason, ...], str]:
    """Reasons and note of the newest decision on disk."""
    decision = at.outbox.open()[-1].decision
    return decision.reasons, decision.note


def rival(at: OpenDesk, comment_id: str) -> None:
    """Somebody else decides a comment at the server."""
    at.server.decide(ROJIN, make_decision(at.server.comments[comment_id]))


def test_approve_goes_on(open_desk: MakeDesk) -> None:
    """A approves the comment on the screen and brings the next one."""
    at = open_desk()
    at.press(Key.Key_A)
    assert (at.decided(), at.current(), at.rows()) == ([("c1", "approve")], "c2", ["c2", "c3"])
    assert "Approved" in at.undo_words()


@pytest.mark.parametrize("stays", [False, True])
def test_on_disk_before_the_next_comment_shows(open_desk: MakeDesk, stays: bool) -> None:
    """When another comment is picked, the decision about the one before is already committed."""
    at = open_desk()
    seen: list[list[tuple[str, str]]] = []
    at.bench.queue.view.picked.connect(lambda _item: seen.append(at.decided()))
    if stays:
        at.press(Key.Key_A, SHIFT)
        at.press(Key.Key_J)
    else:
        at.press(Key.Key_A)
    assert seen == [[("c1", "approve")]]


def test_the_decision_names_the_text_on_the_screen(open_desk: MakeDesk) -> None:
    """A decision carries the version and the hash of the comment that was shown."""
    at = open_desk()
    item = at.pane.item
    assert item is not None
    at.press(Key.Key_A)
    decision = at.outbox.open()[0].decision
    assert (decision.comment_version, decision.text_sha256) == (item.comment.version, item.comment.text_sha256)
    assert at.server.comments["c1"].text == "Comment number 1."


@pytest.mark.parametrize("number", range(1, 9))
def test_reject_with_one_reason(open_desk: MakeDesk, number: int) -> None:
    """R and a digit reject with the reason in that place."""
    at = open_desk()
    at.press(Key.Key_R)
    assert at.decided() == []
    at.press(Key(Key.Key_0 + number))
    assert (at.decided(), row(at)) == ([("c1", "reject")], ((REASONS[number - 1],), ""))
    assert at.current() == "c2"
    assert not at.bench.deciding.is_asking


def test_gather_reasons(open_desk: MakeDesk) -> None:
    """Shift and digits gather and let go of reasons; Enter sends those that are left."""
    at = open_desk()
    at.press(Key.Key_R)
    for number in (1, 3, 8, 3):
        at.window.actions_[f"gather_{number}"].trigger()
    assert at.decided() == []
    assert "2 gathered" in visible_words(at.bench)
    at.press(Key.Key_Return)
    assert row(at) == ((Reason.PROFANITY, Reason.OFF_TOPIC), "")


def test_shift_digit_is_the_gathering_key(open_desk: MakeDesk) -> None:
    """The key Shift+2 gathers the second reason."""
    at = open_desk()
    at.press(Key.Key_R)
    at.press(Key.Key_2, SHIFT)
    at.press(Key.Key_4)
    assert row(at)[0] == (REASONS[1], REASONS[3])


def test_enter_without_a_reason_says_what_is_missing(open_desk: MakeDesk) -> None:
    """Enter alone rejects nothing and says what to do."""
    at = open_desk()
    at.press(Key.Key_R)
    at.press(Key.Key_Return)
    assert at.decided() == []
    assert "Choose a reason" in visible_words(at.bench)


def test_other_needs_a_note(open_desk: MakeDesk) -> None:
    """ "Other" waits for a note, and the note goes with the decision."""
    at = open_desk()
    at.press(Key.Key_R)
    at.press(Key.Key_9)
    note = QApplication.focusWidget()
    assert isinstance(note, QLineEdit)
    assert at.decided() == []
    at.press(Key.Key_Return)
    note.setText("  names a child  ")
    at.press(Key.Key_Return)
    assert row(at) == ((Reason.OTHER,), "names a child")


def test_escape_asks_no_longer(open_desk: MakeDesk) -> None:
    """Escape leaves the reasons, from the queue and from the note, and nothing was decided."""
    at = open_desk()
    for keys in ((Key.Key_R,), (Key.Key_R, Key.Key_9)):
        for key in keys:
            at.press(key)
        assert at.bench.deciding.is_asking
        at.press(Key.Key_Escape)
        assert not at.bench.deciding.is_asking
    at.press(Key.Key_2)
    assert at.decided() == []


def test_reasons_begin_anew_for_each_comment(open_desk: MakeDesk) -> None:
    """What was gathered and written about one comment is not sent with the next."""
    at = open_desk()
    at.press(Key.Key_R)
    at.window.actions_["gather_1"].trigger()
    at.press(Key.Key_J)
    assert not at.bench.deciding.is_asking
    at.press(Key.Key_R)
    at.press(Key.Key_2)
    assert at.decided() == [("c2", "reject")]
    assert row(at)[0] == (REASONS[1],)


def test_skip_comes_round(open_desk: MakeDesk) -> None:
    """S goes on without deciding; after the last comment the first comes again."""
    at = open_desk()
    seen = [at.current()]
    for _ in range(3):
        at.press(Key.Key_S)
        seen.append(at.current())
    assert (seen, at.decided()) == (["c1", "c2", "c3", "c1"], [])


def test_undo_before_it_is_sent(open_desk: MakeDesk) -> None:
    """U within the undo time takes the decision off the disk and brings the comment back; nothing is sent."""
    at = open_desk()
    at.press(Key.Key_A)
    at.press(Key.Key_U)
    assert (at.decided(), at.current(), at.backend.sent()) == ([], "c1", [])
    assert "not sent" in at.undo_words()
    at.press(Key.Key_A)
    assert at.decided() == [("c1", "approve")]


def test_undo_after_it_was_sent(open_desk: MakeDesk) -> None:
    """U after the undo time reverses the decision by one of its own, and the comment can be decided anew."""
    at = open_desk(undo_seconds=0.0)
    at.press(Key.Key_A)
    at.wait_for(lambda: at.server.comments["c1"].status is Status.APPROVED and at.desk.waiting() == 0)
    at.press(Key.Key_Z, CTRL)
    assert at.current() == "c1"
    assert "had been sent" in at.undo_words()
    at.wait_for(lambda: at.server.comments["c1"].status is Status.PENDING and at.desk.waiting() == 0)
    at.press(Key.Key_R)
    at.press(Key.Key_1)
    at.wait_for(lambda: at.server.comments["c1"].status is Status.REJECTED)


def test_undo_of_nothing_is_not_offered(open_desk: MakeDesk) -> None:
    """Undo can be chosen only while there is a decision to take back; told all the same, it says that there is none."""
    at = open_desk()
    undo = at.window.actions_["undo"]
    assert not undo.isEnabled()
    at.bench.deciding.undo()
    assert "nothing to undo" in at.undo_words()
    at.press(Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    assert undo.isEnabled()
    at.press(Key.Key_U)
    assert not undo.isEnabled()


def test_stay_leaves_the_comment(open_desk: MakeDesk) -> None:
    """Shift+A decides and leaves the comment on the screen with its verdict; a second key decides nothing."""
    at = open_desk()
    at.press(Key.Key_A, SHIFT)
    assert (at.decided(), at.current()) == ([("c1", "approve")], "c1")
    assert "Approved. J goes on" in visible_words(at.pane)
    at.press(Key.Key_A)
    at.press(Key.Key_R)
    assert at.decided() == [("c1", "approve")]
    at.press(Key.Key_J)
    at.wait_for(lambda: at.rows() == ["c2", "c3"])
    assert at.current() == "c2"


def test_reject_and_stay(open_desk: MakeDesk) -> None:
    """Shift+R asks for the reason and then stays."""
    at = open_desk()
    at.press(Key.Key_R, SHIFT)
    at.press(Key.Key_2)
    assert (at.decided(), at.current()) == ([("c1", "reject")], "c1")


@pytest.mark.parametrize("undo_seconds", [60.0, 0.0])
def test_undo_after_staying(open_desk: MakeDesk, undo_seconds: float) -> None:
    """A decision that stayed can be taken back, before and after it was sent, and the comment decided anew."""
    at = open_desk(undo_seconds=undo_seconds)
    at.press(Key.Key_A, SHIFT)
    if not undo_seconds:
        at.wait_for(lambda: at.desk.waiting() == 0)
    at.press(Key.Key_U)
    assert at.current() == "c1"
    assert "Approved. J goes on" not in visible_words(at.pane)
    at.wait_for(lambda: undo_seconds > 0 or at.server.comments["c1"].status is Status.PENDING)
    at.press(Key.Key_R)
    at.press(Key.Key_1)
    assert at.decided()[-1] == ("c1", "reject")
    at.desk.courier.release()
    at.wait_for(lambda: at.server.comments["c1"].status is Status.REJECTED)
    assert at.notices() == []


def test_a_full_disk_keeps_the_comment(open_desk: MakeDesk) -> None:
    """When the disk is full, a notice says so, nothing is decided, and the comment stays; later it works."""
    at = open_desk()
    at.outbox.is_full = True
    at.press(Key.Key_A)
    assert (at.decided(), at.current()) == ([], "c1")
    assert any("disk is full" in words for words in at.notices())
    at.press(Key.Key_R)
    at.press(Key.Key_1)
    assert (at.decided(), at.current()) == ([], "c1")
    at.outbox.is_full = False
    at.press(Key.Key_A)
    assert (at.decided(), at.notices()) == ([("c1", "approve")], [])


def test_a_full_disk_keeps_the_decision(open_desk: MakeDesk) -> None:
    """When taking back cannot be written down, the decision stands and a notice says so."""
    at = open_desk()
    at.press(Key.Key_A)
    at.outbox.is_full = True
    at.press(Key.Key_U)
    assert (at.decided(), at.current()) == ([("c1", "approve")], "c2")
    assert any("disk is full" in words for words in at.notices())


def test_a_conflict_names_who_was_first(open_desk: MakeDesk) -> None:
    """When somebody else was first, a notice says who, and goes when it is put away."""
    at = open_desk(undo_seconds=0.0)
    rival(at, "c1")
    at.press(Key.Key_A)
    at.wait_for(lambda: at.notices() != [])
    (words,) = at.notices()
    assert ROJIN.name in words
    assert "approved" in words
    assert at.server.effects.total() == 1
    at.bench.notices._button.click()
    assert (at.notices(), at.desk.parked()) == ([], ())


def test_keys_still_work_when_the_queue_is_clear(open_desk: MakeDesk) -> None:
    """With the last comment gone the keys don't fall to a field: U brings it back, and A decides it again."""
    at = open_desk([make_comment("c1")])
    at.press(Key.Key_A)
    assert at.rows() == []
    assert isinstance(QApplication.focusWidget(), StatePage)
    at.press(Key.Key_U)
    assert at.rows() == ["c1"]
    at.press(Key.Key_A)
    assert at.decided() == [("c1", "approve")]


def test_keys_work_in_a_queue_that_began_empty(open_desk: MakeDesk) -> None:
    """The first comment that comes in can be decided by a key at once."""
    at = open_desk([])
    at.wait_for(lambda: at.queue_state()[0] == "The queue is clear")
    assert isinstance(QApplication.focusWidget(), StatePage)
    at.server.add(make_comment("c1"))
    at.refresh()
    at.press(Key.Key_A)
    assert at.decided() == [("c1", "approve")]


def test_the_last_comment_clears_the_queue(open_desk: MakeDesk) -> None:
    """After the last decision the queue says that it is clear, and no key decides anything more."""
    at = open_desk([make_comment()])
    at.press(Key.Key_A)
    assert at.queue_state()[0] == "The queue is clear"
    assert at.current() == ""
    at.press(Key.Key_A)
    assert at.decided() == [("c1", "approve")]
    assert not at.window.actions_["approve"].isEnabled()
    at.press(Key.Key_U)
    assert (at.rows(), at.current()) == (["c1"], "c1")


def test_another_article_is_announced(open_desk: MakeDesk) -> None:
    """When the next comment is about another article, that is said; within one article it is not."""
    at = open_desk(
        [make_comment("c1"), make_comment("c2", minutes=1, article="a2"), make_comment("c3", minutes=2, article="a2")]
    )
    assert "Another article" not in visible_words(at.pane)
    at.press(Key.Key_A)
    assert "Another article: \u2068a2\u2069" in visible_words(at.pane)
    at.press(Key.Key_A)
    assert "Another article" not in visible_words(at.pane)


def test_a_comment_decided_elsewhere_stays_while_it_is_read(open_desk: MakeDesk) -> None:
    """What is read stays on the screen although somebody decided it; deciding it then tells who won."""
    at = open_desk(undo_seconds=0.0)
    rival(at, "c1")
    at.server.add(make_comment("c9", minutes=9))
    at.refresh()
    assert (at.current(), at.rows()) == ("c1", ["c1", "c2", "c3", "c9"])
    at.press(Key.Key_R)
    at.press(Key.Key_1)
    at.wait_for(lambda: at.notices() != [])
    assert ROJIN.name in at.notices()[0]
    assert at.server.comments["c1"].status is Status.APPROVED


def test_the_bar_counts_the_undo_time(open_desk: MakeDesk) -> None:
    """The bar says how long the decision can still be taken back, and what U does after that."""
    at = open_desk()
    at.press(Key.Key_A)
    assert "sent in 60 s" in visible_words(at.bench.undo_bar)
    later = open_desk(undo_seconds=0.0)
    later.press(Key.Key_A)
    assert "U takes it back" in visible_words(later.bench.undo_bar)


def test_buttons_do_what_keys_do(open_desk: MakeDesk) -> None:
    """The buttons under the comment approve and reject like the keys."""
    from PySide6.QtWidgets import QPushButton

    at = open_desk()
    buttons = {each.accessibleName(): each for each in at.bench.findChildren(QPushButton) if each.accessibleName()}
    buttons["Approve"].click()
    buttons["Reject…"].click()
    buttons["Threat"].click()
    assert at.decided() == [("c1", "approve"), ("c2", "reject")]
    assert at.outbox.open()[-1].decision.action is Action.REJECT
