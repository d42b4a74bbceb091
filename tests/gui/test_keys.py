"""Keys: one table without collisions, by place on any keyboard, never while writing, one decision for one press."""

from __future__ import annotations

from collections import defaultdict

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QSpinBox, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from moderator_app.gui.actions import ENTRIES, Actions, Group, Mode, key_table
from moderator_app.gui.key_sheet import KeySheet
from moderator_app.gui.keys import REPEAT, DecisionGuard, is_text_input, latin_key
from tests.gui.bench import OpenDesk, physical_press, visible_words
from tests.gui.conftest import MakeDesk

NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
ALL_MODES = ({Mode.DESK}, {Mode.DESK, Mode.COMMENT}, {Mode.DESK, Mode.COMMENT, Mode.REASONS})
# What a key gives on a layout, and its place by X11's number: letters of Arabic and Sorani where A, R, J and F are.
BY_PLACE = {
    "Arabic A": ("ش", 38),
    "Sorani A": ("ا", 38),
    "Arabic R": ("ق", 27),
    "Sorani R": ("ر", 27),
    "Arabic J": ("ت", 44),
}


@pytest.mark.parametrize("modes", ALL_MODES)
def test_no_two_actions_share_a_key(modes: set[Mode]) -> None:
    """In any mode a key belongs to one action."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for entry in ENTRIES:
        if entry.mode in modes | {Mode.ALWAYS}:
            for key in entry.keys:
                owners[QKeySequence(key).toString()].append(entry.name)
    assert {key: names for key, names in owners.items() if len(names) > 1 or not key} == {}


def test_the_keys_are_those_that_were_promised() -> None:
    """The table has every key of the desk, under the action that it is for."""
    keys = {entry.name: entry.keys for entry in ENTRIES}
    assert keys["approve"] == ("A",)
    assert keys["reject"] == ("R",)
    assert (keys["approve_stay"], keys["reject_stay"]) == (("Shift+A",), ("Shift+R",))
    assert (keys["next"], keys["previous"], keys["violation"]) == (("J",), ("K",), ("N",))
    assert (keys["skip"], keys["focus"], keys["search"], keys["refresh"]) == (("S",), ("Z",), ("Ctrl+F",), ("F5",))
    assert keys["undo"] == ("U", "Ctrl+Z")
    assert "?" in keys["keys"]
    assert [keys[f"reason_{number}"] for number in range(1, 10)] == [(str(number),) for number in range(1, 10)]


def test_deciding_does_not_repeat() -> None:
    """No action that decides goes on while its key is held."""
    assert [entry.name for entry in ENTRIES if entry.repeats and entry.group is Group.DECIDE] == []


def test_the_sheet_shows_the_table(qtbot: QtBot) -> None:
    """The key sheet has a line for each action with a key."""
    sheet = KeySheet()
    qtbot.addWidget(sheet)
    sheet.show()
    words = visible_words(sheet).splitlines()
    lines = [line for group in key_table().values() for line in group]
    assert all(key in words and what in words for key, what in lines)
    named = {what for _key, what in lines}
    assert {entry.words.rstrip("…") for entry in ENTRIES if entry.keys and entry.mode is not Mode.REASONS} <= named
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_modes_enable_their_actions(qtbot: QtBot) -> None:
    """Without a mode only what is always possible can be used; each mode adds its own."""
    window = QWidget()
    qtbot.addWidget(window)
    actions = Actions(window)
    assert {entry.mode for entry in ENTRIES if actions[entry.name].isEnabled()} == {Mode.ALWAYS}
    actions.set_modes({Mode.DESK, Mode.COMMENT})
    assert actions["approve"].isEnabled()
    assert not actions["reason_1"].isEnabled()


# By place


def key_of(letter: str, code: int, modifiers: Qt.KeyboardModifier = NONE) -> QKeyEvent:
    """A press that gave `letter` at a place of the keyboard."""
    return QKeyEvent(QEvent.Type.KeyPress, ord(letter.upper()), modifiers, code, 0, 0, letter)


@pytest.mark.parametrize(
    ("letter", "code", "wanted"),
    [
        ("ش", 38, Qt.Key.Key_A),
        ("ق", 27, Qt.Key.Key_R),
        ("١", 10, Qt.Key.Key_1),  # an Arabic digit
        ("a", 38, Qt.Key.Key_A),
        ("a", 24, Qt.Key.Key_A),  # French: the letter counts, not the place
        ("ı", 31, ord("I")),  # Turkish: Latin letters are left to Qt
        ("ش", 999, ord("ش")),  # a place that no keyboard has
    ],
)
def test_the_key_of_a_letter(letter: str, code: int, wanted: int) -> None:
    """A letter that is not Latin stands for the US key in its place; a Latin one for itself."""
    assert latin_key(key_of(letter, code)) == int(wanted)


def test_special_keys_are_themselves() -> None:
    """Escape, arrows and function keys are never taken for letters."""
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_F5):
        assert latin_key(QKeyEvent(QEvent.Type.KeyPress, key, NONE, 38, 0, 0)) == key


def test_what_is_a_field(qtbot: QtBot) -> None:
    """Fields that can be written in are fields; those that only show are not."""
    read_only, editable = QTextEdit(), QComboBox()
    read_only.setReadOnly(True)
    editable.setEditable(True)
    fields = [QLineEdit(), QPlainTextEdit(), QSpinBox(), QTextEdit(), editable]
    others = [read_only, QComboBox(), QLabel()]
    for each in (*fields, *others):
        qtbot.addWidget(each)
    assert all(is_text_input(each) for each in fields)
    assert not any(is_text_input(each) for each in others)


@pytest.mark.parametrize("name", ["Arabic A", "Sorani A"])
def test_approve_by_place(open_desk: MakeDesk, name: str) -> None:
    """The key in the place of A approves on Arabic and Sorani keyboards."""
    at = open_desk()
    physical_press(at.bench.queue.view, *BY_PLACE[name], modifiers=NONE)
    assert at.decided() == [("c1", "approve")]


def test_reject_and_digit_by_place(open_desk: MakeDesk) -> None:
    """The keys in the places of R and 2 reject on an Arabic keyboard."""
    at = open_desk()
    physical_press(at.bench.queue.view, *BY_PLACE["Arabic R"], modifiers=NONE)
    assert at.bench.deciding.is_asking
    physical_press(at.bench.queue.view, "٢", 11, modifiers=NONE)
    assert at.decided() == [("c1", "reject")]


def test_shift_by_place_stays(open_desk: MakeDesk) -> None:
    """Shift counts by place too: it approves and stays."""
    at = open_desk()
    physical_press(at.bench.queue.view, *BY_PLACE["Arabic A"], modifiers=SHIFT)
    assert (at.decided(), at.current()) == ([("c1", "approve")], "c1")


def search_field(at: OpenDesk) -> QLineEdit:
    """The search field, with the keys in it."""
    at.press(Qt.Key.Key_F, CTRL)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    return field


def test_an_arabic_letter_in_a_field_is_written(open_desk: MakeDesk) -> None:
    """While somebody writes, the key in the place of A is a letter."""
    at = open_desk()
    field = search_field(at)
    physical_press(field, *BY_PLACE["Arabic A"], modifiers=NONE)
    assert (at.decided(), field.text()) == ([], "ش")


def test_control_by_place_works_in_a_field(open_desk: MakeDesk) -> None:
    """Ctrl with the key in the place of F finds the search field again, also from within a field."""
    at = open_desk()
    field = search_field(at)
    field.setText("abc")
    field.deselect()
    physical_press(field, "ب", 41, modifiers=CTRL)
    assert field.selectedText() == "abc"


@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_R, Qt.Key.Key_S, Qt.Key.Key_J, Qt.Key.Key_1, Qt.Key.Key_Z])
def test_single_keys_are_letters_in_the_search(open_desk: MakeDesk, key: Qt.Key) -> None:
    """No single key of the desk acts while the search field has the focus."""
    at = open_desk()
    field = search_field(at)
    at.press(key)
    at.press(key, SHIFT)
    assert len(field.text()) == 2
    assert (at.decided(), at.current(), at.bench.deciding.is_asking) == ([], "c1", False)
    assert at.bench.queue.isVisible()


def test_single_keys_are_letters_in_the_note(open_desk: MakeDesk) -> None:
    """No single key of the desk, digits too, acts while a note is written."""
    at = open_desk()
    at.press(Qt.Key.Key_R)
    at.press(Qt.Key.Key_9)
    note = QApplication.focusWidget()
    assert isinstance(note, QLineEdit)
    for key in (Qt.Key.Key_A, Qt.Key.Key_1, Qt.Key.Key_S, Qt.Key.Key_U):
        at.press(key)
        at.press(key, SHIFT)
    assert len(note.text()) == 8
    assert at.decided() == []


def test_escape_empties_the_search_and_gives_the_keys_back(open_desk: MakeDesk) -> None:
    """Escape in the search field takes the search away and goes back to the queue."""
    at = open_desk()
    field = search_field(at)
    QTest.keyClicks(field, "number 2")
    at.wait_for(lambda: at.rows() == ["c2"])
    at.press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is at.bench.queue.view
    assert field.text() == ""
    at.wait_for(lambda: at.rows() == ["c1", "c2", "c3"])


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Down])
def test_enter_leaves_the_search_and_keeps_it(open_desk: MakeDesk, key: Qt.Key) -> None:
    """Enter or Down goes from the search to what was found."""
    at = open_desk()
    field = search_field(at)
    QTest.keyClicks(field, "number 2")
    at.wait_for(lambda: at.rows() == ["c2"])
    at.press(key)
    assert QApplication.focusWidget() is at.bench.queue.view
    assert field.text() == "number 2"


def test_space_presses_a_button_that_has_the_focus(open_desk: MakeDesk) -> None:
    """Who walks to a button with Tab can press it with Space; elsewhere Space scrolls the article."""
    from PySide6.QtWidgets import QPushButton

    at = open_desk()
    button = next(
        each for each in at.bench.findChildren(QPushButton) if each.accessibleName() == "Approve" and each.isVisible()
    )
    button.setFocus()
    at.press(Qt.Key.Key_Space)
    assert at.decided() == [("c1", "approve")]


# One decision for one press


def test_a_comment_that_just_appeared_is_not_decided(open_desk: MakeDesk) -> None:
    """A key that comes as the comment appears decides nothing, and words say why; asking for reasons waits too."""
    at = open_desk(dwell=3_600_000)
    at.press(Qt.Key.Key_A)
    at.press(Qt.Key.Key_R)
    assert (at.decided(), at.bench.deciding.is_asking) == ([], False)
    assert "nothing was decided" in at.window.statusBar().currentMessage()


def test_moving_is_possible_at_once(open_desk: MakeDesk) -> None:
    """What decides nothing, like J, works however new the comment is."""
    at = open_desk(dwell=3_600_000)
    at.press(Qt.Key.Key_J)
    assert at.current() == "c2"


class Typist:
    """Presses one key with the time stamps that the system would give."""

    def __init__(self, guard: DecisionGuard, widget: QWidget, window: QWindow) -> None:
        self._guard, self._widget, self._window = guard, widget, window

    def press(self, at: int, *, is_repeat: bool = False, code: int = 38) -> bool:
        """A press at this time (milliseconds); whether the guard takes it for a mere repeat."""
        self._guard.eventFilter(self._widget, self._event(QEvent.Type.ShortcutOverride, at, code, is_repeat=is_repeat))
        return self._guard.is_repeat

    def release(self, at: int, *, code: int = 38) -> None:
        """A release at this time."""
        self._guard.eventFilter(self._window, self._event(QEvent.Type.KeyRelease, at, code, is_repeat=False))

    @staticmethod
    def _event(kind: QEvent.Type, at: int, code: int, *, is_repeat: bool) -> QKeyEvent:
        event = QKeyEvent(kind, Qt.Key.Key_A, NONE, code, 0, 0, "a", is_repeat)
        event.setTimestamp(at)
        return event


@pytest.fixture
def typist(qtbot: QtBot) -> Typist:
    """Somebody at a guard of its own."""
    field = QLabel()
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is field)
    return Typist(DecisionGuard(field, 0), field, field.windowHandle())


def test_taps_are_no_repeats(typist: Typist) -> None:
    """Presses of one key with time between release and press each count."""
    assert not typist.press(1_000)
    typist.release(1_080)
    assert not typist.press(1_080 + REPEAT + 1)


def test_a_held_key_is_a_repeat(typist: Typist) -> None:
    """A press that is flagged as repeated, or follows its own release at once, is a repeat."""
    assert not typist.press(1_000)
    assert typist.press(1_500, is_repeat=True)
    typist.release(1_530)
    assert typist.press(1_530)
    assert typist.press(1_530 + REPEAT)


def test_two_keys_at_once_are_two_presses(typist: Typist) -> None:
    """A press that follows another key's release at once is no repeat."""
    typist.press(1_000, code=38)
    typist.release(1_100, code=38)
    assert not typist.press(1_100, code=39)


def test_a_held_key_decides_once(open_desk: MakeDesk) -> None:
    """While A is held down, the repeats that the system sends decide nothing more."""
    at = open_desk()
    view = at.bench.queue.view
    for is_repeat in (False, True, True):
        QApplication.sendEvent(view, QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_A, NONE, "a", is_repeat))
        at.window.actions_["approve"].trigger()
    assert at.decided() == [("c1", "approve")]


@pytest.mark.parametrize("name", ["skip", "undo", "reject"])
def test_a_held_key_does_nothing_twice(open_desk: MakeDesk, name: str) -> None:
    """Skipping, taking back and asking for reasons are not repeated either."""
    at = open_desk()
    at.press(Qt.Key.Key_A)
    rows, current = at.rows(), at.current()
    repeat = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_S, NONE, "s", True)
    QApplication.sendEvent(at.bench.queue.view, repeat)
    at.window.actions_[name].trigger()
    assert (at.rows(), at.current(), at.bench.deciding.is_asking) == (rows, current, False)


def test_a_held_digit_sends_nothing(open_desk: MakeDesk) -> None:
    """A digit or Enter that is merely held down does not send a rejection."""
    at = open_desk()
    at.press(Qt.Key.Key_R)
    repeat = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_2, NONE, "2", True)
    QApplication.sendEvent(at.bench.queue.view, repeat)
    at.window.actions_["reason_2"].trigger()
    at.window.actions_["send"].trigger()
    assert at.decided() == []


def test_no_key_of_the_desk_acts_behind_the_sign_in(open_desk: MakeDesk) -> None:
    """While the sign-in is on the screen, the desk behind it hears no key."""
    at = open_desk()
    at.window.show_sign_in()
    for name in ("approve", "undo", "reject"):
        assert not at.window.actions_[name].isEnabled()
    physical_press(at.window, *BY_PLACE["Arabic A"], modifiers=NONE)
    assert at.decided() == []


def test_the_guard_leaves_other_objects_alone() -> None:
    """Events that are no keys, and watched things that are no widgets, pass."""
    guard = DecisionGuard(QObject(), 0)
    assert guard.eventFilter(QObject(), QEvent(QEvent.Type.Timer)) is False
    assert not guard.is_too_soon
