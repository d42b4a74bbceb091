"""The desk on the screen: what it says in each state, what refreshing leaves alone, and how it looks."""

from __future__ import annotations

import threading
from collections import deque

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from moderator_app.errors import SignInNeeded, Unreachable
from moderator_app.gui.connection import Connection
from moderator_app.gui.state_page import StatePage
from moderator_app.gui.theme import DARK, LIGHT
from moderator_app.model import Action
from moderator_app.settings import TEXT_SIZES, SettingsFile
from tests.doubles import BUG, REFUSE_CONNECTION, UNAUTHORIZED, FakeBackend, WordChecker, make_comment, make_service
from tests.gui.bench import OpenDesk, state_of, visible_words
from tests.gui.conftest import MakeDesk

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class Gate:
    """Keeps a server from answering until it is opened."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def close_on(self, backend: FakeBackend) -> None:
        """Let the next question wait."""
        backend.faults["sequence"].append(None)
        ask = backend.sequence

        def waiting() -> int | None:
            self._open.wait(10)
            return ask()

        backend.sequence = waiting  # type: ignore[method-assign]

    def open(self) -> None:
        """Answer."""
        self._open.set()


def press_state_button(at: OpenDesk) -> None:
    """The button of what stands in the place of the queue."""
    page = at.bench.queue.findChild(StatePage)
    assert isinstance(page, StatePage)
    button = page.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    button.click()


def choose(at: OpenDesk, words: str) -> None:
    """A line of the menus."""
    next(each for each in at.window.findChildren(QAction) if each.text() == words).trigger()


def offline(backend: FakeBackend) -> None:
    """The server cannot be reached for a while."""
    backend.faults["sequence"] = deque([REFUSE_CONNECTION])


def signed_out(backend: FakeBackend) -> None:
    """The server does not know the secret any more."""
    backend.faults["sequence"] = deque([UNAUTHORIZED])


def test_first_load_says_so(open_desk: MakeDesk) -> None:
    """Until the server has answered, queue and comment say that they are being loaded."""
    gate = Gate()
    at = open_desk(prepare=gate.close_on, is_loaded=False)
    try:
        assert at.queue_state()[0] == "Loading the queue…"
        assert state_of(at.pane)[0] == "Loading the queue…"
        assert not at.window.actions_["approve"].isEnabled()
    finally:
        gate.open()
    at.wait_for(lambda: at.current() == "c1")


def test_an_empty_queue_says_so(open_desk: MakeDesk) -> None:
    """With nothing to decide the queue is clear, and can be looked at again now."""
    at = open_desk([])
    at.wait_for(lambda: at.queue_state()[0] == "The queue is clear")
    assert at.queue_state()[2] == "Look now"
    at.server.add(make_comment())
    press_state_button(at)
    at.wait_for(lambda: at.current() == "c1")


def test_a_filter_that_nothing_passes_says_so(open_desk: MakeDesk) -> None:
    """When nothing passes the filter, one button shows everything again."""
    at = open_desk()
    at.bench.queue._search.setText("no such words")
    at.wait_for(lambda: at.rows() == [])
    assert at.queue_state()[0] == "Nothing passes the filter"
    assert at.queue_state()[2] == "Show all"
    press_state_button(at)
    at.wait_for(lambda: at.rows() == ["c1", "c2", "c3"])


def test_no_connection_says_so(open_desk: MakeDesk) -> None:
    """Without a connection the queue says what is the matter, and one button tries again."""
    at = open_desk(prepare=offline, is_loaded=False)
    at.wait_for(lambda: at.queue_state()[0] == "No connection")
    assert at.queue_state()[1:] == (Unreachable.sentence, "Try again")
    assert "offline" in visible_words(at.window.statusBar())
    press_state_button(at)
    at.wait_for(lambda: at.current() == "c1")
    assert "online" in visible_words(at.window.statusBar())


def test_an_expired_sign_in_says_so(open_desk: MakeDesk, qtbot: QtBot) -> None:
    """When the sign-in is no longer accepted, one button leads to the sign-in, and a new one goes on."""
    at = open_desk(prepare=signed_out, is_loaded=False)
    at.wait_for(lambda: at.queue_state()[0] == "Sign-in needed")
    assert at.queue_state()[1:] == (SignInNeeded.sentence, "Sign in…")
    assert at.notices() == [SignInNeeded.sentence]
    with qtbot.waitSignal(at.window.sign_in_wanted):
        press_state_button(at)
    at.desk.resume(FakeBackend(at.server), make_service())
    at.window.resume_desk()
    at.wait_for(lambda: at.current() == "c1")
    assert at.notices() == []


def test_no_two_states_look_alike(open_desk: MakeDesk) -> None:
    """Each state has its own title and words, and one thing to do next."""
    seen: list[tuple[str, str, str]] = []
    at = open_desk([])
    at.wait_for(lambda: at.queue_state()[0] == "The queue is clear")
    seen.append(at.queue_state())
    at.bench.queue._search.setText("x")
    at.wait_for(lambda: at.queue_state() != seen[-1])
    seen.append(at.queue_state())
    for connection, trouble in ((Connection.OFFLINE, Unreachable()), (Connection.SIGN_IN_NEEDED, SignInNeeded())):
        at.bench.refreshing._set(connection, trouble)
        seen.append(at.queue_state())
    assert len({title for title, _words, _button in seen}) == len({button for *_, button in seen}) == 4
    assert all(title and words and button for title, words, button in seen)


def test_new_comments_move_nothing(open_desk: MakeDesk) -> None:
    """A refresh adds comments above and below and leaves the selection, the scroll and the text alone."""
    many = [make_comment(f"c{number}", minutes=number) for number in range(100, 180)]
    at = open_desk(many)
    view = at.bench.queue.view
    view.go_to_row(20)
    view.verticalScrollBar().setValue(18 * view.rowHeight(0) + 7)
    shown = at.pane.item
    top = (view.rows.items[view.rowAt(0)].id, view.rowViewportPosition(view.rowAt(0)))
    at.server.add(*(make_comment(f"c{number}", minutes=number) for number in (*range(20), *range(200, 220))))
    at.refresh()
    assert len(at.rows()) == 120
    assert (at.current(), at.pane.item) == ("c120", shown)
    assert (view.rows.items[view.rowAt(0)].id, view.rowViewportPosition(view.rowAt(0))) == top


def test_a_refresh_keeps_the_reasons_open(open_desk: MakeDesk) -> None:
    """Reasons that are being asked for stay open while new comments come in."""
    at = open_desk()
    at.press(Key.Key_R)
    at.server.add(make_comment("c0", minutes=-5))
    at.refresh()
    assert at.bench.deciding.is_asking
    at.press(Key.Key_1)
    assert at.decided() == [("c1", "reject")]


def test_focus_leaves_comment_and_article(open_desk: MakeDesk) -> None:
    """Z hides the queue and brings it back, as Escape does, and deciding works without it."""
    at = open_desk()
    at.press(Key.Key_Z)
    assert not at.bench.queue.isVisible()
    at.press(Key.Key_A)
    assert at.current() == "c2"
    at.press(Key.Key_Escape)
    assert at.bench.queue.isVisible()
    assert QApplication.focusWidget() is at.bench.queue.view


def test_the_text_size_is_remembered(open_desk: MakeDesk) -> None:
    """Ctrl+plus and Ctrl+minus change comment and article within bounds, and the next start has the same size."""
    at = open_desk()
    before = at.pane.view.font().pointSizeF()
    at.press(Key.Key_Plus, CTRL)
    assert at.pane.view.font().pointSizeF() > before
    assert SettingsFile(at.folder / "settings.json").settings.text_size == 110
    for _ in range(40):
        at.window.actions_["larger"].trigger()
    assert at.settings.settings.text_size == TEXT_SIZES[-1]
    at.press(Key.Key_0, CTRL)
    assert at.pane.view.font().pointSizeF() == before
    for _ in range(40):
        at.window.actions_["smaller"].trigger()
    assert at.settings.settings.text_size == TEXT_SIZES[0]


def test_another_theme_is_taken_over(open_desk: MakeDesk, qapp: QApplication) -> None:
    """Light and dark can be chosen while a comment is read, and are remembered."""
    at = open_desk()
    for name, theme in (("dark", DARK), ("light", LIGHT)):
        choose(at, name.capitalize())
        assert qapp.palette().base().color().name().upper() == theme.page
        assert at.settings.settings.theme == name
        assert at.current() == "c1"


def test_the_other_direction_is_taken_over(open_desk: MakeDesk) -> None:
    """The window can be laid out from right to left while a comment is read."""
    at = open_desk()
    queue, article = at.bench.queue, at.bench.article
    left = queue.mapToGlobal(queue.rect().center()).x() < article.mapToGlobal(article.rect().center()).x()
    choose(at, "Right to left")
    at.wait_for(
        lambda: (
            (queue.mapToGlobal(queue.rect().center()).x() < article.mapToGlobal(article.rect().center()).x()) != left
        )
    )
    assert at.settings.settings.direction == "rtl"
    assert QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    at.press(Key.Key_A)
    assert at.decided() == [("c1", "approve")]


def test_the_article_follows_the_comment(open_desk: MakeDesk) -> None:
    """The article of the selected comment is shown beside it, or the reason why it cannot be."""
    at = open_desk([make_comment("c1"), make_comment("c2", minutes=1, article="gone")])
    at.wait_for(lambda: at.bench.article.article_id == "a1")
    assert "A title" in visible_words(at.bench.article)
    at.press(Key.Key_J)
    at.wait_for(lambda: state_of(at.bench.article)[0] == "The article cannot be shown")


def test_the_answered_comment_is_shown(open_desk: MakeDesk) -> None:
    """What a comment answers is shown above it, from the queue, from the server, or why it cannot be."""
    answers = [
        make_comment("c1", parent="c2"),
        make_comment("c2", minutes=1, text="the first word", parent="gone"),
    ]
    at = open_desk(answers)
    at.wait_for(lambda: "the first word" in visible_words(at.pane))
    at.press(Key.Key_J)
    at.wait_for(lambda: "In reply to another comment" in visible_words(at.pane))


def test_n_walks_through_the_violations(open_desk: MakeDesk) -> None:
    """N goes from violation to violation in the text."""
    at = open_desk([make_comment(text="bad is bad")], checker=WordChecker())
    at.press(Key.Key_N)
    assert at.pane.view.textCursor().position() == 0
    at.press(Key.Key_N)
    assert at.pane.view.textCursor().position() == 7


def test_what_was_not_applied_is_told_at_the_next_start(open_desk: MakeDesk) -> None:
    """A bug in the sending of a decision is told as a notice that stays until it is put away."""

    def faulty(backend: FakeBackend) -> None:
        backend.faults["decide"].append(BUG)

    at = open_desk(undo_seconds=0.0, prepare=faulty)
    at.press(Key.Key_A)
    at.wait_for(lambda: at.notices() != [])
    assert at.notices()[0].startswith("A comment you approved: ")


def test_the_status_line_counts(open_desk: MakeDesk) -> None:
    """The line at the bottom tells site, account, what is pending and what waits to be sent."""
    at = open_desk()
    at.press(Key.Key_A)
    words = visible_words(at.window.statusBar())
    for part in ("The Example", "Dilan", "2 pending", "1 waiting to be sent", "online", "last contact"):
        assert part in words


def test_a_chosen_order_is_remembered(open_desk: MakeDesk) -> None:
    """Another order shows the queue anew, keeps the selection, and is remembered."""
    at = open_desk()
    box = at.bench.queue._order
    box.setCurrentIndex(box.findData("newest"))
    box.activated.emit(box.currentIndex())
    at.wait_for(lambda: at.rows() == ["c3", "c2", "c1"])
    assert at.current() == "c1"
    assert at.settings.settings.order == "newest"


def test_a_desk_that_was_left_hears_nothing(open_desk: MakeDesk) -> None:
    """What the server answers after the desk was left, and what its courier tells, reaches no window that is gone."""
    gate = Gate()
    at = open_desk(undo_seconds=0.0, prepare=gate.close_on, is_loaded=False)
    at.window.drop_desk()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gate.open()
    told: list[object] = []
    at.desk.listeners.append(told.append)
    at.desk.recall()
    at.desk.refresh()
    item = at.desk.queue.item("c1")
    assert item is not None
    at.desk.decide(item, Action.APPROVE)
    at.wait_for(lambda: told != [])
    done = threading.Event()
    at.tasks.run(lambda: None, lambda _nothing: done.set(), lambda _trouble: None)
    at.wait_for(done.is_set)  # whatever was posted before has been delivered by now


def test_a_desk_can_follow_a_desk(open_desk: MakeDesk) -> None:
    """Another desk takes the window over from the one before."""
    at = open_desk()
    other = open_desk([make_comment("d1")])
    bench = at.window.show_desk(other.desk)
    at.wait_for(lambda: bench.comment.item is not None)
    assert bench.comment.item is not None
    assert bench.comment.item.id == "d1"
    at.window.drop_desk()


def test_the_window_says_what_it_must_without_a_desk(open_desk: MakeDesk) -> None:
    """With a desk, words are a notice; without one they are the state of the window."""
    at = open_desk()
    at.window.tell("bug", "Something broke.")
    assert at.notices() == ["Something broke."]
    at.window.drop_desk()
    at.window.tell("bug", "Something broke.")
    assert "Something broke." in visible_words(at.window)


def test_a_key_event_of_another_window_is_left_alone(open_desk: MakeDesk, qtbot: QtBot) -> None:
    """An Arabic letter typed into a dialog decides nothing in the window behind it."""
    from PySide6.QtWidgets import QDialog

    at = open_desk()
    dialog = QDialog(at.window)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    dialog.setFocus()
    event = QKeyEvent(QEvent.Type.KeyPress, ord("ش"), Qt.KeyboardModifier.NoModifier, 38, 0, 0, "ش")
    QApplication.sendEvent(dialog, event)
    assert at.decided() == []
