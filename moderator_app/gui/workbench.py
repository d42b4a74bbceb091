"""The desk on the screen: queue, comment and article side by side, with the bars that belong to them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from moderator_app.desk.conflict import DID
from moderator_app.desk.courier import News, Report
from moderator_app.desk.desk import Desk
from moderator_app.desk.queue import Snapshot
from moderator_app.gui.actions import Actions, Mode
from moderator_app.gui.article_pane import ArticlePane
from moderator_app.gui.bars import NoticeBar, UndoBar
from moderator_app.gui.comment_pane import CommentPane
from moderator_app.gui.connection import Connection
from moderator_app.gui.deciding import Deciding
from moderator_app.gui.decision_bar import DecisionBar, ReasonsPanel
from moderator_app.gui.keys import DecisionGuard
from moderator_app.gui.queue_pane import QueuePane
from moderator_app.gui.reading import Reading
from moderator_app.gui.refreshing import Refreshing
from moderator_app.gui.tasks import Tasks
from moderator_app.gui.text import isolated
from moderator_app.gui.theme import Theme
from moderator_app.model import Category

_WIDTHS = (330, 560, 420)  # of queue, comment and article, in pixels; their proportions count


class Workbench(QWidget):
    """Puts the panes together and tells each what the others need to know."""

    counts_changed = Signal()
    modes_changed = Signal()
    sign_in_asked = Signal()

    def __init__(
        self, desk: Desk, tasks: Tasks, *, actions: Actions, guard: DecisionGuard, theme: Theme, order: str
    ) -> None:
        super().__init__()
        self.desk, self._actions = desk, actions
        self.article = ArticlePane()
        self.comment = CommentPane(self._describe, theme)
        self.queue = QueuePane(theme, self._title_of, lambda category: self._describe(category)[0])
        self.queue.set_order(order)
        self.notices, self.undo_bar = NoticeBar(), UndoBar()
        self._tasks = tasks.part()  # what is under way when the desk is left must not reach a window that is gone
        self.refreshing = Refreshing(desk, self._tasks, self)
        self.reading = Reading(
            desk, self._tasks, queue=self.queue.view, comment=self.comment, article=self.article, parent=self
        )
        reasons = ReasonsPanel(desk.service.reasons, desk.service.note_length)
        self.deciding = Deciding(
            desk,
            guard,
            queue=self.queue.view,
            comment=self.comment,
            reasons=reasons,
            undo_bar=self.undo_bar,
            notices=self.notices,
            parent=self,
        )
        self._is_rearranged = False  # another filter was chosen, so that the comment being read may go
        self._panes = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out(reasons)
        self._connect()
        self._show_queue_state()
        self.article.show_state("Article", "It is shown beside the comment that is about it.")

    def start(self) -> None:
        """Begin to work."""
        self._tell_parked()
        self.desk.courier.start()
        self.refreshing.choose(self.queue.order, self.queue.filter)
        self.refreshing.start()
        self.queue.view.setFocus()

    def stop(self) -> None:
        """Ask the server no more."""
        self.refreshing.stop()
        self._tasks.close()

    def modes(self) -> set[Mode]:
        """Which actions can be used now."""
        found = {Mode.DESK}
        if self.comment.item is not None:
            found.add(Mode.COMMENT)
        if self.desk.can_undo:
            found.add(Mode.UNDO)
        if self.deciding.is_asking:
            found.add(Mode.REASONS)
        return found

    def set_text_size(self, percent: int) -> None:
        """Set the size of article and comment."""
        self.article.set_text_size(percent)
        self.comment.set_text_size(percent)

    def set_theme(self, theme: Theme) -> None:
        """Take over other colours."""
        self.queue.set_theme(theme)
        self.comment.set_theme(theme)

    def toggle_focus(self) -> None:
        """Show comment and article alone, or everything again."""
        self.queue.setVisible(not self.queue.isVisible())
        (self.queue.view if self.queue.isVisible() else self.comment.view).setFocus()

    def go_back(self) -> None:
        """What Escape does: leave the innermost thing that is open."""
        if self.deciding.is_asking:
            self.deciding.cancel()
        elif not self.queue.isVisible():
            self.toggle_focus()
        self.queue.view.setFocus()

    def search(self) -> None:
        """Give the keys to the search field."""
        self.queue.setVisible(True)
        self.queue.search()

    def panes_state(self) -> str:
        """The widths of the panes, to be remembered."""
        return bytes(self._panes.saveState().toBase64().data()).decode("ascii")

    def restore_panes(self, state: str) -> None:
        """Take over remembered widths; anything else is ignored by Qt."""
        if state:
            self._panes.restoreState(QByteArray.fromBase64(state.encode("ascii", "ignore")))

    def _lay_out(self, reasons: ReasonsPanel) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.comment, 1)
        column.addWidget(self.undo_bar)
        column.addWidget(reasons)
        column.addWidget(DecisionBar([self._actions[name] for name in ("approve", "reject", "skip", "undo")]))
        for pane, width in zip((self.queue, middle, self.article), _WIDTHS, strict=True):
            pane.setMinimumWidth(width * 2 // 3)
            self._panes.addWidget(pane)
        middle.setMinimumWidth(reasons.sizeHint().width())  # so that nothing moves when the reasons are asked for
        self._panes.setSizes(list(_WIDTHS))
        self._panes.setStretchFactor(1, 1)
        self._panes.setChildrenCollapsible(False)
        self._panes.setHandleWidth(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.notices)
        outer.addWidget(self._panes, 1)

    def _connect(self) -> None:
        self.reading.appeared.connect(self.deciding.comment_appeared)
        self.reading.appeared.connect(lambda _item: self.modes_changed.emit())
        self.reading.article_named.connect(lambda _article_id: self.queue.name_articles())
        self.queue.view.picked.connect(lambda _item: self.modes_changed.emit())
        self.queue.rearranged.connect(self._rearrange)
        self.comment.moved.connect(self.queue.view.step)
        self.deciding.decided.connect(self._decided)
        self.deciding.decided.connect(self.modes_changed)
        self.deciding.asking.connect(lambda _on: self.modes_changed.emit())
        self.refreshing.arrived.connect(self._show_snapshot)
        self.refreshing.connection_changed.connect(self._connection_changed)
        self.refreshing.reported.connect(self._heard)

    def _describe(self, category: Category) -> tuple[str, str]:
        guideline = self.desk.guideline(category)
        return guideline.name, guideline.text

    def _title_of(self, article_id: str) -> str:
        return self.reading.title_of(article_id)

    def _rearrange(self) -> None:
        self._is_rearranged = True
        self.refreshing.choose(self.queue.order, self.queue.filter)

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        left = self.desk.queue.left(snapshot.items)
        self.queue.show_snapshot(snapshot, left, keep_current=not self._is_rearranged)
        self._is_rearranged = False
        self.reading.fetch(snapshot.articles)
        self._show_queue_state()
        self.counts_changed.emit()

    def _decided(self) -> None:
        self.queue.show_count(self.desk.queue.pending())
        self._show_queue_state()
        self.counts_changed.emit()

    def _show_queue_state(self) -> None:
        """What is said where the queue is empty: loading, offline, signed out, nothing passes, or all done."""
        refreshing = self.refreshing
        trouble = refreshing.trouble.sentence if refreshing.trouble else ""
        if refreshing.connection is Connection.SIGN_IN_NEEDED:
            self.queue.show_state("Sign-in needed", trouble, "Sign in…", self.sign_in_asked.emit)
        elif refreshing.connection is Connection.OFFLINE:
            self.queue.show_state("No connection", trouble, "Try again", refreshing.retry)
        elif not refreshing.is_loaded:
            self.queue.show_state("Loading the queue…", "This takes a moment the first time.")
        elif not self.queue.filter.is_empty:
            self.queue.show_state(
                "Nothing passes the filter", "Other comments are pending.", "Show all", self._show_all
            )
        else:
            self.queue.show_state(
                "The queue is clear", "New comments appear here by themselves.", "Look now", refreshing.retry
            )
        if not self.queue.view.rows.items:
            self._show_no_comment()

    def _show_no_comment(self) -> None:
        """What stands in the comment's place while the queue is empty."""
        if self.refreshing.is_loaded or self.refreshing.trouble is not None:
            self.comment.show_state("No comment selected", "What is left to decide is in the queue.")
        else:
            self.comment.show_state("Loading the queue…", "The comments come in as the server sends them.")

    def _show_all(self) -> None:
        self.queue.clear_filters()

    def _connection_changed(self) -> None:
        refreshing = self.refreshing
        if refreshing.connection is Connection.SIGN_IN_NEEDED and refreshing.trouble is not None:
            self.notices.add("sign-in", refreshing.trouble.sentence, "Sign in…", self.sign_in_asked.emit)
        else:
            self.notices.remove("sign-in")
        self._show_queue_state()
        self.counts_changed.emit()

    def _heard(self, report: Report) -> None:
        if report.news in (News.OVERTAKEN, News.REFUSED):
            self._tell_parked()
        elif report.news is News.STORAGE and report.trouble is not None:
            self.notices.add("storage", report.trouble.sentence)
        self.counts_changed.emit()

    def _tell_parked(self) -> None:
        """Tell of each decision that was not applied, until the moderator has put it away."""
        for row in self.desk.parked():
            decision_id = row.decision.id
            known = self.desk.queue.item(row.decision.comment)
            whose = (
                f" The comment was by {isolated(known.comment.author.name)}: {isolated(known.preview[:60])}"
                if known
                else ""
            )
            words = f"A comment you {DID[row.decision.action]}: {row.problem}{whose}"
            self.notices.add(decision_id, words, "Understood", partial(self.desk.put_away, decision_id))
