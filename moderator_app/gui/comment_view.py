"""One comment's text as the reader wrote it, read-only, with its violations marked in colour, line and letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextBlockFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from moderator_app.gui.highlight import Formats, from_utf16, shown, stretches, to_utf16
from moderator_app.gui.theme import Theme
from moderator_app.model import Certainty, Violation

CHUNK = 10_000  # code points shown at first and added by each "more"; Qt lays out this many in well under 100 ms
_MARGIN = 14  # pixels; the letters of the first line need it
_LINE_HEIGHT = 135  # per cent; the letters stand between the lines
_CHIP = 13  # pixels


class CommentView(QTextEdit):
    """Shows one text and never changes it: what can be copied out of it is the reader's own text."""

    moved = Signal(int)  # an arrow key that had nothing to scroll: 1 down, -1 up

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._formats = theme, Formats(theme)
        self._text, self._display, self._end = "", "", 0
        self._violations: Sequence[Violation] = ()
        self._hidden: tuple[int, ...] = ()
        self._chips: list[tuple[int, Violation]] = []
        self._current: Violation | None = None
        self._block = QTextBlockFormat()
        self._block.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        self._chip_font = QFont("DejaVu Sans", 7, QFont.Weight.Bold)
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
        """How many hidden characters the text has."""
        return len(self._hidden)

    @property
    def left_out(self) -> int:
        """How many code points of a long comment are not shown yet."""
        return len(self._text) - self._end

    def set_theme(self, theme: Theme) -> None:
        """Take over other colours."""
        self._theme, self._formats = theme, Formats(theme)
        self.show_text(self._text, self._violations)

    def show_text(self, text: str, violations: Sequence[Violation]) -> None:
        """Show a comment from its beginning."""
        display = shown(text)
        self._text, self._display, self._hidden = text, display.text, display.hidden
        self._violations, self._current, self._end = violations, None, 0
        self._chips = []
        self.clear()
        self.show_more()
        self.verticalScrollBar().setValue(0)
        self.setAccessibleDescription(_described(violations))

    def show_more(self) -> None:
        """Show the next part of a long comment."""
        start, self._end = self._end, min(self._end + CHUNK, len(self._text))
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.setBlockFormat(self._block)
        for part in stretches(self._end, self._violations, self._hidden):
            if part.end > start:
                cursor.insertText(self._display[max(part.start, start) : part.end], self._formats.of(part))
        cursor.endEditBlock()
        self._chips += [
            (to_utf16(self._display, violation.start), violation)
            for violation in self._violations
            if start <= violation.start < self._end
        ]

    def go_to(self, violation: Violation, place: str) -> None:
        """Bring a violation into view and ring it; `place` is said to screen readers, like "violation 2 of 3"."""
        while violation.start >= self._end and self.left_out:
            self.show_more()
        self._current = violation
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(to_utf16(self._display, violation.start), self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self.viewport().update()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{place}: {violation.why}"))

    def _paint_chips(self, painter: QPainter) -> None:
        painter.setFont(self._chip_font)
        height = self.viewport().height()
        for position, violation in self._chips:
            cursor = QTextCursor(self.document())
            cursor.setPosition(position)
            start = self.cursorRect(cursor)
            if start.bottom() >= 0 and start.top() <= height:
                is_rtl = cursor.block().textDirection() == Qt.LayoutDirection.RightToLeft
                left = start.left() - (_CHIP if is_rtl else 0)
                self._paint_chip(painter, QRectF(left, start.top() - _CHIP + 2, _CHIP, _CHIP), violation)

    def _paint_chip(self, painter: QPainter, chip: QRectF, violation: Violation) -> None:
        mark = self._theme.marks[violation.category]
        is_certain = violation.certainty is Certainty.CERTAIN
        painter.setPen(QPen(QColor(mark.stroke), 1))
        painter.setBrush(QColor(mark.stroke if is_certain else self._theme.page))
        painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(QColor(self._theme.page if is_certain else mark.stroke))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, mark.letter)

    def _paint_ring(self, painter: QPainter, violation: Violation) -> None:
        painter.setPen(QPen(QColor(self._theme.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rect in self._rects(to_utf16(self._display, violation.start), to_utf16(self._display, violation.end)):
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
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._current is not None:
                self._paint_ring(painter, self._current)
            self._paint_chips(painter)

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
        start = from_utf16(self._display, cursor.selectionStart())
        end = from_utf16(self._display, cursor.selectionEnd())
        data = QMimeData()
        data.setText(self._text[start:end])
        return data

    def loadResource(self, type: int, name: QUrl | str) -> object:  # noqa: A002 (Qt's own name)
        return None


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
