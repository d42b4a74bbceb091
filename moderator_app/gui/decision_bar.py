"""Approve, reject with reasons, skip and undo, as buttons; what a click and a key do is the same."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from moderator_app.gui.text import PlainLabel, escaped_mnemonic
from moderator_app.model import Reason, ReasonLabel

_COLUMNS = 3
_LONGEST_NAME = 22  # code points of a server's own name for a reason; longer ones do not fit on a button
_NAMES = {
    Reason.PROFANITY: "Profanity",
    Reason.THREAT: "Threat",
    Reason.PERSONAL_ATTACK: "Personal attack",
    Reason.VULGARITY: "Vulgarity",
    Reason.ABUSE: "Abuse",
    Reason.COMMERCIAL_PROMOTION: "Commercial promotion",
    Reason.PERSONAL_PROMOTION: "Personal promotion",
    Reason.OFF_TOPIC: "Off topic",
    Reason.OTHER: "Other, with a note",
}
REASONS = tuple(Reason)  # their places are the keys 1 to 9


class _Note(QLineEdit):
    """The note of a rejection; Escape leaves it."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ReasonsPanel(QFrame):
    """Nine reasons: one press sends, with Shift several are gathered; "other" asks for a note first."""

    chosen = Signal(object, str)  # tuple of Reason, note
    cancelled = Signal()

    def __init__(self, labels: Sequence[ReasonLabel], note_length: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        names = _NAMES | {label.code: label.label for label in labels if 0 < len(label.label) <= _LONGEST_NAME}
        self._buttons = {reason: QPushButton() for reason in REASONS}
        self._note, self._hint = _Note(), PlainLabel(wraps=True)
        for number, reason in enumerate(REASONS, start=1):
            self._buttons[reason].setText(f"{number}  {escaped_mnemonic(names[reason])}")
            self._buttons[reason].setAccessibleName(names[reason])
            self._buttons[reason].setCheckable(True)
            self._buttons[reason].clicked.connect(lambda _on, each=reason: self._clicked(each))
        self._note.setMaxLength(max(1, note_length))
        self._note.setPlaceholderText("Note to the record (needed for “other”)")
        self._note.setAccessibleName("Note")
        self._note.returnPressed.connect(self.send)
        self._note.left.connect(self.cancelled)
        self._build()

    def begin(self) -> None:
        """Ask anew."""
        self._note.clear()
        for button in self._buttons.values():
            button.setChecked(False)
        self._tell()

    def press(self, number: int, *, gather: bool) -> None:
        """The key of a reason, from 1."""
        reason = REASONS[number - 1]
        if gather:
            self._buttons[reason].setChecked(not self._buttons[reason].isChecked())
            self._tell()
        else:
            self._buttons[reason].setChecked(True)
            self.send()

    def send(self) -> None:
        """Send what is gathered, or say what is missing."""
        reasons = tuple(reason for reason in REASONS if self._buttons[reason].isChecked())
        note = self._note.text().strip()
        if not reasons:
            self._hint.setText("Choose a reason with 1 to 9 first; Esc goes back.")
        elif Reason.OTHER in reasons and not note:
            self._hint.setText("“Other” needs a note: write it, then press Enter; Esc goes back.")
            self._note.setFocus()
        else:
            self.chosen.emit(reasons, note)

    def _clicked(self, reason: Reason) -> None:
        """A click gathers while others are gathered or a note is written; otherwise it sends."""
        is_alone = sum(button.isChecked() for button in self._buttons.values()) == 1
        if self._buttons[reason].isChecked() and is_alone and not self._note.text():
            self.send()
        else:
            self._tell()

    def _tell(self) -> None:
        count = sum(button.isChecked() for button in self._buttons.values())
        gathered = f"{count} gathered; Enter sends. " if count else ""
        self._hint.setText(f"{gathered}Why? 1 to 9 rejects with that reason, Shift gathers several, Esc goes back.")

    def _build(self) -> None:
        self.setProperty("bar", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 4)
        layout.addWidget(self._hint)
        grid = QGridLayout()
        grid.setSpacing(6)
        for number, button in enumerate(self._buttons.values()):
            grid.addWidget(button, number // _COLUMNS, number % _COLUMNS)
        layout.addLayout(grid)
        layout.addWidget(self._note)


class DecisionBar(QFrame):
    """The buttons under the comment, made from the same actions as the keys."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        for action in actions:
            layout.addWidget(_button(action))
        layout.addStretch(1)


def _button(action: QAction) -> QPushButton:
    """A button that does what the action does, named with its first key."""
    key = action.shortcuts()[0].toString() if action.shortcuts() else ""
    button = QPushButton(f"{escaped_mnemonic(action.text())}   {key}")
    button.setAccessibleName(action.text())
    button.setAccessibleDescription(f"Key {key}")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setProperty("verdict", action.objectName() if action.objectName() in ("approve", "reject") else None)
    button.setEnabled(action.isEnabled())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button
