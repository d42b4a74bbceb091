"""A guideline's letter in a small coloured box, as the queue, the comment and the list of violations show it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from moderator_app.gui.theme import Theme
from moderator_app.model import Category


def paint_chip(painter: QPainter, chip: QRect, category: Category, theme: Theme, *, is_certain: bool) -> None:
    """A guideline's letter in its colours: filled when certain, outlined when only suggested."""
    mark = theme.marks[category]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(mark.stroke))
    painter.setBrush(QColor(mark.stroke if is_certain else mark.fill))
    painter.drawRoundedRect(chip, 4, 4)
    font = painter.font()
    font.setBold(True)
    font.setPixelSize(max(9, chip.height() * 6 // 10))
    painter.setFont(font)
    painter.setPen(QColor(theme.page if is_certain else theme.text))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, mark.letter)
    painter.restore()


class Letters:
    """The letters that stand in a comment's text, each painted once for one theme and kept as a picture.

    Ten of them painted anew took longer than the whole text; ten pictures take a tenth of that (measured).
    """

    def __init__(self, theme: Theme, size: int) -> None:
        self._theme, self._size = theme, size  # pixels
        self._kept: dict[tuple[Category, bool, float], QPixmap] = {}

    def picture(self, category: Category, *, is_certain: bool, ratio: float) -> QPixmap:
        """A guideline's letter, filled when certain, for a screen with so many device pixels to the pixel."""
        key = (category, is_certain, ratio)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._paint(category, is_certain=is_certain, ratio=ratio)
        return found

    def _paint(self, category: Category, *, is_certain: bool, ratio: float) -> QPixmap:
        mark, box = self._theme.marks[category], QRectF(0, 0, self._size, self._size)
        side = round(self._size * ratio)
        picture = QPixmap(side, side)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(QFont("DejaVu Sans", 7, QFont.Weight.Bold))
            painter.setPen(QPen(QColor(mark.stroke), 1))
            painter.setBrush(QColor(mark.stroke if is_certain else self._theme.page))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.setPen(QColor(self._theme.page if is_certain else mark.stroke))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark.letter)
        return picture
