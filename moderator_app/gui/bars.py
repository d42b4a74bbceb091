"""Two bars that come and go: what was just done with the time left to take it back, and what went wrong."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from moderator_app.gui.text import PlainLabel, escaped_mnemonic

_TICK = 250  # milliseconds


class UndoBar(QFrame):
    """Says what was done and counts the undo time down. It keeps its place, so that nothing jumps when it comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._left = PlainLabel(), PlainLabel()
        self._seconds, self._since = 0.0, QElapsedTimer()
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self._tick)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 14, 6)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._left)
        self.setAccessibleName("What was done")
        self._show(" ")
        self.setFixedHeight(self.sizeHint().height())
        self.clear()

    @property
    def words(self) -> str:
        """What it says now."""
        return self._words.text()

    def show_done(self, words: str, seconds: float) -> None:
        """Say what was done; it can be withdrawn for so many seconds, and reversed after that."""
        self._seconds = seconds
        self._since.start()
        self._show(words)
        self._tick()
        if seconds > 0:
            self._timer.start()

    def show_words(self, words: str) -> None:
        """Say something that cannot be taken back."""
        self._timer.stop()
        self._left.clear()
        self._show(words)

    def clear(self) -> None:
        """Say nothing."""
        self.show_words("")

    def _show(self, words: str) -> None:
        self._words.setText(words)
        wanted = "filled" if words else "empty"
        if self.property("undo") != wanted:
            self.setProperty("undo", wanted)
            self.style().polish(self)
        if words.strip():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _tick(self) -> None:
        left = self._seconds - self._since.elapsed() / 1000
        if left > 0:
            self._left.setText(f"U undoes it · sent in {math.ceil(left)} s")
            return
        self._timer.stop()
        self._left.setText("U takes it back")


class NoticeBar(QFrame):
    """Shows what went wrong, one thing at a time, until it is put away; nothing here goes by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("warning", True)
        self._notices: list[tuple[str, str, str, Callable[[], None]]] = []
        self._words, self._count = PlainLabel(wraps=True), PlainLabel()
        self._button = QPushButton()
        self._button.clicked.connect(self._put_away)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._count)
        layout.addWidget(self._button)
        self.setAccessibleName("Notices")
        self._show()

    @property
    def texts(self) -> list[str]:
        """What is waiting to be read."""
        return [words for _key, words, _button, _action in self._notices]

    def add(self, key: str, words: str, button: str = "Understood", action: Callable[[], None] | None = None) -> None:
        """Show a notice, in place of an older one with the same key."""
        self.remove(key)
        self._notices.append((key, words, button, action or _nothing))
        self._show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def remove(self, key: str) -> None:
        """Take a notice away, for the trouble is over."""
        self._notices = [notice for notice in self._notices if notice[0] != key]
        self._show()

    def _put_away(self) -> None:
        _key, _words, _button, action = self._notices.pop(0)
        self._show()
        action()

    def _show(self) -> None:
        self.setVisible(bool(self._notices))
        if self._notices:
            _key, words, button, _action = self._notices[0]
            self._words.setText(words)
            self._button.setText(escaped_mnemonic(button))
            self._count.setText(f"1 of {len(self._notices)}" if len(self._notices) > 1 else "")


def _nothing() -> None:
    return None
