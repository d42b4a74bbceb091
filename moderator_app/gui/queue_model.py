"""The rows of the queue for Qt, changed in place so that nothing moves under the reader's eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress, count, islice
from operator import is_not
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
        first, old_end, new_end = _difference(self.items, new)
        if first in (old_end, new_end):  # rows only came or only went, in one place
            self._remove_runs([(first, old_end - 1)] if first < old_end else [])
            self._insert_runs([(first, new_end - 1)] if first < new_end else [], new)
            return
        wanted = {item.id for item in new[first:new_end]}
        gone = [row for row in range(first, old_end) if self.items[row].id not in wanted]
        kept = [item.id for item in self.items[first:old_end] if item.id in wanted]
        known = set(kept)
        missing = [row for row in range(first, new_end) if new[row].id not in known]
        goes, comes = _runs(gone), _runs(missing)
        is_same_order = kept == [item.id for item in new[first:new_end] if item.id in known]
        if is_same_order and max(len(goes), len(comes)) <= MOST_RUNS:
            self._remove_runs(goes)
            self._insert_runs(comes, new)
            self._update(new, first, new_end)
        else:
            self._lay_out(new)

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
        is_in_place = 0 <= row < len(new) and new[row].id == keep  # seen at once where nothing changed above it
        if row >= 0 and not is_in_place and all(item.id != keep for item in new):
            new.insert(min(row, len(new)), self.items[row])
        return new

    def _remove_runs(self, runs: Sequence[tuple[int, int]]) -> None:
        for first, last in reversed(runs):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self.items[first : last + 1]
            self.endRemoveRows()

    def _insert_runs(self, runs: Sequence[tuple[int, int]], new: Sequence[QueueItem]) -> None:
        for first, last in runs:
            self.beginInsertRows(QModelIndex(), first, last)
            self.items[first:first] = new[first : last + 1]
            self.endInsertRows()

    def _update(self, new: Sequence[QueueItem], first: int, end: int) -> None:
        changed = [row for row in range(first, end) if self.items[row] is not new[row]]
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


def _difference(old: Sequence[QueueItem], new: Sequence[QueueItem]) -> tuple[int, int, int]:
    """Where two lists differ: from the first number, to the second in the old one and to the third in the new one."""
    shorter = min(len(old), len(new))
    first = _count_same(old, new, shorter)
    last = _count_same(reversed(old), reversed(new), shorter - first)
    return first, len(old) - last, len(new) - last


def _count_same(one: Iterable[QueueItem], other: Iterable[QueueItem], most: int) -> int:
    """How many items, up to `most`, two lists begin with alike; a hundred thousand are compared in some 4 ms."""
    return next(compress(count(), map(is_not, islice(one, most), other)), most)


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
