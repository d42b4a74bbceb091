"""From a key to a decision on disk and the next comment on the screen, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from moderator_app.desk.conflict import DID
from moderator_app.desk.desk import Desk
from moderator_app.desk.queue import QueueItem
from moderator_app.errors import StorageTrouble
from moderator_app.gui.bars import NoticeBar, UndoBar
from moderator_app.gui.comment_pane import CommentPane
from moderator_app.gui.decision_bar import ReasonsPanel
from moderator_app.gui.keys import DecisionGuard
from moderator_app.gui.queue_view import QueueView
from moderator_app.gui.text import isolated
from moderator_app.model import Action, Reason

_EXCERPT = 36  # code points; with the name it fits beside the undo time


class Deciding(QObject):
    """What the decision keys do. The decision is on disk before the next comment is shown."""

    decided = Signal()  # something was decided or taken back
    asking = Signal(bool)  # the reasons of a rejection are asked for, or no longer
    hint = Signal(str)  # why a key did nothing

    def __init__(
        self,
        desk: Desk,
        guard: DecisionGuard,
        *,
        queue: QueueView,
        comment: CommentPane,
        reasons: ReasonsPanel,
        undo_bar: UndoBar,
        notices: NoticeBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._guard, self._queue, self._comment = desk, guard, queue, comment
        self._reasons, self._undo_bar, self._notices = reasons, undo_bar, notices
        self._stays = False
        self._asked_about: QueueItem | None = None
        reasons.hide()
        reasons.chosen.connect(self._reject)
        reasons.cancelled.connect(self.cancel)

    @property
    def is_asking(self) -> bool:
        """Whether the reasons of a rejection are asked for."""
        return self._asked_about is not None

    def approve(self, *, stay: bool = False) -> None:
        """Approve the comment on the screen."""
        item = self._item_to_decide()
        if item is not None:
            self.cancel()
            self._decide(item, Action.APPROVE, stay=stay)

    def ask_reasons(self, *, stay: bool = False) -> None:
        """Ask why the comment on the screen is rejected."""
        item = self._item_to_decide()
        if item is None:
            return
        self._asked_about, self._stays = item, stay
        self._reasons.begin()
        self._reasons.show()
        self.asking.emit(True)

    def reason(self, number: int, *, gather: bool) -> None:
        """A reason's key while reasons are asked for."""
        if not self._guard.is_repeat:
            self._reasons.press(number, gather=gather)

    def send(self) -> None:
        """Reject with the reasons gathered so far."""
        if not self._guard.is_repeat:
            self._reasons.send()

    def cancel(self) -> None:
        """Ask no longer."""
        self._asked_about = None
        if not self._reasons.isHidden():
            self._reasons.hide()
            self._queue.setFocus()
            self.asking.emit(False)

    def skip(self) -> None:
        """Pass over the comment; after the last one the first comes again."""
        item = self._queue.current
        if item is None or self._guard.is_repeat:
            return
        self.cancel()
        self._queue.mark_skipped(item.id)
        if not self._queue.step(1):
            self._queue.go_to_row(0)

    def undo(self) -> None:
        """Take back the newest decision and go back to its comment."""
        if self._guard.is_repeat:
            return
        self.cancel()
        try:
            undone = self._desk.undo()
        except StorageTrouble as trouble:
            self._notices.add("storage", trouble.sentence)
            return
        if undone is None:
            self._undo_bar.show_words("There is nothing to undo.")
            return
        self._queue.unmark_decided(undone.item.id)
        self._queue.go_to(undone.item)
        how = "It had been sent; the server is told to reopen it." if undone.was_sent else "It was not sent."
        self._undo_bar.show_words(f"Taken back: {_excerpt(undone.item)}. {how}")
        self.decided.emit()

    def comment_appeared(self, item: QueueItem) -> None:
        """Another comment is on the screen: reasons asked for about the one before are asked for no longer."""
        self._guard.comment_appeared()
        if self._asked_about is not None and self._asked_about is not item:
            self.cancel()

    def _item_to_decide(self) -> QueueItem | None:
        """The comment on the screen, unless this key press must not decide it."""
        item = self._comment.item
        if item is None or item.id in self._queue.rows.verdicts or self._guard.is_repeat:
            return None
        if self._guard.is_too_soon:
            self.hint.emit("That key came as the comment appeared, so nothing was decided. Read it, then decide.")
            return None
        return item

    def _reject(self, reasons: tuple[Reason, ...], note: str) -> None:
        item, stay = self._asked_about, self._stays
        self.cancel()
        if item is not None:
            self._decide(item, Action.REJECT, reasons=reasons, note=note, stay=stay)

    def _decide(
        self, item: QueueItem, action: Action, *, reasons: tuple[Reason, ...] = (), note: str = "", stay: bool
    ) -> None:
        try:
            self._desk.decide(item, action, reasons=reasons, note=note)
        except StorageTrouble as trouble:
            self._notices.add("storage", trouble.sentence)
            return
        self._notices.remove("storage")
        if stay:
            self._queue.mark_decided(item.id, action)
            self._comment.say_verdict(f"{DID[action].capitalize()}. J goes on, U takes it back.")
        else:
            self._queue.take_out(item.id)
        why = f" ({', '.join(reason.replace('_', ' ') for reason in reasons)})" if reasons else ""
        self._undo_bar.show_done(f"{DID[action].capitalize()}{why}: {_excerpt(item)}", self._desk.undo_seconds)
        self.decided.emit()


def _excerpt(item: QueueItem) -> str:
    """Whose comment it was and how it begins."""
    words = item.preview[:_EXCERPT] + ("…" if len(item.preview) > _EXCERPT else "")
    return f"{isolated(item.comment.author.name)} {isolated(words)}"
