"""How late a timer of the GUI thread comes while the desk takes in 10,000 comments, against an idle program."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import mkdtemp

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from moderator_app.app import SWITCH_INTERVAL
from moderator_app.desk.desk import Desk
from moderator_app.gui.tasks import Tasks
from moderator_app.guidelines.check import Checker
from moderator_app.guidelines.policy import builtin
from moderator_app.paths import resources
from moderator_app.store.comments import CommentStore
from moderator_app.store.outbox import Outbox
from tests.doubles import SITE, FakeBackend, FakeServer, make_service
from tests.measure.measuring import QUICK_ROUNDS, Figure, Round, command, figure, percentile
from tests.measure.rows import make_comments

COMMENTS, ROUNDS = 10_000, 5
TICK = 16  # milliseconds


class Ticks:
    """A timer of the GUI thread that notes how late it comes, in milliseconds."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._due = 0.0
        self._timer = QTimer(interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin anew."""
        self.late, self._due = [], time.perf_counter() + TICK / 1e3
        self._timer.start()

    def stop(self) -> float:
        """The lateness that one tick in a hundred exceeds."""
        self._timer.stop()
        return percentile(self.late, 0.99)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._due) * 1e3))
        self._due = now + TICK / 1e3


def measure(is_quick: bool) -> list[Figure]:
    """A whole refresh with the real checker in each round, then as long without one."""
    sys.setswitchinterval(SWITCH_INTERVAL)  # as the program does
    app, tasks, ticks = QApplication([]), Tasks(), Ticks()
    count = 300 if is_quick else COMMENTS
    backend = FakeBackend(FakeServer(make_comments(count)), page_size=500)
    rounds = [_round(app, tasks, ticks, backend) for _ in range(QUICK_ROUNDS if is_quick else ROUNDS)]
    return [figure(f"timer late while {count:,} comments come in, p99", rounds)]


def _round(app: QApplication, tasks: Tasks, ticks: Ticks, backend: FakeBackend) -> Round:
    folder = Path(mkdtemp(prefix="moderator_app-measure-"))
    desk = Desk(
        site=SITE,
        service=make_service(page_size=500),
        backend=backend,
        outbox=Outbox(folder / "outbox.sqlite", SITE),
        store=CommentStore(folder / "seen.sqlite", SITE),
        checker=Checker(builtin(resources())),
    )
    done: list[bool] = []
    ticks.start()
    began = time.monotonic()
    tasks.run(desk.refresh, done.append, lambda _trouble: done.append(False))
    while not done:
        app.processEvents()
        time.sleep(0.0002)
    busy, lasted = ticks.stop(), max(0.5, time.monotonic() - began)
    ticks.start()
    began = time.monotonic()
    while time.monotonic() - began < lasted:
        app.processEvents()
        time.sleep(0.0002)
    return busy, ticks.stop()


if __name__ == "__main__":
    command(measure)
