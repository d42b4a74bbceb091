"""One comment's text as the reader wrote it, read-only, with its violations marked in colour, line and letter."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextBlockFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from moderator_app.gui.chip import Letters
from moderator_app.gui.highlight import Formats, from_utf16, letters, shown, stretches, to_utf16
from moderator_app.gui.theme import Theme
from moderator_app.model import Certainty, Violation

CHUNK = 4_000  # code points shown at first and added by each "more"; Qt lays out so many, of any script, in some 50 ms
MOST_STRETCHES = (
    1_000  # settings in one part; a text that changes its setting with each letter is shown in smaller parts
)
MOST_CHIPS = 300  # letters painted at once; more on one screen would cover each other
_LEAD = CHUNK // 10  # code points shown before a violation that is too far away to show all that lies between
_MARGIN = 14  # pixels; the letters of the first line need it
_LINE_HEIGHT = 135  # per cent; the letters stand between the lines
_CHIP = 13  # pixels


class CommentView(QTextEdit):
    """Shows one text and never changes it: what can be copied out of it is the reader's own text."""

    moved = Signal(int)  # an arrow key that had nothing to scroll: 1 down, -1 up

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._formats = theme, Formats(theme)
        self._text, self._display = "", ""
        self._begin = self._end = 0  # of the part that is shown
        self._violations: Sequence[Violation] = ()
        self._hidden = 0
        self._chips: list[tuple[int, Violation]] = []
        self._current: Violation | None = None
        self._block = QTextBlockFormat()
        self._block.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        self._letters = Letters(theme, _CHIP)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(_MARGIN)
        self.setAccessibleName("Comment")

    @property
    def text(self) -> str:
        """The whole text of the comment, as it was given."""
        return self._text

    @property
    def hidden(self) -> int:
        """How many hidden characters the part that is shown has."""
        return self._hidden

    @property
    def left_out(self) -> int:
        """How many code points of a long comment are not shown."""
        return len(self._text) - (self._end - self._begin)

    def set_theme(self, theme: Theme) -> None:
        """Take over other colours."""
        self._theme, self._formats, self._letters = theme, Formats(theme), Letters(theme, _CHIP)
        self.show_text(self._text, self._violations)

    def show_text(self, text: str, violations: Sequence[Violation]) -> None:
        """Show a comment from its beginning."""
        self._text, self._violations, self._current = text, violations, None
        self._show_from(0)
        self.setAccessibleDescription(_described(violations))

    def show_more(self) -> None:
        """Show the next part of a long comment too; after the last one it begins again."""
        if self._begin and self._end == len(self._text):
            self._show_from(0)
            return
        start, self._end = self._end, min(self._end + CHUNK, len(self._text))
        piece = shown(self._text, start, self._end)
        near = [each for each in self._violations if each.start < self._end and each.end > start]
        parts = stretches(start, self._end, near, piece.hidden)[:MOST_STRETCHES]
        self._end = parts[-1].end if parts else start
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if cursor.blockFormat() != self._block:
            cursor.setBlockFormat(self._block)
        for part in parts:
            cursor.insertText(piece.text[part.start - start : part.end - start], self._formats.of(part))
        cursor.endEditBlock()
        self._display += piece.text[: self._end - start]
        self._hidden += bisect_left(piece.hidden, self._end)
        self._chips += letters(start, self._end, near)

    def go_to(self, violation: Violation, place: str) -> None:
        """Bring a violation into view and ring it; `place` is said to screen readers, like "violation 2 of 3"."""
        if self._end <= violation.start < self._end + CHUNK:
            self.show_more()
        elif not self._begin <= violation.start < self._end:
            self._show_from(max(0, violation.start - _LEAD))
        self._current = violation
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._position(violation.start))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self.viewport().update()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{place}: {violation.why}"))

    def _show_from(self, begin: int) -> None:
        """Show one part of the text alone."""
        self._begin = self._end = min(begin, len(self._text))
        self._display, self._hidden, self._chips = "", 0, []
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # one layout for what goes and what comes
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        self.show_more()
        cursor.endEditBlock()
        self.verticalScrollBar().setValue(0)

    def _position(self, index: int) -> int:
        """The document's position of a code point of the text, or the nearest that is shown."""
        return to_utf16(self._display, min(max(index, self._begin), self._end) - self._begin)

    def _index(self, position: int) -> int:
        """The code point of the text at a position of the document."""
        return self._begin + from_utf16(self._display, position)

    def _seen(self) -> tuple[int, int]:
        """The code points between which everything lies that can be seen now."""
        if not self.verticalScrollBar().maximum():
            return self._begin, self._end
        top = self.cursorForPosition(QPoint(0, 0))
        top.movePosition(QTextCursor.MoveOperation.StartOfLine)
        bottom = self.cursorForPosition(QPoint(0, self.viewport().height() + 2 * _CHIP))
        bottom.movePosition(QTextCursor.MoveOperation.EndOfLine)
        return self._index(top.position()), self._index(bottom.position())

    def _paint_chips(self, painter: QPainter, first: int, last: int) -> None:
        ratio = self.devicePixelRatioF()
        chips = self._chips[bisect_left(self._chips, first, key=_place) : bisect_left(self._chips, last, key=_place)]
        cursor = QTextCursor(self.document())
        for place, violation in chips[:MOST_CHIPS]:
            cursor.setPosition(self._position(place))
            start = self.cursorRect(cursor)
            is_rtl = cursor.block().textDirection() == Qt.LayoutDirection.RightToLeft
            left = start.left() - (_CHIP if is_rtl else 0)
            is_certain = violation.certainty is Certainty.CERTAIN
            picture = self._letters.picture(violation.category, is_certain=is_certain, ratio=ratio)
            painter.drawPixmap(left, start.top() - _CHIP + 2, picture)

    def _paint_ring(self, painter: QPainter, start: int, end: int) -> None:
        painter.setPen(QPen(QColor(self._theme.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rect in self._rects(self._position(start), self._position(end)):
            painter.drawRoundedRect(rect.adjusted(-2, -1, 2, 1), 3, 3)

    def _rects(self, start: int, end: int) -> Iterator[QRectF]:
        """Where the text between two positions stands in the viewport, line by line."""
        offset = QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < end:
            layout = block.layout()
            origin = self.document().documentLayout().blockBoundingRect(block).topLeft() - offset
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                first = max(start - block.position(), line.textStart())
                last = min(end - block.position(), line.textStart() + line.textLength())
                if first < last:
                    xs = [_x(line.cursorToX(first)), _x(line.cursorToX(last))]
                    top = origin.y() + line.y() + line.height() - line.ascent() - line.descent()
                    yield QRectF(origin.x() + min(xs), top, abs(xs[1] - xs[0]), line.ascent() + line.descent())
            block = block.next()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._chips:
            return
        with QPainter(self.viewport()) as painter:
            first, last = self._seen()
            if self._current is not None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint_ring(painter, max(first, self._current.start), min(last, self._current.end))
            self._paint_chips(painter, first, last)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        bar = self.verticalScrollBar()
        if step and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if bar.value() == (bar.maximum() if step > 0 else bar.minimum()):
                self.moved.emit(step)
            else:
                bar.setValue(bar.value() + step * bar.singleStep())
            return
        super().keyPressEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor = self.textCursor()
        text = self._text[self._index(cursor.selectionStart()) : self._index(cursor.selectionEnd())]
        data = QMimeData()
        data.setData("text/plain", text.encode())  # setText would take a first U+FEFF or U+FFFE for a byte order mark
        return data

    def loadResource(self, type: int, name: QUrl | str) -> object:  # noqa: A002 (Qt's own name)
        return None


def _place(chip: tuple[int, Violation]) -> int:
    return chip[0]


def _x(found: object) -> float:
    """PySide answers with the position alone or with the cursor beside it."""
    position = found[0] if isinstance(found, tuple) else found
    assert isinstance(position, float)
    return position


def _described(violations: Sequence[Violation]) -> str:
    if not violations:
        return "No violations found"
    noun = "violation" if len(violations) == 1 else "violations"
    return f"{len(violations)} {noun}: " + "; ".join(violation.why for violation in violations[:10])
