"""The list of a comment's violations: the guideline, and why, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from moderator_app.gui.chip import paint_chip
from moderator_app.gui.text import draw_line, one_line, plain_tooltip
from moderator_app.gui.theme import Theme
from moderator_app.model import Category, Certainty, Violation

MOST_ROWS = 200  # violations listed; the text marks them all
_ROW, _SHOWN_ROWS = 42, 4  # pixels; rows seen without scrolling
_CHIP = 20  # pixels
Index = QModelIndex | QPersistentModelIndex
GuidelineName = Callable[[Category], tuple[str, str]]


class ViolationsModel(QAbstractListModel):
    """One row for each violation."""

    def __init__(self, describe: GuidelineName) -> None:
        super().__init__()
        self.violations: Sequence[Violation] = ()
        self._describe = describe

    def show(self, violations: Sequence[Violation]) -> None:
        """Take over the violations of another comment."""
        self.beginResetModel()
        self.violations = violations[:MOST_ROWS]
        self.endResetModel()

    def headline(self, row: int) -> str:
        """The guideline's name, and whether the mark is only suggested."""
        violation = self.violations[row]
        name = self._describe(violation.category)[0]
        kind = f" ({violation.kind})" if violation.kind else ""
        return f"{name}{kind}" + ("" if violation.certainty is Certainty.CERTAIN else " · suggested")

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.violations)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{self.headline(row)}: {one_line(self.violations[row].why)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            place = f"Violation {row + 1} of {len(self.violations)}"
            return f"{place}. {self.headline(row)}: {one_line(self.violations[row].why)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._describe(self.violations[row].category)[1])
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._describe(self.violations[row].category)[1]
        return None


class _Row(QStyledItemDelegate):
    def __init__(self, model: ViolationsModel, theme: Theme) -> None:
        super().__init__()
        self._model, self.theme = model, theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, theme = QRect(option.rect), self.theme
        violation = self._model.violations[index.row()]
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.accent_soft))
        is_rtl = option.direction == Qt.LayoutDirection.RightToLeft
        chip = QRect(rect.right() - 8 - _CHIP if is_rtl else rect.left() + 8, rect.top() + 11, _CHIP, _CHIP)
        paint_chip(painter, chip, violation.category, theme, is_certain=violation.certainty is Certainty.CERTAIN)
        inner = rect.adjusted(8, 3, -16 - _CHIP, 0) if is_rtl else rect.adjusted(16 + _CHIP, 3, -8, 0)
        lines = (self._model.headline(index.row()), one_line(violation.why))
        font = QFont(option.font)
        for number, line in enumerate(lines):
            font.setBold(number == 0)
            painter.setFont(font)
            painter.setPen(QColor(theme.text if number == 0 else theme.faint))
            place = QRect(inner.left(), inner.top() + 18 * number, inner.width(), 18)
            elided = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, place.width())
            draw_line(painter, place, elided, is_rtl=is_rtl)


class ViolationsView(QListView):
    """The list under the comment; choosing a row shows its place in the text."""

    chosen = Signal(int)  # row

    def __init__(self, describe: GuidelineName, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ViolationsModel(describe)
        self._row = _Row(self._model, theme)
        self.setModel(self._model)
        self.setItemDelegate(self._row)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Violations")
        self.setMinimumHeight(0)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self.activated.connect(lambda index: self.chosen.emit(index.row()))

    def set_theme(self, theme: Theme) -> None:
        """Take over other colours."""
        self._row.theme = theme
        self.viewport().update()

    def show_violations(self, violations: Sequence[Violation]) -> None:
        """Take over the violations of another comment."""
        self._model.show(violations)
        self.setFixedHeight(min(len(violations), _SHOWN_ROWS) * _ROW + 2)
        self.setVisible(bool(violations))

    def next_row(self) -> int:
        """Move to the next violation, after the last to the first again; -1 when there is none."""
        count = self._model.rowCount()
        if count == 0:
            return -1
        row = (self.currentIndex().row() + 1) % count
        self.setCurrentIndex(self._model.index(row, 0))
        return row

    def keyboardSearch(self, search: str) -> None:
        """A stray letter must not move the selection."""
