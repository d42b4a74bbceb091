"""The sheet of keys that "?" shows, made from the table of actions."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from moderator_app.gui.actions import Group, key_table
from moderator_app.gui.text import PlainLabel
from moderator_app.gui.theme import base_font

_COLUMNS = ((Group.DECIDE,), (Group.MOVE, Group.VIEW, Group.DESK, Group.HELP))


class KeySheet(QDialog):
    """All keys at a glance; Escape closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for column, groups in enumerate(_COLUMNS):
            row = 0
            for group in groups:
                row = self._add_group(grid, group, row, 3 * column)
            grid.setColumnMinimumWidth(3 * column + 2, 24)
        layout.addLayout(grid)
        note = PlainLabel("Letters work by their place on Arabic and Kurdish keyboards too.")
        note.setProperty("faint", True)
        layout.addWidget(note)
        buttons = QDialogButtonBox()
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _add_group(self, grid: QGridLayout, group: Group, row: int, column: int) -> int:
        title = PlainLabel(group.value)
        title.setFont(base_font(11, bold=True))
        grid.addWidget(title, row, column, 1, 2)
        for offset, (keys, words) in enumerate(key_table()[group], start=1):
            key = PlainLabel(keys)
            key.setFont(base_font(10, bold=True))
            grid.addWidget(key, row + offset, column)
            grid.addWidget(PlainLabel(words), row + offset, column + 1)
        return row + len(key_table()[group]) + 1
