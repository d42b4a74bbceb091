"""Keys by their place on any layout, one decision for one press, and none before the comment can have been seen."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

DWELL = 200  # milliseconds that a comment must have been on the screen before a key decides it
REPEAT = 5  # milliseconds; under X11 a held key's release and press carry nearly the same time (measured)

# First scan code of a row (set 1, the same numbers as evdev in the main block) -> US keys from there on.
_ROWS = {2: "1234567890-=", 16: "QWERTYUIOP[]", 30: "ASDFGHJKL;'", 41: "`", 43: "\\", 44: "ZXCVBNM,./"}
_US_KEY = {first + place: ord(char) for first, row in _ROWS.items() for place, char in enumerate(row)}
_FIRST_NON_LATIN, _FIRST_SPECIAL_KEY = 0x250, 0x01000000
_X11_OFFSET = 8  # X11 and Wayland key codes are evdev + 8


def latin_key(event: QKeyEvent) -> int:
    """The key of an event, or the US key in its place when it gave a letter that is not Latin."""
    key = event.key()
    if key < _FIRST_NON_LATIN or key >= _FIRST_SPECIAL_KEY:
        return key
    code = event.nativeScanCode()
    if sys.platform.startswith("linux") or QGuiApplication.platformName() in ("xcb", "wayland", "offscreen"):
        code -= _X11_OFFSET
    return _US_KEY.get(code, key)


def is_text_input(widget: QWidget) -> bool:
    """Whether a person is writing there."""
    if isinstance(widget, QTextEdit | QPlainTextEdit | QLineEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QComboBox) and widget.isEditable())


def _is_pressed(focused: QObject) -> bool:
    """Whether Space is the key that presses this or opens it."""
    return isinstance(focused, QAbstractButton | QComboBox)


class PhysicalKeys(QObject):
    """Filter for the whole program, for when Qt's own shortcuts found nothing for an Arabic or Kurdish letter.

    Then the action of the US key in its place is triggered. Text fields keep their letters; Latin layouts are left to
    Qt.
    """

    def __init__(self, window: QWidget, actions: Callable[[], list[QAction]]) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space and _is_pressed(watched):
            event.accept()  # Space then presses it instead of scrolling the article
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if not isinstance(watched, QWidget) or watched is not QApplication.focusWidget():
            return False
        if watched.window() is not self._window:
            return False
        key = latin_key(event)
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if key == event.key() or (not modifiers & command and is_text_input(watched)):
            return False
        return self._trigger(QKeySequence(modifiers.value | key), event)

    def _trigger(self, sequence: QKeySequence, event: QKeyEvent) -> bool:
        for action in self._actions():
            if action.isEnabled() and sequence in action.shortcuts():
                if action.autoRepeat() or not event.isAutoRepeat():
                    action.trigger()
                event.accept()
                return True
        return False


class DecisionGuard(QObject):
    """Filter for the whole program that tells whether the key press now being handled may decide.

    A held key decides once: X11 does not flag every repeat, but a repeat's press follows its own release at once. And a
    key within `DWELL` of a comment's appearing does not decide, for nobody can have read it.
    """

    def __init__(self, parent: QObject, dwell: int = DWELL) -> None:
        super().__init__(parent)
        self._dwell = dwell
        self._since = QElapsedTimer()
        self._released: dict[int, int] = {}
        self._is_repeat = False

    def comment_appeared(self) -> None:
        """Another comment is on the screen now."""
        self._since.start()

    @property
    def is_too_soon(self) -> bool:
        """Whether the comment has only just appeared."""
        return self._since.isValid() and self._since.elapsed() < self._dwell

    @property
    def is_repeat(self) -> bool:
        """Whether the key is merely held down."""
        return self._is_repeat

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyRelease and isinstance(watched, QWindow):
                self._released[event.nativeScanCode()] = event.timestamp()
            elif event.type() == QEvent.Type.ShortcutOverride and watched is QApplication.focusWidget():
                since_release = event.timestamp() - self._released.get(event.nativeScanCode(), -(10**9))
                self._is_repeat = event.isAutoRepeat() or since_release <= REPEAT
        return False
