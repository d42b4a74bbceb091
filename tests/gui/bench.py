"""A whole window with a desk on a server in memory, for tests that press its keys and read what it shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from moderator_app.desk.desk import Desk
from moderator_app.desk.listing import Checker
from moderator_app.errors import StorageFull
from moderator_app.gui.appearance import Appearance
from moderator_app.gui.comment_pane import CommentPane
from moderator_app.gui.tasks import Tasks
from moderator_app.gui.text import PlainLabel
from moderator_app.gui.window import MainWindow
from moderator_app.gui.workbench import Workbench
from moderator_app.model import Comment, Decision, Service, Site
from moderator_app.settings import SettingsFile
from moderator_app.store.comments import CommentStore
from moderator_app.store.outbox import Outbox
from tests.doubles import SITE, FakeBackend, FakeServer, NoChecker, make_comment, make_service

A_MINUTE = 60.0  # seconds; an undo time that no test waits for


class SmallDisk(Outbox):
    """An outbox whose disk can be full."""

    is_full = False

    def add(self, decision: Decision) -> None:
        """Write a decision down, or fail."""
        if self.is_full:
            raise StorageFull
        super().add(decision)

    def withdraw(self, decision_id: str) -> bool:
        """Take a decision back, or fail."""
        if self.is_full:
            raise StorageFull
        return super().withdraw(decision_id)


class OpenDesk:
    """A window at work: `server` and `backend` are its other side, `folder` holds what it remembers."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        comments: Sequence[Comment] | None = None,
        *,
        checker: Checker | None = None,
        undo_seconds: float = A_MINUTE,
        dwell: int = 0,
        service: Service | None = None,
        site: Site = SITE,
        prepare: Callable[[FakeBackend], None] = lambda _backend: None,
        is_loaded: bool = True,
    ) -> None:
        self.qtbot, self.folder = qtbot, folder
        folder.mkdir(parents=True, exist_ok=True)
        given = three_comments() if comments is None else comments
        self.server = FakeServer(given)
        self.backend = FakeBackend(self.server)
        prepare(self.backend)
        self.outbox = SmallDisk(folder / "outbox.sqlite", site)
        self.settings = SettingsFile(folder / "settings.json")
        self.tasks = Tasks()
        self.desk = Desk(
            site=site,
            service=service or make_service(),
            backend=self.backend,
            outbox=self.outbox,
            store=CommentStore(folder / "seen.sqlite", site),
            checker=checker or NoChecker(),
            undo_seconds=undo_seconds,
        )
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        appearance = Appearance(app, self.settings)
        self.window = MainWindow(self.settings, self.tasks, appearance=appearance, may_close=lambda: True, dwell=dwell)
        self.window.install_filters(app)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.bench: Workbench = self.window.show_desk(self.desk)
        if is_loaded and given:
            qtbot.waitUntil(lambda: QApplication.focusWidget() is self.bench.queue.view)
        if is_loaded:
            qtbot.waitUntil(lambda: self.bench.refreshing.is_loaded)
            shown = len([each for each in given if self.desk.queue.item(each.id)])
            qtbot.waitUntil(lambda: len(self.rows()) == shown)

    @property
    def pane(self) -> CommentPane:
        """The comment on the screen and what is said about it."""
        return self.bench.comment

    def rows(self) -> list[str]:
        """The ids in the queue, from the top."""
        return [item.id for item in self.bench.queue.view.rows.items]

    def current(self) -> str:
        """The id of the comment on the screen, "" for none."""
        return self.pane.item.id if self.pane.item else ""

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier, on: QWidget | None = None) -> None:
        """A key on whatever has the focus, as a person presses it."""
        held = Qt.KeyboardModifier.NoModifier
        for each in modifiers:
            held |= each
        target = on or QApplication.focusWidget() or self.window
        QTest.keyClick(target, key, held)

    def undo_words(self) -> str:
        """What the bar says was done."""
        return self.bench.undo_bar.words

    def notices(self) -> list[str]:
        """What waits to be read."""
        return self.bench.notices.texts

    def decided(self) -> list[tuple[str, str]]:
        """Comment and action of each decision on disk, read by a connection of its own."""
        connection = sqlite3.connect(self.folder / "outbox.sqlite")
        try:
            return connection.execute("SELECT comment, action FROM outbox ORDER BY seq").fetchall()
        finally:
            connection.close()

    def queue_state(self) -> tuple[str, str, str]:
        """Title, words and button of what stands in the place of an empty queue."""
        return state_of(self.bench.queue)

    def wait_for(self, state: Callable[[], bool]) -> None:
        """Let the window live until something holds."""
        self.qtbot.waitUntil(state)

    def refresh(self) -> None:
        """Ask the server now and wait until its answer is on the screen."""
        before = len(self.backend.calls)
        self.bench.refreshing.refresh()
        asked = len(self.server.pending()) // 50 + 2  # the number of the last change, and each page
        self.wait_for(lambda: len(self.backend.calls) >= before + asked)
        self.wait_for(lambda: {item.id for item in self.desk.snapshot().items} <= set(self.rows()))

    def close(self) -> None:
        """Close everything."""
        app = QApplication.instance()
        assert app is not None
        for each in self.window.findChildren(QObject):
            app.removeEventFilter(each)
        self.tasks.close()
        self.window.close()
        self.window.drop_desk()
        self.desk.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def three_comments() -> list[Comment]:
    """Three readers, one after another, about one article."""
    return [make_comment(f"c{number}", minutes=number, text=f"Comment number {number}.") for number in (1, 2, 3)]


def visible_words(widget: QWidget) -> str:
    """What the labels in a widget say that are not hidden."""
    return "\n".join(each.text() for each in widget.findChildren(PlainLabel) if each.isVisibleTo(widget))


def state_of(pane: QWidget) -> tuple[str, str, str]:
    """Title, words and button of a pane's state page."""
    from PySide6.QtWidgets import QPushButton

    from moderator_app.gui.state_page import StatePage

    page = pane.findChild(StatePage)
    assert isinstance(page, StatePage)
    title, words = (each.text() for each in page.findChildren(PlainLabel))
    button = page.findChild(QPushButton)
    return title, words, button.text() if isinstance(button, QPushButton) and button.isVisibleTo(page) else ""


def physical_press(widget: QWidget, letter: str, scan_code: int, *, modifiers: Qt.KeyboardModifier) -> None:
    """A key that gave `letter` at a place of the keyboard (X11's number), as it arrives when no shortcut matched."""
    event = QKeyEvent(QEvent.Type.KeyPress, ord(letter), modifiers, scan_code, 0, 0, letter)
    QApplication.sendEvent(widget, event)
