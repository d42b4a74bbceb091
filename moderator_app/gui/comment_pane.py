"""The comment to be decided: who wrote it, what it answers, its text, and what may be wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from moderator_app.desk.queue import QueueItem
from moderator_app.gui.comment_view import CommentView
from moderator_app.gui.highlight import shown
from moderator_app.gui.state_page import StatePage
from moderator_app.gui.text import PlainLabel, age, direction_of_text, isolated, lang_name, moment
from moderator_app.gui.theme import Theme, base_font
from moderator_app.gui.violations_view import GuidelineName, ViolationsView
from moderator_app.model import Author, Comment

_PARENT_LETTERS = 280  # code points of the answered comment that are shown
_TEXT = 12.5  # points at 100 per cent


class CommentPane(QWidget):
    """Everything about one comment."""

    moved = Signal(int)  # an arrow key in the text that had nothing to scroll

    def __init__(self, describe: GuidelineName, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = CommentView(theme)
        self.violations = ViolationsView(describe, theme)
        self._item: QueueItem | None = None
        self._author, self._facts = PlainLabel(wraps=True), PlainLabel(wraps=True)
        self._switch, self._hidden, self._verdict = (PlainLabel(wraps=True) for _ in range(3))
        self._parent_box, self._parent_author, self._parent_text = QFrame(), PlainLabel(), PlainLabel(wraps=True)
        self._more = QPushButton()
        self._state, self._pages = StatePage(), QStackedLayout()
        self._build()
        self.view.moved.connect(self.moved)
        self.violations.chosen.connect(self._go_to)
        self._more.clicked.connect(self._show_more)

    @property
    def item(self) -> QueueItem | None:
        """The comment that is shown."""
        return self._item

    def show_item(self, item: QueueItem) -> None:
        """Show a comment."""
        self._item = item
        comment = item.comment
        self._pages.setCurrentIndex(0)
        self._author.setText(isolated(comment.author.name) if comment.author.name else "(no name)")
        self._facts.setText(_facts(comment))
        self._say(self._switch, "")
        self._say(self._verdict, "")
        self._parent_box.setVisible(comment.parent is not None)
        if comment.parent is not None:
            self._show_answered("In reply to", "a comment that is being fetched…")
        self.view.show_text(comment.text, item.violations)
        self.violations.show_violations(item.violations)
        self._show_left_out()

    def show_parent(self, parent: Comment) -> None:
        """Show the comment that this one answers."""
        text = parent.text[:_PARENT_LETTERS] + ("…" if len(parent.text) > _PARENT_LETTERS else "")
        self._show_answered(f"In reply to {isolated(parent.author.name)}", shown(text).text)

    def show_parent_trouble(self, sentence: str) -> None:
        """Say why the answered comment cannot be shown."""
        self._show_answered("In reply to another comment", sentence)

    def say_other_article(self, title: str) -> None:
        """Say that the comment is about another article than the one before."""
        self._say(self._switch, f"Another article: {isolated(title)}")

    def say_verdict(self, words: str) -> None:
        """Say what was decided about the comment that is still shown."""
        self._say(self._verdict, words)

    def show_state(self, title: str, words: str) -> None:
        """What stands here while there is no comment."""
        self._item = None
        self._state.show_state(title, words)
        self._pages.setCurrentIndex(1)

    def next_violation(self) -> None:
        """Go to the next violation in the text."""
        row = self.violations.next_row()
        if row >= 0:
            self._go_to(row)

    def set_text_size(self, percent: int) -> None:
        """Set the size of the comment's text."""
        self.view.setFont(base_font(_TEXT * percent / 100))
        if self._item is not None:
            self.view.show_text(self._item.comment.text, self._item.violations)
        self._parent_text.setFont(base_font(10 * percent / 100))

    def set_theme(self, theme: Theme) -> None:
        """Take over other colours."""
        self.view.set_theme(theme)
        self.violations.set_theme(theme)

    def _build(self) -> None:
        self._author.setFont(base_font(12, bold=True))
        self._facts.setProperty("faint", True)
        self._parent_box.setProperty("quote", True)
        for notice in (self._hidden, self._verdict):
            notice.setProperty("notice", True)
        self._switch.setProperty("switch", True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._pages)  # first, else its first page is shown as a window of its own
        page = QFrame()
        page.setProperty("card", True)
        self._pages.addWidget(page)
        self._pages.addWidget(self._state)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(6)
        quote = QVBoxLayout(self._parent_box)
        quote.setContentsMargins(10, 6, 10, 6)
        quote.setSpacing(2)
        quote.addWidget(self._parent_author)
        quote.addWidget(self._parent_text)
        self._parent_author.setProperty("faint", True)
        for widget in (self._switch, self._author, self._facts, self._parent_box, self._verdict, self._hidden):
            layout.addWidget(widget)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.violations)
        self.set_text_size(100)

    def _show_answered(self, whose: str, text: str) -> None:
        self._parent_author.setText(whose)
        self._parent_text.setLayoutDirection(direction_of_text(text))
        self._parent_text.setText(text)

    def _go_to(self, row: int) -> None:
        if self._item is not None:
            count = len(self._item.violations)
            self.view.go_to(self._item.violations[row], f"Violation {row + 1} of {count}")
            self._show_left_out()

    def _show_more(self) -> None:
        self.view.show_more()
        self._show_left_out()

    def _show_left_out(self) -> None:
        """Say how much of the text is not shown, and what is hidden in the part that is."""
        left, text = self.view.left_out, self.view.text
        self._more.setVisible(left > 0)
        self._more.setText(f"Show more of {left:,} characters not shown yet")
        is_empty = not text or text.isspace()
        self._say(self._hidden, _hidden_words(self.view.hidden, is_empty=is_empty, is_part=left > 0))

    @staticmethod
    def _say(label: PlainLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))


def _facts(comment: Comment) -> str:
    parts = [_record(comment.author), lang_name(comment.lang), age(comment.queued_at), moment(comment.created_at)]
    return " · ".join(part for part in parts if part)


def _record(author: Author) -> str:
    """The reader's record in words; "" when the server does not tell it."""
    if author.approved is None or author.rejected is None:
        return ""
    if author.approved == author.rejected == 0:
        return "first comment"
    return f"{author.approved:,} approved, {author.rejected:,} rejected"


def _hidden_words(count: int, *, is_empty: bool, is_part: bool) -> str:
    if is_empty:
        return "(empty) This comment has no visible text."
    if count == 0:
        return ""
    noun = "character" if count == 1 else "characters"
    so_far = " in the part that is shown" if is_part else ""
    return f"{count:,} hidden {noun}{so_far}: shown as signs like ◦ or ⇐ in the text."
