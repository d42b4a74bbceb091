"""A guideline's letter in a small coloured box, as the queue and the list of violations show it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

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
