"""The queue of 100,000 comments, against a bare painter of the same rows."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from moderator_app.desk.queue import QueueItem
from moderator_app.gui.queue_view import QueueView
from moderator_app.gui.theme import LIGHT, apply_theme, base_font
from tests.measure.measuring import QUICK_ROUNDS, Figure, Round, command, figure, in_turns, milliseconds
from tests.measure.rows import make_items

ROWS, ROUNDS, FRAMES, CHANGES, PROCESSES = 100_000, 9, 80, 20, 7
WIDTH, HEIGHT = 420, 800


class Bare(QAbstractScrollArea):
    """The floor: a scroll area that paints author and words of a Python list; it counts its paints."""

    painted = 0

    def __init__(self, items: Sequence[QueueItem], row: int) -> None:
        super().__init__()
        self.items = list(items)
        self._row, self._seen = row, HEIGHT // row + 2
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.measure_list()

    def measure_list(self) -> None:
        """Give the scroll bar the length of the list, and paint anew."""
        self.verticalScrollBar().setRange(0, len(self.items) * self._row - HEIGHT)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        top, row = self.verticalScrollBar().value(), self._row
        first = top // row
        with QPainter(self.viewport()) as painter:
            for number in range(first, min(len(self.items), first + self._seen)):
                y = number * row - top
                painter.drawText(8, y + 18, self.items[number].comment.author.name)
                painter.drawText(8, y + 38, self.items[number].preview[:60])
        self.painted += 1


class Counted(QueueView):
    """The product, which counts its paints."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted += 1


def measure(is_quick: bool) -> list[Figure]:
    """First paint in processes of its own; scrolling and changing in one process, in turns."""
    rows, rounds, processes = (200, QUICK_ROUNDS, QUICK_ROUNDS) if is_quick else (ROWS, ROUNDS, PROCESSES)
    frames, changes = (5, 3) if is_quick else (FRAMES, CHANGES)
    first = in_turns(processes, partial(_process, "product", rows), partial(_process, "floor", rows))
    bench = Bench(rows)

    def turns(act: Callable[[int], float], bare: Callable[[int], float], count: int) -> list[Round]:
        return in_turns(rounds, partial(_median, count, act), partial(_median, count, bare))

    name = f"queue of {rows:,}"
    return [
        figure(f"{name}: first paint", first, most_ratio=1.3),
        figure(f"{name}: scroll by a step", bench.frames(rounds, frames, is_jump=False), most_ratio=1.25),
        figure(f"{name}: jump", bench.frames(rounds, frames, is_jump=True)),
        figure(f"{name}: row inserted", turns(bench.insert, bench.insert_bare, changes), most_ratio=1.25),
        figure(f"{name}: row removed", turns(bench.remove, bench.remove_bare, changes), most_ratio=1.25),
        figure(f"{name}: one more by refresh", turns(bench.refresh, bench.insert_bare, 2)),
    ]


class Bench:
    """Product and floor side by side in one process, of one size, over the same rows."""

    def __init__(self, rows: int) -> None:
        self.app = begin()
        self.items = make_items(rows + 2)
        self.spare, self.other = self.items.pop(), self.items.pop()
        self.view = Counted(LIGHT, base_font(10))
        self.view.show_items(self.items, keep_current=False)
        self.bare = Bare(self.items, row_of(self.view))
        for widget in (self.view, self.bare):
            widget.resize(WIDTH, HEIGHT)
            widget.show()
        self.app.processEvents()

    def frames(self, rounds: int, count: int, *, is_jump: bool) -> list[Round]:
        """Median frames after moving by a quarter of a row, or to anywhere."""
        most = min(self.view.verticalScrollBar().maximum(), self.bare.verticalScrollBar().maximum())
        found = []
        for number in range(rounds):
            pick = random.Random(number)
            start = pick.randrange(most)
            places = [pick.randrange(most) if is_jump else min(most, start + 16 * step) for step in range(count)]
            mine, floor = zip(*(self._frame(place) for place in places), strict=True)
            found.append((median(mine), median(floor)))
        return found

    def _frame(self, place: int) -> Round:
        return self._go(self.view, place), self._go(self.bare, place)

    def _go(self, widget: Counted | Bare, place: int) -> float:
        def work() -> None:
            widget.verticalScrollBar().setValue(place)
            widget.viewport().repaint()

        taken = self._once(widget, work)
        self.app.processEvents()
        return taken

    def insert(self, number: int) -> float:
        """One row in and painted."""
        return self._change(self.view, lambda: self.view.rows.insert(0, self.spare))

    def remove(self, number: int) -> float:
        """One row out and painted."""
        return self._change(self.view, lambda: self.view.rows.remove(1))

    def insert_bare(self, number: int) -> float:
        """The floor of it: one row more in the Python list, the scroll bar's range, and a repaint."""
        return self._change(self.bare, lambda: self.bare.items.insert(0, self.spare))

    def remove_bare(self, number: int) -> float:
        """The same with one row less."""
        return self._change(self.bare, lambda: self.bare.items.pop(1))

    def refresh(self, number: int) -> float:
        """A whole list with one comment more or less, as the server's answer brings it."""
        items = self.view.rows.items
        changed = [*items[:5], *items[6:]] if number % 2 else [*items[:5], self.other, *items[5:]]
        return self._change(self.view, lambda: self.view.show_items(changed, keep_current=False))

    def _change(self, widget: Counted | Bare, act: Callable[[], object]) -> float:
        """Milliseconds of a change at the top of the list until it is painted."""
        widget.verticalScrollBar().setValue(0)
        self.app.processEvents()
        before = widget.painted

        def work() -> None:
            act()
            if isinstance(widget, Bare):
                widget.measure_list()
            while widget.painted == before:
                self.app.processEvents()

        return self._once(widget, work)

    def _once(self, widget: Counted | Bare, work: Callable[[], object]) -> float:
        before = widget.painted
        taken = milliseconds(work)
        if widget.painted != before + 1:
            raise SystemExit(f"painted {widget.painted - before} times, which makes the ratio lie")
        return taken


def begin() -> QApplication:
    """The application as the program sets it up."""
    app = QApplication([])
    apply_theme(app, LIGHT)
    app.setFont(base_font(10))
    return app


def row_of(view: QueueView) -> int:
    """The height of a row in pixels."""
    return view.verticalHeader().defaultSectionSize()


def first_paint(kind: str, rows: int) -> float:
    """Milliseconds from an empty screen to the painted list; the comments are there before."""
    app, items = begin(), make_items(rows)
    row = row_of(QueueView(LIGHT, base_font(10)))
    began = time.perf_counter()
    widget: Counted | Bare
    if kind == "product":
        widget = Counted(LIGHT, base_font(10))
        widget.show_items(items, keep_current=False)
    else:
        widget = Bare(items, row)
    widget.resize(WIDTH, HEIGHT)
    widget.show()
    app.processEvents()
    taken = (time.perf_counter() - began) * 1e3
    if widget.painted != 1:
        raise SystemExit(f"painted {widget.painted} times, which makes the ratio lie")
    return taken


def tell_first_paint(kind: str, rows: int) -> None:
    """Print the time of one first paint and end the process."""
    print(first_paint(kind, rows), flush=True)
    os._exit(0)


def _process(kind: str, rows: int) -> float:
    code = f"from tests.measure import queue_list; queue_list.tell_first_paint({kind!r}, {rows})"
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return float(done.stdout)


def _median(count: int, act: Callable[[int], float]) -> float:
    return median(act(number) for number in range(count))


if __name__ == "__main__":
    command(measure)
