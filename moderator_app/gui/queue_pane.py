"""The queue with its order, its filters and its counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from moderator_app.desk.queue import Filter, Order, QueueItem, Snapshot
from moderator_app.gui.queue_view import QueueView
from moderator_app.gui.state_page import StatePage
from moderator_app.gui.text import PlainLabel, lang_name, one_line
from moderator_app.gui.theme import Theme, base_font
from moderator_app.model import Category

_TYPING_PAUSE = 150  # milliseconds before a search begins
_ORDERS = {
    Order.OLDEST: "Oldest first",
    Order.NEWEST: "Newest first",
    Order.MOST_VIOLATIONS: "Most violations",
    Order.FEWEST_VIOLATIONS: "Fewest violations",
}
TitleOf = Callable[[str], str]
GuidelineName = Callable[[Category], str]


class _Search(QLineEdit):
    """The search field; Escape empties it and gives the keys back to the queue."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        own = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)  # else shortcuts of the window would take them
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in own:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class QueuePane(QWidget):
    """Shows one snapshot after another; asks for a new one when the order or a filter changes."""

    rearranged = Signal()  # another order or filter was chosen
    order_chosen = Signal(str)

    def __init__(
        self, theme: Theme, title_of: TitleOf, guideline: GuidelineName, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title_of, self._guideline = title_of, guideline
        self.view = QueueView(theme, base_font(10))
        self._search, self._count = _Search(), PlainLabel()
        self._order, self._article, self._category, self._lang = (QComboBox() for _ in range(4))
        self._empty = StatePage()
        self._pages = QStackedLayout()
        self._articles: tuple[str, ...] = ()
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_PAUSE)
        self._build()
        self._connect()

    @property
    def order(self) -> Order:
        """The chosen order."""
        return Order(self._order.currentData())

    @property
    def filter(self) -> Filter:
        """The chosen filters."""
        category = self._category.currentData()
        return Filter(
            article=self._article.currentData() or "",
            category=Category(category) if category else None,
            lang=self._lang.currentData() or "",
            text=self._search.text().strip(),
        )

    def set_order(self, order: str) -> None:
        """Choose an order without telling anybody."""
        blocked = self._order.blockSignals(True)
        self._order.setCurrentIndex(max(0, self._order.findData(order)))
        self._order.blockSignals(blocked)

    def clear_filters(self) -> None:
        """Show everything again."""
        self._search.clear()
        for box in (self._article, self._category, self._lang):
            box.setCurrentIndex(0)
        self.rearranged.emit()

    def search(self) -> None:
        """Give the keys to the search field."""
        self._search.setFocus()
        self._search.selectAll()

    def show_snapshot(self, snapshot: Snapshot, left: Sequence[QueueItem], *, keep_current: bool) -> None:
        """Take over what is left of the snapshot's list, the counts and what can be filtered by."""
        self._articles = snapshot.articles
        self.name_articles()
        self._fill(self._lang, "Languages", [(each, lang_name(each)) for each in snapshot.langs])
        self.view.show_items(left, keep_current=keep_current)
        self.show_count(snapshot.pending, unreadable=snapshot.unreadable)

    def name_articles(self) -> None:
        """Take over the headlines of the articles that can be filtered by."""
        self._fill(self._article, "Articles", [(each, one_line(self._title_of(each))) for each in self._articles])

    def show_count(self, pending: int, *, unreadable: int = 0) -> None:
        """Say how many comments are shown of how many pending."""
        shown = len(self.view.rows.items)
        words = f"{pending:,} pending" if self.filter.is_empty else f"{shown:,} of {pending:,} pending"
        self._count.setText(words + (f" · {unreadable} cannot be read" if unreadable else ""))
        self._pages.setCurrentWidget(self.view if shown else self._empty)

    def show_state(self, title: str, words: str, button: str = "", action: Callable[[], None] | None = None) -> None:
        """What stands in the place of an empty list."""
        self._empty.show_state(title, words, button, action)

    def set_theme(self, theme: Theme) -> None:
        """Take over other colours."""
        self.view.set_theme(theme, base_font(10))

    def _build(self) -> None:
        for order, name in _ORDERS.items():
            self._order.addItem(name, order.value)
        self._fill(self._article, "Articles", [])
        self._fill(self._category, "Guidelines", [(each.value, self._guideline(each)) for each in Category])
        self._fill(self._lang, "Languages", [])
        self._search.setPlaceholderText("Search text or author  (Ctrl+F)")
        self._search.setClearButtonEnabled(True)
        self._count.setProperty("faint", True)
        self._name_for_screen_readers()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head())
        listed = QWidget()
        listed.setLayout(self._pages)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._empty)
        layout.addWidget(listed, 1)

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(10, 10, 10, 8)
        head.setSpacing(6)
        head.addWidget(self._search)
        for pair in ((self._order, self._category), (self._article, self._lang)):
            row = QHBoxLayout()
            row.setSpacing(6)
            for box in pair:
                box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                box.setMinimumContentsLength(6)
                row.addWidget(box, 1)
            head.addLayout(row)
        head.addWidget(self._count)
        return head

    def _name_for_screen_readers(self) -> None:
        self._search.setAccessibleName("Search text or author")
        for box, name in ((self._order, "Order"), (self._article, "Article"), (self._category, "Guideline")):
            box.setAccessibleName(name)
        self._lang.setAccessibleName("Language")

    def _connect(self) -> None:
        self._typing.timeout.connect(self.rearranged)
        self._search.textChanged.connect(lambda _text: self._typing.start())
        self._search.left.connect(self.view.setFocus)
        self._order.activated.connect(lambda _row: self.order_chosen.emit(self._order.currentData()))
        for box in (self._order, self._article, self._category, self._lang):
            box.activated.connect(self._chosen)

    def _chosen(self) -> None:
        self.rearranged.emit()
        self.view.setFocus()

    def _fill(self, box: QComboBox, everything: str, entries: list[tuple[str, str]]) -> None:
        """Take over the entries of a filter; the chosen one stays chosen as long as it exists."""
        if [box.itemText(row) for row in range(box.count())] == [everything, *(name for _key, name in entries)]:
            return
        chosen = box.currentData()
        box.clear()
        box.addItem(everything, "")
        for key, name in entries:
            box.addItem(name, key)
        box.setCurrentIndex(max(0, box.findData(chosen)) if chosen else 0)
