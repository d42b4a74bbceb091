"""What the comment's widget holds, selects and copies is the reader's own text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from moderator_app.gui.comment_view import CHUNK, CommentView
from moderator_app.gui.highlight import shown, to_utf16
from moderator_app.gui.theme import DARK, LIGHT
from moderator_app.model import Category, Violation
from tests.doubles import make_violation
from tests.gui.texts import TEXTS

_KEPT: list[CommentView] = []


def the_view(qapp: QApplication) -> CommentView:
    """One widget for many texts: making one for each would take most of the time."""
    if not _KEPT:
        _KEPT.append(CommentView(LIGHT))
    return _KEPT[0]


@pytest.fixture
def view(qtbot: QtBot) -> CommentView:
    """A widget of its own, on the screen."""
    made = CommentView(LIGHT)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


def held(view: CommentView) -> str:
    """What the document holds, its paragraphs parted by line ends."""
    return view.document().toRawText().replace("\u2029", "\n")


def selected(view: CommentView, start: int, end: int) -> str:
    """What stands between two positions of the document."""
    cursor = QTextCursor(view.document())
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    return cursor.selectedText().replace("\u2029", "\n")


def copied(view: CommentView) -> str:
    """What a copy of the selection would give."""
    data = view.createMimeDataFromSelection()
    assert isinstance(data, QMimeData)
    assert data.formats() == ["text/plain"]
    return bytes(data.data("text/plain").data()).decode()


@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS, data=st.data())
def test_what_is_held_selected_and_copied_is_the_text(qapp: QApplication, text: str, data: st.DataObject) -> None:
    """The widget holds the text with hidden characters shown; a violation's range and any copy are exactly theirs."""
    view = the_view(qapp)
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=3))
    violations = tuple(make_violation(start=min(span), end=max(span)) for span in spans)
    view.show_text(text, violations)
    display = shown(text).text
    assert view.text == text
    assert held(view) == display
    for each in violations:
        start, end = to_utf16(display, each.start), to_utf16(display, each.end)
        assert selected(view, start, end) == display[each.start : each.end]
        assert copied(view) == text[each.start : each.end]


@pytest.mark.parametrize("text", ["\ufffe\u6100\u6200\u6300", "\ufeffabc", "a\n\ufffe\u6100"])
def test_a_byte_order_mark_swaps_nothing(view: CommentView, text: str) -> None:
    """A text that begins like one with swapped bytes is shown as the letters that it has."""
    view.show_text(text, (make_violation(start=1, end=2),))
    assert held(view)[1:] == text[1:].replace("\ufffe", "�")
    view.selectAll()
    assert copied(view) == text


def formats_of(view: CommentView) -> list[str]:
    """The background of each code point that is shown."""
    found: list[str] = []
    block = view.document().begin()
    while block.isValid():
        for part in block.textFormats():
            letters = block.text().encode("utf-16-le")[2 * part.start : 2 * (part.start + part.length)]
            brush = part.format.background()
            name = brush.color().name() if brush.style() != Qt.BrushStyle.NoBrush else ""
            found += [name] * len(letters.decode("utf-16-le"))
        found.append("end of block")
        block = block.next()
    return found[:-1]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS, data=st.data())
def test_the_colour_lies_on_the_violation_alone(qapp: QApplication, text: str, data: st.DataObject) -> None:
    """Every character of a violation has the fill of its guideline, and no other character has it."""
    view = the_view(qapp)
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    view.show_text(text, (make_violation(Category.THREAT, start=start, end=end),))
    fill, hidden = LIGHT.marks[Category.THREAT].fill.lower(), set(shown(text).hidden)
    for at, (letter, found) in enumerate(zip(text, formats_of(view), strict=True)):
        if letter != "\n" and at not in hidden:
            assert (found == fill) == (start <= at < end)


def test_nothing_of_it_can_be_edited(view: CommentView) -> None:
    """Neither keys nor a paste nor a cut change what is shown."""
    view.show_text("as it is", ())
    view.setFocus()
    QApplication.clipboard().setText("pasted")
    view.selectAll()
    for key in (Qt.Key.Key_X, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return):
        QTest.keyClick(view, key)
    view.paste()
    view.cut()
    assert (held(view), view.text) == ("as it is", "as it is")


def test_markup_stays_text(view: CommentView) -> None:
    """Tags are letters, and nothing is ever loaded for them."""
    text = '<b>bold</b> <img src="file:///etc/hostname"> &lt; <a href="x">y</a>'
    view.show_text(text, ())
    assert held(view) == text
    assert view.loadResource(2, QUrl("file:///etc/hostname")) is None


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_an_empty_text_is_shown(view: CommentView, text: str) -> None:
    """A text of nothing, or of spaces, is held as it is."""
    view.show_text(text, ())
    assert (held(view), view.left_out) == (text, 0)


def far(start: int, *, length: int = 3) -> Violation:
    """A violation at some place."""
    return make_violation(start=start, end=start + length)


def test_a_long_text_is_shown_part_by_part(view: CommentView) -> None:
    """The first part is shown at once, each "more" adds one, and together they are the whole."""
    text = "".join(chr(0x61 + at % 26) for at in range(2 * CHUNK + 5))
    view.show_text(text, ())
    assert (held(view), view.left_out) == (text[:CHUNK], CHUNK + 5)
    view.show_more()
    view.show_more()
    assert (held(view), view.left_out) == (text, 0)


def test_a_violation_in_the_next_part_is_reached_by_reading_on(view: CommentView) -> None:
    """Going to a violation just beyond what is shown adds one part to it."""
    text = "x" * (5 * CHUNK)
    violation = far(CHUNK + 7)
    view.show_text(text, (violation,))
    view.go_to(violation, "1 of 1")
    assert held(view) == text[: 2 * CHUNK]
    assert view.textCursor().position() == CHUNK + 7


def test_a_violation_far_away_is_reached_at_once(view: CommentView) -> None:
    """Going to a violation far away shows the part around it, and never all that lies between."""
    text = "😀" * (100 * CHUNK)
    violation = far(90 * CHUNK)
    view.show_text(text, (violation,))
    view.go_to(violation, "1 of 1")
    assert len(held(view)) <= CHUNK
    cursor = view.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 3)
    view.setTextCursor(cursor)
    assert copied(view) == text[violation.start : violation.end]
    view.go_to(far(0), "1 of 1")
    assert view.textCursor().position() == 0


def test_after_the_last_part_it_begins_again(view: CommentView) -> None:
    """When a far part was shown alone, "more" leads to the end and then back to the beginning."""
    text = "abc " * (10 * CHUNK)
    violation = far(len(text) - 5)
    view.show_text(text, (violation,))
    view.go_to(violation, "1 of 1")
    view.show_more()
    assert held(view) == text[:CHUNK]


def test_another_theme_shows_the_same(view: CommentView) -> None:
    """Another theme changes colours and nothing else."""
    view.show_text("a bad word", (far(2),))
    view.set_theme(DARK)
    assert held(view) == "a bad word"
    assert DARK.marks[Category.PROFANITY].fill.lower() in formats_of(view)


def test_marks_and_rings_are_painted(view: CommentView) -> None:
    """A violation on the screen changes what is painted, and the one gone to is ringed."""
    text = "a bad word in a text of some words"
    view.show_text(text, ())
    plain = view.grab().toImage()
    view.show_text(text, (far(2),))
    marked = view.grab().toImage()
    view.go_to(far(2), "1 of 1")
    ringed = view.grab().toImage()
    assert plain != marked
    assert marked != ringed


def test_arrow_keys_scroll_and_then_move_on(view: CommentView) -> None:
    """An arrow key scrolls a long text; at its end it asks for the next comment."""
    view.show_text("line\n" * 200, ())
    told: list[int] = []
    view.moved.connect(told.append)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.verticalScrollBar().value() > 0
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    QTest.keyClick(view, Qt.Key.Key_Down)
    view.verticalScrollBar().setValue(0)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert told == [1, -1]


def test_screen_readers_hear_what_was_found(view: CommentView) -> None:
    """The description says how many violations there are and why."""
    view.show_text("a bad word", (far(2),))
    assert view.accessibleDescription() == "1 violation: matches a word"
    view.show_text("a word", ())
    assert view.accessibleDescription() == "No violations found"
