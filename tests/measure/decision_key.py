"""From the key that decides to the next comment painted, through the real window, at 1,000 and at 100,000 comments."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QTextLayout
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from moderator_app.desk.desk import Desk
from moderator_app.gui.appearance import Appearance
from moderator_app.gui.tasks import Tasks
from moderator_app.gui.theme import LIGHT, apply_theme, base_font
from moderator_app.gui.window import MainWindow
from moderator_app.model import CommentPage, Status
from moderator_app.settings import SettingsFile
from moderator_app.store.comments import CommentStore
from moderator_app.store.outbox import Outbox
from tests.doubles import SITE, FakeBackend, FakeServer, make_article, make_service
from tests.measure.measuring import QUICK_ROUNDS, Figure, command, figure, milliseconds, percentile
from tests.measure.rows import ARTICLES, MARKS, FiveMarks, make_comments

FEW, MANY = 1_000, 100_000
ROUNDS, KEYS = 8, 110  # in all fewer than the small queue has
PAGE = 500  # comments, as the reference server gives them
FRAME = 16.7  # milliseconds at 60 Hz
LONGEST = 30.0  # seconds until the queue has to be there
BEFORE = 10  # keys that are not counted


class Floor(QWidget):
    """The floor: one widget that removes a row from a list, lays out the next text and paints both."""

    def __init__(self, rows: Sequence[tuple[str, str]], mark: QTextCharFormat) -> None:
        super().__init__()
        self._rows, self._mark, self._layout = list(rows), mark, QTextLayout()
        self.painted = 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        del self._rows[0]
        layout, formats, height = QTextLayout(self._rows[0][1], self.font()), [], 0.0
        for each in MARKS:
            piece = QTextLayout.FormatRange()
            piece.start, piece.length, piece.format = each.start, each.end - each.start, self._mark
            formats.append(piece)
        layout.setFormats(formats)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(580)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        self._layout = layout
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for number, (name, text) in enumerate(self._rows[:12]):
                painter.drawText(608, number * 64 + 18, name)
                painter.drawText(608, number * 64 + 40, text[:50])
            self._layout.draw(painter, QPointF(0, 0))
        self.painted += 1


class Paints(QObject):
    """Counts the paints of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


class Pages(FakeBackend):
    """Pages from a list made beforehand: what the server does in its own process must not cost this one."""

    def __init__(self, server: FakeServer) -> None:
        super().__init__(server, page_size=PAGE)
        self._listed = server.pending()

    def comments(self, *, cursor: str | None = None, limit: int | None = None) -> CommentPage:
        """One page; the cursor is the place of its first comment."""
        first, last = int(cursor or 0), int(cursor or 0) + (limit or PAGE)
        page = [self.server.comments[each.id] for each in self._listed[first:last]]
        items = tuple(each for each in page if each.status is Status.PENDING)
        following = str(last) if last < len(self._listed) else None
        return CommentPage(items, (), following, len(self._listed), self.server.seq)


class Seat:
    """A whole window over a queue of one size, with its outbox on disk, its courier running and the undo time on."""

    def __init__(self, app: QApplication, count: int) -> None:
        folder = Path(mkdtemp(prefix="moderator_app-measure-"))
        server = FakeServer(make_comments(count))
        server.articles = {f"a{number}": make_article(f"a{number}") for number in range(ARTICLES)}
        self.app, self.tasks = app, Tasks()
        self.desk = Desk(
            site=SITE,
            service=make_service(page_size=PAGE),
            backend=Pages(server),
            outbox=Outbox(folder / "outbox.sqlite", SITE),
            store=CommentStore(folder / "seen.sqlite", SITE),
            checker=FiveMarks(),
        )
        settings = SettingsFile(folder / "settings.json")
        appearance = Appearance(app, settings)
        self.window = MainWindow(settings, self.tasks, appearance=appearance, may_close=lambda: True, dwell=0)
        self.window.install_filters(app)
        self.window.show()
        self.window.activateWindow()
        self.bench = self.window.show_desk(self.desk)
        self.paints = Paints(self.bench.comment.view.viewport())
        self._wait(lambda: self.bench.refreshing.is_loaded and len(self.bench.queue.view.rows.items) == count)
        self._wait(lambda: self.desk.known_article(f"a{ARTICLES - 1}") is not None or count < BEFORE * ARTICLES)

    def keys(self, count: int) -> list[float]:
        """Milliseconds of so many keys."""
        self.window.activateWindow()
        self._wait(lambda: self.app.focusWidget() is self.bench.queue.view)
        return [self._key() for _ in range(count)]

    def _key(self) -> float:
        item, before = self.bench.comment.item, self.paints.count
        taken = milliseconds(lambda: press(self.app, self.bench.queue.view, lambda: self.paints.count > before))
        if item is None or self.desk.queue.left([item]):
            raise SystemExit("the key decided nothing")
        return taken

    def _wait(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + LONGEST
        while not is_so():
            if time.monotonic() > until:
                raise SystemExit("the window did not come to rest")
            self.app.processEvents()
            time.sleep(0.005)


def measure(is_quick: bool) -> list[Figure]:
    """Rounds of keys in turns: the small queue, the large one, the floor."""
    few, many = (40, 80) if is_quick else (FEW, MANY)
    rounds, keys = (QUICK_ROUNDS, 5) if is_quick else (ROUNDS, KEYS)
    app = QApplication([])
    apply_theme(app, LIGHT)
    app.setFont(base_font(10))
    small, large, floor = Seat(app, few), Seat(app, many), make_floor(app)
    small.keys(BEFORE), large.keys(BEFORE), floor_keys(app, floor, BEFORE)
    taken = [(small.keys(keys), large.keys(keys), floor_keys(app, floor, keys)) for _ in range(rounds)]
    p50 = [(median(mine), median(bare)) for _, mine, bare in taken]
    p99 = [(percentile(mine, 0.99), percentile(bare, 0.99)) for _, mine, bare in taken]
    sizes = [(median(mine), median(less)) for less, mine, _ in taken]
    tails = [(percentile(mine, 0.99), percentile(less, 0.99)) for less, mine, _ in taken]
    name = f"key to next comment of {many:,}"
    return [
        figure(f"{name}: p50", p50, most=FRAME),
        figure(f"{name}: p99", p99, most=FRAME),
        figure(f"{name} against {few:,}: p50", sizes, most_ratio=1.1),
        figure(f"{name} against {few:,}: p99", tails, most_ratio=1.1),
    ]


def make_floor(app: QApplication) -> Floor:
    """The floor on the screen."""
    mark = QTextCharFormat()
    mark.setBackground(QColor("#ffd0d0"))
    floor = Floor([(each.author.name, each.text) for each in make_comments(2 * FEW)], mark)
    floor.resize(1200, 800)
    floor.show()
    app.processEvents()
    return floor


def floor_keys(app: QApplication, floor: Floor, count: int) -> list[float]:
    """Milliseconds of so many keys on the floor."""
    floor.activateWindow()
    QTest.qWaitForWindowActive(floor)

    def key() -> float:
        before = floor.painted
        return milliseconds(lambda: press(app, floor, lambda: floor.painted > before))

    return [key() for _ in range(count)]


def press(app: QApplication, target: QWidget, is_painted: Callable[[], bool]) -> None:
    """Press A and wait for the paint."""
    QTest.keyClick(target, Qt.Key.Key_A)
    until = time.monotonic() + 2
    while not is_painted():
        app.processEvents()
        if time.monotonic() > until:
            raise SystemExit("the key painted nothing")


if __name__ == "__main__":
    command(measure)
