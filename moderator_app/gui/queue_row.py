"""Paints one row of the queue: author, age, language, thread, first words and the letters of what was found."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from moderator_app.desk.queue import QueueItem
from moderator_app.gui.chip import paint_chip
from moderator_app.gui.queue_model import QueueModel
from moderator_app.gui.text import age, direction_of_text, draw_line, one_line
from moderator_app.gui.theme import Theme
from moderator_app.model import Action, Certainty

_PAD, _CHIP, _BAR = 10, 16, 4  # pixels
_MOST_KEPT = 400  # painted rows kept; some thirty are on the screen
_VERDICTS = {Action.APPROVE: "✓ approved", Action.REJECT: "✗ rejected", Action.REOPEN: "reopened"}
_THREAD = {False: "↳", True: "↲"}  # by whether rows run from right to left
Key = tuple[str, int, int, bool, bool]  # comment, version, width in pixels, selected, right to left


class QueueRow(QStyledItemDelegate):
    """Rows are painted once and kept as pictures: scrolling then costs one picture for each row."""

    def __init__(self, model: QueueModel, theme: Theme, font: QFont) -> None:
        super().__init__()
        self._model, self._theme = model, theme
        self._kept: dict[Key, QPixmap] = {}
        self._set_font(font)

    @property
    def height(self) -> int:
        """Of a row, in pixels."""
        return 2 * self._line + 14

    def set_theme(self, theme: Theme, font: QFont) -> None:
        """Take over other colours or another font."""
        self._theme = theme
        self._set_font(font)
        self.forget()

    def forget(self, comment_id: str = "") -> None:
        """Paint one row anew, or all."""
        if not comment_id:
            self._kept.clear()
        for key in [key for key in self._kept if key[0] == comment_id]:
            del self._kept[key]

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, self.height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item, rect = self._model.items[index.row()], option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_rtl = option.direction == Qt.LayoutDirection.RightToLeft
        key = (item.id, item.comment.version, rect.width(), is_selected, is_rtl)
        picture = self._kept.get(key)
        if picture is None:
            picture = self._keep(key, self._picture(painter, item, rect.size(), is_selected=is_selected, is_rtl=is_rtl))
        painter.drawPixmap(rect.topLeft(), picture)

    def _set_font(self, font: QFont) -> None:
        self._font, self._bold, self._small = QFont(font), QFont(font), QFont(font)
        self._bold.setBold(True)
        self._small.setPointSizeF(font.pointSizeF() * 0.88)
        self._line = QFontMetrics(self._bold).height() + 2

    def _keep(self, key: Key, picture: QPixmap) -> QPixmap:
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[key] = picture
        return picture

    def _picture(self, on: QPainter, item: QueueItem, size: QSize, *, is_selected: bool, is_rtl: bool) -> QPixmap:
        ratio = on.device().devicePixelRatioF()
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self._theme.accent_soft if is_selected else self._theme.page))
        with QPainter(picture) as painter:
            painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
            if is_selected:
                left = size.width() - _BAR if is_rtl else 0
                painter.fillRect(QRect(left, 0, _BAR, size.height()), QColor(self._theme.accent))
            painter.setPen(QColor(self._theme.line))
            painter.drawLine(0, size.height() - 1, size.width(), size.height() - 1)
            box = QRect(_PAD, 6, size.width() - 2 * _PAD, self._line)
            free = self._paint_end(painter, item, QRect(box), is_rtl)
            self._paint_author(painter, item, free, is_rtl=is_rtl)
            self._paint_words(painter, item, box.translated(0, self._line))
        return picture

    def _paint_end(self, painter: QPainter, item: QueueItem, box: QRect, is_rtl: bool) -> QRect:
        """Age, language and letters at the row's end; what is left of the line."""
        words = self._end_words(item)
        painter.setFont(self._small)
        painter.setPen(QColor(self._theme.faint))
        painter.drawText(box, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter, words)
        width = painter.fontMetrics().horizontalAdvance(words) + 8
        certain = {each.category for each in item.violations if each.certainty is Certainty.CERTAIN}
        for category in reversed(item.categories):
            left = box.left() + width if is_rtl else box.right() - width - _CHIP
            chip = QRect(left, box.top() + (self._line - _CHIP) // 2, _CHIP, _CHIP)
            paint_chip(painter, chip, category, self._theme, is_certain=category in certain)
            width += _CHIP + 3
        return box.adjusted(width + 4, 0, 0, 0) if is_rtl else box.adjusted(0, 0, -width - 4, 0)

    def _end_words(self, item: QueueItem) -> str:
        verdict = self._model.verdicts.get(item.id)
        if verdict is not None:
            return _VERDICTS[verdict]
        skipped = "skipped · " if item.id in self._model.skipped else ""
        return f"{skipped}{item.comment.lang.upper()} · {age(item.comment.queued_at)}".rstrip(" ·")

    def _paint_author(self, painter: QPainter, item: QueueItem, box: QRect, *, is_rtl: bool) -> None:
        name = one_line(item.comment.author.name) or "(no name)"
        painter.setFont(self._bold)
        painter.setPen(QColor(self._theme.text))
        if item.comment.parent:
            draw_line(painter, box, _THREAD[is_rtl], is_rtl=is_rtl)
            width = painter.fontMetrics().horizontalAdvance(f"{_THREAD[is_rtl]} ")
            box = box.adjusted(0, 0, -width, 0) if is_rtl else box.adjusted(width, 0, 0, 0)
        elided = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, box.width())
        draw_line(painter, box, elided, is_rtl=is_rtl)

    def _paint_words(self, painter: QPainter, item: QueueItem, box: QRect) -> None:
        words = one_line(item.preview) or "(empty)"
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.text if item.preview else self._theme.faint))
        elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        draw_line(painter, box, elided, is_rtl=direction_of_text(words) == Qt.LayoutDirection.RightToLeft)
