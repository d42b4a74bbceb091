"""The article that the comment is about: headline, byline, time, place line, body and link."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, QUrl, Signal
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from moderator_app.gui.state_page import StatePage
from moderator_app.gui.text import PlainLabel, direction_of, isolated, moment, one_line
from moderator_app.gui.theme import base_font
from moderator_app.model import Article, Block, BlockKind

_MOST_BLOCKS = 400  # paragraphs set at once; longer articles end with a line that says so
_HEADLINE, _BODY = 15.0, 10.5  # points at 100 per cent


class _Body(QTextEdit):
    """Plain paragraphs; nothing in them is ever interpreted or loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(2)
        self.setViewportMargins(0, 0, 8, 0)  # so that no letter touches the scroll bar
        self.setAccessibleName("Article text")

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.textCursor().selection().toPlainText())
        return data

    def loadResource(self, type: int, name: QUrl | str) -> object:  # noqa: A002 (Qt's own name)
        return None


class ArticlePane(QWidget):
    """Follows the selected comment. Its text size is that of the comment too."""

    larger = Signal()
    smaller = Signal()
    link_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._article: Article | None = None
        self._percent = 100
        self._title, self._byline = PlainLabel(wraps=True), PlainLabel(wraps=True)
        self._link, self._body = QPushButton("Open on the site"), _Body()
        self._state, self._pages = StatePage(), QStackedLayout()
        self._byline.setProperty("faint", True)
        self._build()

    @property
    def article_id(self) -> str:
        """The article shown now, "" for none."""
        return self._article.id if self._article else ""

    def show_article(self, article: Article) -> None:
        """Show an article from its beginning; the same one stays where it was scrolled to."""
        self._pages.setCurrentIndex(0)
        if article == self._article:
            return
        self._article = article
        self._title.setText(one_line(article.title))
        parts = [article.byline, moment(article.published_at), article.place]
        updated = moment(article.updated_at) if article.updated_at != article.published_at else ""
        parts.append(f"updated {updated}" if updated else "")
        self._byline.setText(" · ".join(isolated(part) for part in parts if part))
        self._link.setVisible(bool(article.url))
        self._link.setToolTip("")
        self._set_body()

    def show_state(self, title: str, words: str) -> None:
        """What stands in the article's place while there is none."""
        self._article = None
        self._state.show_state(title, words)
        self._pages.setCurrentIndex(1)

    def set_text_size(self, percent: int) -> None:
        """Set the size of headline and body."""
        self._percent = percent
        self._title.setFont(base_font(_HEADLINE * percent / 100, bold=True))
        self._body.setFont(base_font(_BODY * percent / 100))
        self._set_body()

    def page(self, by: int) -> None:
        """Scroll by a page."""
        bar = self._body.verticalScrollBar()
        bar.setValue(bar.value() + by * bar.pageStep())

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._pages)  # first, else its first page is shown as a window of its own
        page = QFrame()
        page.setProperty("card", True)
        self._pages.addWidget(page)
        self._pages.addWidget(self._state)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(16, 12, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(self._tools())
        layout.addWidget(self._title)
        layout.addWidget(self._byline)
        layout.addWidget(self._body, 1)
        self.set_text_size(self._percent)

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        heading = PlainLabel("Article")
        heading.setProperty("faint", True)
        row.addWidget(heading)
        row.addStretch(1)
        for name, spoken, signal in (
            ("A−", "Smaller text (Ctrl+−)", self.smaller),
            ("A+", "Larger text (Ctrl++)", self.larger),
        ):
            button = QToolButton()
            button.setText(isolated(name))
            button.setToolTip(spoken)
            button.setAccessibleName(spoken)
            button.setAutoRaise(True)
            button.clicked.connect(signal)
            row.addWidget(button)
        self._link.clicked.connect(lambda: self.link_opened.emit(self._article.url if self._article else ""))
        row.addWidget(self._link)
        return row

    def _set_body(self) -> None:
        self._body.clear()
        if self._article is None:
            return
        is_rtl = direction_of(self._article.lang) == Qt.LayoutDirection.RightToLeft
        for widget in (self._title, self._byline, self._body):
            widget.setLayoutDirection(direction_of(self._article.lang))
        cursor = QTextCursor(self._body.document())
        cursor.beginEditBlock()
        self._insert_place(cursor)
        for number, block in enumerate(self._article.blocks[:_MOST_BLOCKS]):
            self._insert(cursor, block, is_first=number == 0, is_rtl=is_rtl)
        cursor.endEditBlock()
        self._body.verticalScrollBar().setValue(0)

    def _insert_place(self, cursor: QTextCursor) -> None:
        if self._article is not None and self._article.place:
            strong = QTextCharFormat()
            strong.setFontWeight(QFont.Weight.Bold)
            cursor.insertText(f"{one_line(self._article.place)} — ", strong)

    def _insert(self, cursor: QTextCursor, block: Block, *, is_first: bool, is_rtl: bool) -> None:
        setting, char = QTextBlockFormat(), QTextCharFormat()
        setting.setLineHeight(118, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        setting.setBottomMargin(8)
        setting.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
        if block.kind is BlockKind.HEADING:
            char.setFontWeight(QFont.Weight.Bold)
        elif block.kind in (BlockKind.QUOTE, BlockKind.ITEM):
            setting.setIndent(1)
        if is_first:
            cursor.setBlockFormat(setting)
        else:
            cursor.insertBlock(setting)
        bullet = "• " if block.kind is BlockKind.ITEM else ""
        text = block.text.replace("\ufffe", "\ufffd")  # Qt would swap the bytes of all that follows
        cursor.insertText(f"{bullet}{text}", char)
