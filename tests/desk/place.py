"""A desk with its server, files and clock: for the tests of what a moderator can do."""

from __future__ import annotations

from pathlib import Path

from moderator_app.desk.courier import Report
from moderator_app.desk.desk import Desk
from moderator_app.desk.queue import QueueItem
from moderator_app.store.comments import CommentStore
from moderator_app.store.outbox import Outbox
from tests.doubles import SITE, FakeBackend, FakeClock, FakeServer, WordChecker, make_comment, make_service


class Place:
    """A desk with its server, files and clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = FakeServer([make_comment(f"c{n}", text=f"bad {n}", minutes=n) for n in range(1, 6)])
        self.backend = FakeBackend(self.server, page_size=2)
        self.clock = FakeClock()
        self.heard: list[Report] = []
        self.open()

    def open(self) -> None:
        """Sit down at the desk."""
        self.outbox = Outbox(self.folder / "outbox.db", SITE)
        self.store = CommentStore(self.folder / "comments.db", SITE)
        self.desk = Desk(
            site=SITE,
            service=make_service(page_size=2),
            backend=self.backend,
            outbox=self.outbox,
            store=self.store,
            checker=WordChecker(),
            clock=self.clock,
        )
        self.desk.listeners.append(self.heard.append)

    def restart(self) -> None:
        """Leave and come back."""
        self.desk.close()
        self.backend = FakeBackend(self.server, page_size=2)
        self.open()

    def shown(self) -> list[str]:
        """What is left to decide."""
        return [item.id for item in self.desk.snapshot().items]

    def item(self, comment_id: str = "c1") -> QueueItem:
        """A comment as it's shown."""
        return next(item for item in self.desk.snapshot().items if item.id == comment_id)

    def send(self) -> None:
        """The undo time is over and the courier does all it can."""
        self.clock.advance(100)
        while self.desk.courier.step(self.clock.now) == 0.0:
            pass
