"""The line at the bottom: site, account, what is pending, what waits to be sent, and the connection."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QStatusBar, QWidget

from moderator_app.gui.connection import Connection
from moderator_app.gui.text import PlainLabel, isolated
from moderator_app.model import Moderator, Role, Site

_CONNECTION = {
    Connection.CONNECTING: "◌ connecting…",
    Connection.ONLINE: "● online",
    Connection.OFFLINE: "○ offline",
    Connection.SIGN_IN_NEEDED: "○ sign-in needed",
}


class DeskStatus(QStatusBar):
    """One label for each fact, always in the same place; passing words stand left of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._site, self._account, self._pending, self._waiting, self._connection, self._contact = (
            PlainLabel() for _ in range(6)
        )
        self.setSizeGripEnabled(False)
        for label in (self._contact, self._connection, self._waiting, self._pending, self._account, self._site):
            label.setContentsMargins(8, 2, 8, 2)
            self.addPermanentWidget(label)
        self.setAccessibleName("Status")

    def show_site(self, site: Site, me: Moderator) -> None:
        """Which site and account this is."""
        self._site.setText(isolated(site.name or site.url))
        self._account.setText(isolated(me.name) + (" (lead)" if Role.LEAD in me.roles else ""))

    def show_counts(self, pending: int, waiting: int) -> None:
        """How much is left to decide, and how much the server has not answered."""
        self._pending.setText(f"{pending:,} pending")
        self._waiting.setText(f"{waiting:,} waiting to be sent" if waiting else "all sent")

    def show_connection(self, connection: Connection, last_contact: datetime | None) -> None:
        """Whether the server can be reached, and when it last answered."""
        self._connection.setText(_CONNECTION[connection])
        is_trouble = connection in (Connection.OFFLINE, Connection.SIGN_IN_NEEDED)
        if self._connection.property("trouble") != is_trouble:
            self._connection.setProperty("trouble", is_trouble)
            self._connection.style().polish(self._connection)
        at = f"{last_contact.astimezone():%H:%M:%S}" if last_contact else ""
        self._contact.setText(f"last contact {at}" if at else "no contact yet")

    def clear_desk(self) -> None:
        """There is no desk."""
        for label in (self._site, self._account, self._pending, self._waiting, self._connection, self._contact):
            label.clear()
