"""Keeps the queue on the screen equal to the server's, and knows whether the server can be reached."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from moderator_app.desk.courier import News, Report
from moderator_app.desk.desk import Desk
from moderator_app.desk.queue import Filter, Order, Snapshot
from moderator_app.errors import KnownTrouble, NotAllowed, SignInNeeded
from moderator_app.gui.connection import Connection
from moderator_app.gui.tasks import Tasks

EVERY = 10_000  # milliseconds between two looks at the server


class Refreshing(QObject):
    """Asks the server now and then, and again at once when told to; one question at a time."""

    arrived = Signal(object)  # a Snapshot to show
    connection_changed = Signal()
    reported = Signal(object)  # a Report of the courier's, on the GUI thread

    def __init__(self, desk: Desk, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._tasks = desk, tasks
        self.connection = Connection.CONNECTING
        self.trouble: KnownTrouble | None = None
        self.is_loaded = False  # whether the server's list was read since the start
        self._order, self._filter = Order.OLDEST, Filter()
        self._is_asking = False
        self._wanted = 0  # how often an arrangement was asked for; only the newest is shown
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.refresh)
        desk.listeners.append(lambda report: tasks.post(lambda: self._heard(report)))

    def start(self) -> None:
        """Show what was last seen, then ask the server, again and again."""
        self._tasks.run(self._desk.recall, lambda _nothing: self._recalled(), self._failed)
        self._timer.start()

    def stop(self) -> None:
        """Ask no more."""
        self._timer.stop()

    def refresh(self) -> None:
        """Ask the server now, unless it is being asked."""
        if self._is_asking or self.connection is Connection.SIGN_IN_NEEDED:
            return
        self._is_asking = True
        progress = lambda: self._tasks.post(self.arrange)  # noqa: E731 (it runs on another thread)
        self._tasks.run(lambda: self._desk.refresh(progress), self._refreshed, self._failed)

    def retry(self) -> None:
        """Ask the server now and send what waits."""
        self._desk.courier.retry()
        self.refresh()

    def choose(self, order: Order, chosen: Filter) -> None:
        """Show another order or filter."""
        self._order, self._filter = order, chosen
        self.arrange()

    def arrange(self) -> None:
        """Arrange what is known, off the GUI thread, and show it."""
        self._wanted += 1
        number, order, chosen = self._wanted, self._order, self._filter

        def arranged(snapshot: Snapshot) -> None:
            if number == self._wanted:
                self.arrived.emit(snapshot)

        self._tasks.run(lambda: self._desk.snapshot(order, chosen), arranged, self._failed)

    def signed_in(self) -> None:
        """A new sign-in was accepted."""
        self._set(Connection.CONNECTING, None)
        self.refresh()

    def _recalled(self) -> None:
        self.arrange()
        self.refresh()

    def _refreshed(self, has_changed: bool) -> None:
        self._is_asking, is_first, self.is_loaded = False, not self.is_loaded, True
        self._set(Connection.ONLINE, None)
        if has_changed or is_first:
            self.arrange()

    def _failed(self, trouble: KnownTrouble) -> None:
        self._is_asking = False
        needs_person = isinstance(trouble, SignInNeeded | NotAllowed)
        self._set(Connection.SIGN_IN_NEEDED if needs_person else Connection.OFFLINE, trouble)

    def _heard(self, report: Report) -> None:
        match report.news:
            case News.SETTLED:
                if self.connection is Connection.OFFLINE:
                    self.refresh()
            case News.DELAYED:
                self._set(Connection.OFFLINE, report.trouble)
            case News.SIGN_IN_NEEDED:
                self._set(Connection.SIGN_IN_NEEDED, report.trouble)
            case News.OVERTAKEN | News.REFUSED:
                self.refresh()
        self.reported.emit(report)

    def _set(self, connection: Connection, trouble: KnownTrouble | None) -> None:
        self.connection, self.trouble = connection, trouble
        self.connection_changed.emit()
