"""What a pane shows when it has nothing to show: what is the matter, and the next step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from moderator_app.gui.text import PlainLabel, escaped_mnemonic
from moderator_app.gui.theme import base_font


class StatePage(QWidget):
    """A title, a sentence and perhaps a button, in the middle of the pane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._words = PlainLabel(wraps=True), PlainLabel(wraps=True)
        self._button, self._action = QPushButton(), _nothing
        self._title.setFont(base_font(13, bold=True))
        self._words.setProperty("faint", True)
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that the keys come here and do not fall to a field
        self._button.clicked.connect(lambda: self._action())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addWidget(self._title)
        layout.addWidget(self._words)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(3)
        self.show_state("", "")

    def show_state(self, title: str, words: str, button: str = "", action: Callable[[], None] | None = None) -> None:
        """Show another state; without a button text there is no button."""
        self._title.setText(title)
        self._words.setText(words)
        self._button.setText(escaped_mnemonic(button))
        self._button.setVisible(bool(button))
        self._action = action or _nothing


def _nothing() -> None:
    return None
