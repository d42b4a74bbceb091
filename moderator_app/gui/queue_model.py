"""The rows of the queue for Qt, changed in place so that nothing moves under the reader's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from moderator_app.desk.queue import QueueItem
from moderator_app.gui.text import lang_name, one_line
from moderator_app.model import Action

MOST_RUNS = 50  # separate places changed one by one; more of them are one new layout
Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractTableModel):
    """One column, one row for each comment; `items` is read directly by whoever paints."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[QueueItem] = []
        self.verdicts: dict[str, Action] = {}  # decided, and still shown because the moderator stayed
        self.skipped: set[str] = set()

    def row_of(self, comment_id: str) -> int:
        """The row of a comment; -1 when it is not in the list."""
        return next((row for row, item in enumerate(self.items) if item.id == comment_id), -1)

    def apply(self, items: Sequence[QueueItem], *, keep: str = "") -> None:
        """Become `items`, touching only what differs; the comment `keep` stays although it is not among them."""
        new = self._with_kept(list(items), keep)
        wanted = {item.id: item for item in new}
        self._remove_all_but(wanted)
        kept = [item.id for item in self.items]
        known = set(kept)
        if kept != [item.id for item in new if item.id in known] or self._count_runs(new, known) > MOST_RUNS:
            self._lay_out(new)
            return
        self._insert_missing(new, known)
        self._update(new)

    def remove(self, row: int) -> None:
        """Take out one row."""
        self.beginRemoveRows(QModelIndex(), row, row)
        item = self.items.pop(row)
        self.verdicts.pop(item.id, None)
        self.endRemoveRows()

    def insert(self, row: int, item: QueueItem) -> int:
        """Put a row in; the row it got."""
        row = max(0, min(row, len(self.items)))
        self.beginInsertRows(QModelIndex(), row, row)
        self.items.insert(row, item)
        self.endInsertRows()
        return row

    def touch(self, row: int) -> None:
        """Have one row painted again."""
        index = self.index(row, 0)
        self.dataChanged.emit(index, index)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def columnCount(self, parent: Index | None = None) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.items[index.row()].preview
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(self.items[index.row()])
        return None

    def _with_kept(self, new: list[QueueItem], keep: str) -> list[QueueItem]:
        row = self.row_of(keep) if keep else -1
        if row >= 0 and all(item.id != keep for item in new):
            new.insert(min(row, len(new)), self.items[row])
        return new

    def _remove_all_but(self, wanted: dict[str, QueueItem]) -> None:
        gone = [row for row, item in enumerate(self.items) if item.id not in wanted]
        if len(gone) > MOST_RUNS * 20:
            self._lay_out([item for item in self.items if item.id in wanted])
            return
        for first, last in reversed(_runs(gone)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self.items[first : last + 1]
            self.endRemoveRows()

    def _count_runs(self, new: Sequence[QueueItem], known: set[str]) -> int:
        return sum(1 for is_new, _run in groupby(new, lambda item: item.id not in known) if is_new)

    def _insert_missing(self, new: Sequence[QueueItem], known: set[str]) -> None:
        missing = [row for row, item in enumerate(new) if item.id not in known]
        for first, last in _runs(missing):
            self.beginInsertRows(QModelIndex(), first, last)
            self.items[first:first] = new[first : last + 1]
            self.endInsertRows()

    def _update(self, new: Sequence[QueueItem]) -> None:
        changed = [row for row, item in enumerate(new) if self.items[row] is not item]
        for row in changed:
            self.items[row] = new[row]
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], 0))

    def _lay_out(self, new: Sequence[QueueItem]) -> None:
        """Take over another order; what is selected stays selected."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        ids = [self.items[index.row()].id for index in old]
        self.items = list(new)
        rows = {item.id: row for row, item in enumerate(self.items)} if ids else {}
        moved = [self.index(rows[each], 0) if each in rows else QModelIndex() for each in ids]
        self.changePersistentIndexList(old, moved)
        self.layoutChanged.emit()


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers of a rising sequence as pairs of first and last."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def _spoken(item: QueueItem) -> str:
    """A row as a screen reader says it."""
    count = len(item.violations)
    found = f"{count} violation{'' if count == 1 else 's'}: {', '.join(item.categories)}" if count else "no violations"
    return f"{one_line(item.comment.author.name)}, {lang_name(item.comment.lang)}, {found}. {one_line(item.preview)}"
