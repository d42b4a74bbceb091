"""Brings the selected comment to the screen with its article and the comment it answers, and fetches those ahead."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from moderator_app.desk.desk import Desk
from moderator_app.desk.queue import QueueItem
from moderator_app.errors import KnownTrouble
from moderator_app.gui.article_pane import ArticlePane
from moderator_app.gui.comment_pane import CommentPane
from moderator_app.gui.queue_view import QueueView
from moderator_app.gui.tasks import Tasks
from moderator_app.model import Article, Comment

MOST_NAMED = 30  # articles fetched only to be named in the list of filters
AHEAD = 5  # comments whose articles are fetched before they are reached


class Reading(QObject):
    """Follows the queue's selection. What is known is shown at once; the rest comes in when it was fetched."""

    appeared = Signal(object)  # the QueueItem that is on the screen now
    article_named = Signal(str)  # the id of an article whose headline is known now

    def __init__(
        self, desk: Desk, tasks: Tasks, *, queue: QueueView, comment: CommentPane, article: ArticlePane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._tasks = desk, tasks
        self._queue, self._comment, self._article = queue, comment, article
        self._last_article = ""
        self._is_other = False  # whether the comment is about another article than the one before
        self._asked: set[str] = set()
        queue.picked.connect(self.show)

    def show(self, item: QueueItem | None) -> None:
        """Show a comment; None clears the comment and leaves the article."""
        if item is None:
            self._comment.show_state("No comment selected", "What is left to decide is in the queue.")
            return
        article_id = item.comment.article
        self._is_other = bool(self._last_article) and article_id != self._last_article
        self._last_article = article_id
        self._comment.show_item(item)
        self._say_other_article()
        self._show_article(article_id)
        self._show_parent(item)
        self.appeared.emit(item)
        self._fetch_ahead()

    def title_of(self, article_id: str) -> str:
        """An article's headline, or its id as long as it was not fetched."""
        known = self._desk.known_article(article_id)
        return known.title if known else article_id

    def fetch(self, article_ids: Sequence[str]) -> None:
        """Fetch what is not known yet of the first articles, so that they can be named."""
        for article_id in article_ids[:MOST_NAMED]:
            if self._desk.known_article(article_id) is None:
                self._fetch(article_id)

    def _say_other_article(self) -> None:
        """That another article begins is easily overlooked."""
        if self._is_other:
            self._comment.say_other_article(self.title_of(self._last_article))

    def _show_article(self, article_id: str) -> None:
        known = self._desk.known_article(article_id)
        if known is not None:
            self._article.show_article(known)
        elif self._article.article_id != article_id:
            self._article.show_state("Article", "The article is being fetched…")
        self._fetch(article_id)

    def _fetch(self, article_id: str) -> None:
        if article_id not in self._asked:
            self._asked.add(article_id)
            self._tasks.run(
                lambda: self._desk.article(article_id),
                self._article_came,
                lambda trouble: self._article_failed(article_id, trouble),
            )

    def _article_came(self, article: Article) -> None:
        self._asked.discard(article.id)
        if self._is_wanted(article.id):
            self._article.show_article(article)
            self._say_other_article()
        self.article_named.emit(article.id)

    def _article_failed(self, article_id: str, trouble: KnownTrouble) -> None:
        self._asked.discard(article_id)
        if self._is_wanted(article_id) and self._article.article_id != article_id:
            self._article.show_state("The article cannot be shown", trouble.sentence)

    def _is_wanted(self, article_id: str) -> bool:
        item = self._comment.item
        return item is not None and item.comment.article == article_id

    def _show_parent(self, item: QueueItem) -> None:
        parent_id = item.comment.parent
        if parent_id is None:
            return
        known = self._desk.queue.item(parent_id)
        if known is not None:
            self._comment.show_parent(known.comment)
            return

        def came(parent: Comment) -> None:
            if self._comment.item is item:
                self._comment.show_parent(parent)

        def failed(trouble: KnownTrouble) -> None:
            if self._comment.item is item:
                self._comment.show_parent_trouble(trouble.sentence)

        self._tasks.run(lambda: self._desk.comment(parent_id), came, failed)

    def _fetch_ahead(self) -> None:
        row = self._queue.currentIndex().row()
        coming = self._queue.rows.items[row + 1 : row + 1 + AHEAD]
        self.fetch(list(dict.fromkeys(item.comment.article for item in coming)))
