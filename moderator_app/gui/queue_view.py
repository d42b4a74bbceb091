"""The list of pending comments: a table of one column, which shows a hundred thousand rows as fast as a hundred."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from moderator_app.desk.queue import QueueItem
from moderator_app.gui.queue_model import QueueModel
from moderator_app.gui.queue_row import QueueRow
from moderator_app.gui.theme import Theme
from moderator_app.model import Action

_AGES_EVERY = 60_000  # milliseconds


class QueueView(QTableView):
    """A list view lays out every row anew on each insertion; a table with fixed rows lays out what is seen.

    The selection follows a comment, not a row: rows that come and go neither move it nor the scroll position.
    """

    picked = Signal(object)  # the QueueItem now selected, or None

    def __init__(self, theme: Theme, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = QueueModel()
        self._row = QueueRow(self.rows, theme, font)
        self.setModel(self.rows)
        self.setItemDelegate(self._row)
        self._lay_out_as_list()
        self.setAccessibleName("Pending comments")
        self.setAccessibleDescription("J and K move, A approves, R rejects")
        self.selectionModel().currentChanged.connect(self._current_changed)
        self._ages = QTimer(self)
        self._ages.timeout.connect(self._forget_ages)
        self._ages.start(_AGES_EVERY)

    @property
    def current(self) -> QueueItem | None:
        """The selected comment."""
        row = self.currentIndex().row()
        return self.rows.items[row] if 0 <= row < len(self.rows.items) else None

    def show_items(self, items: Sequence[QueueItem], *, keep_current: bool) -> None:
        """Take over another list; `keep_current` leaves the comment being read in it whatever happened to it."""
        current, place = self.current, self._place()
        self.rows.apply(items, keep=current.id if current is not None and keep_current else "")
        self._put_back(place)
        if self.current is None:
            self.go_to_row(0)

    def go_to_row(self, row: int) -> None:
        """Select a row, or the nearest there is."""
        last = len(self.rows.items) - 1
        if last >= 0:
            self.setCurrentIndex(self.rows.index(max(0, min(row, last)), 0))
        else:
            self.picked.emit(None)

    def go_to(self, item: QueueItem) -> None:
        """Select a comment, putting it back into the list if it is not there."""
        row = self.rows.row_of(item.id)
        if row < 0:
            row = self.rows.insert(max(0, self.currentIndex().row()), item)
        else:
            self.rows.items[row] = item
        self._row.forget(item.id)
        is_current = row == self.currentIndex().row()
        self.setCurrentIndex(self.rows.index(row, 0))
        if is_current:
            self.picked.emit(item)  # it is shown anew, for its version or its verdict may be another one now

    def step(self, by: int) -> bool:
        """Move the selection; False at the end of the list."""
        row = self.currentIndex().row() + by
        if not 0 <= row < len(self.rows.items):
            return False
        self.go_to_row(row)
        return True

    def take_out(self, comment_id: str) -> None:
        """Remove a decided comment; the next one, or at the end the one before, is selected by that."""
        row = self.currentIndex().row()
        if self.current is None or self.current.id != comment_id:
            row = self.rows.row_of(comment_id)
        if row >= 0:
            self.rows.remove(row)
        if not self.rows.items:
            self.picked.emit(None)

    def mark_decided(self, comment_id: str, action: Action) -> None:
        """Leave a decided comment in the list, marked, until the selection moves on."""
        self.rows.verdicts[comment_id] = action
        self.repaint_row(comment_id)

    def unmark_decided(self, comment_id: str) -> None:
        """The decision was taken back."""
        self.rows.verdicts.pop(comment_id, None)
        self.repaint_row(comment_id)

    def mark_skipped(self, comment_id: str) -> None:
        """Show that a comment was passed over."""
        self.rows.skipped.add(comment_id)
        self.repaint_row(comment_id)

    def repaint_row(self, comment_id: str) -> None:
        """Paint one comment's row anew."""
        self._row.forget(comment_id)
        self.viewport().update()

    def set_theme(self, theme: Theme, font: QFont) -> None:
        """Take over other colours or another font."""
        self._row.set_theme(theme, font)
        self.verticalHeader().setDefaultSectionSize(self._row.height)
        self.viewport().update()

    def keyboardSearch(self, search: str) -> None:
        """A stray letter must not move the selection."""

    def _lay_out_as_list(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(self._row.height)

    def _current_changed(self, new: QModelIndex, old: QModelIndex) -> None:
        self.picked.emit(self.rows.items[new.row()] if new.isValid() else None)
        if old.isValid() and self.rows.verdicts:
            QTimer.singleShot(0, self._remove_decided)

    def _remove_decided(self) -> None:
        """Take out the comments that were decided with "stay", now that the selection has moved on."""
        current = self.current
        for comment_id in [each for each in self.rows.verdicts if current is None or each != current.id]:
            row = self.rows.row_of(comment_id)
            if row >= 0:
                self.rows.remove(row)
            self.rows.verdicts.pop(comment_id, None)

    def _place(self) -> tuple[str, int]:
        """The comment at the top edge and how many pixels of it are scrolled out; "" when nothing is."""
        row, hidden = divmod(self.verticalScrollBar().value(), self._row.height)
        is_scrolled = (row or hidden) and row < len(self.rows.items)
        return (self.rows.items[row].id, hidden) if is_scrolled else ("", 0)

    def _put_back(self, place: tuple[str, int]) -> None:
        """Rows that came or went above what is seen must not move it."""
        row = self.rows.row_of(place[0]) if place[0] else -1
        if row >= 0:
            self.executeDelayedItemsLayout()  # else the scroll bar ends where the old list did
            self.verticalScrollBar().setValue(row * self._row.height + place[1])

    def _forget_ages(self) -> None:
        self._row.forget()
        self.viewport().update()
