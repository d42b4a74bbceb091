"""One comment of 500 characters with ten marks, from text to paint, against QTextLayout alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle, islice
from statistics import median

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from moderator_app.gui.comment_view import CommentView
from moderator_app.gui.theme import LIGHT, apply_theme, base_font
from moderator_app.model import Category, Violation
from tests.doubles import make_violation
from tests.measure.measuring import QUICK_ROUNDS, Figure, Round, command, figure, in_turns, milliseconds

ROUNDS, TEXTS = 9, 25
LENGTH, SPANS, SPAN = 500, 10, 12
WORDS = {
    "English": "the government has said that people who comment under this article are wrong and never trust news",
    "Arabic": "الحكومة قالت إن الناس الذين يعلقون تحت هذا المقال مخطئون ولا يجب أن تثق بالأخبار مرة أخرى",
}


class Layout(QAbstractScrollArea):
    """The floor: one QTextLayout with formats; it counts its paints too."""

    painted = 0

    def __init__(self, mark: QTextCharFormat) -> None:
        super().__init__()
        self._mark = mark
        self._layout: QTextLayout | None = None

    def put(self, text: str) -> None:
        """Lay out a text with its marks and have it painted."""
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout, formats, height = QTextLayout(text, self.font()), [], 0.0
        layout.setTextOption(option)
        for start in starts():
            piece = QTextLayout.FormatRange()
            piece.start, piece.length, piece.format = start, SPAN, self._mark
            formats.append(piece)
        layout.setFormats(formats)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.viewport().width() - 8)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        self._layout = layout
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            if self._layout:
                self._layout.draw(painter, QPointF(4, 4))
        self.painted += 1


class Counted(CommentView):
    """The product, which counts its paints."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted += 1


def measure(is_quick: bool) -> list[Figure]:
    """Each text is put into both, which paint it exactly once."""
    app = QApplication([])
    apply_theme(app, LIGHT)
    app.setFont(base_font(12.5))
    mark = QTextCharFormat()
    mark.setBackground(QColor("#ffd0d0"))
    view, floor = Counted(LIGHT), Layout(mark)
    for widget in (view, floor):
        widget.resize(600, 400)
        widget.show()
    app.processEvents()
    marks = violations()
    product = partial(_shown, app, view, lambda text: view.show_text(text, marks))
    bare = partial(_shown, app, floor, floor.put)
    return [
        figure(
            f"comment of 500 characters, 10 marks, {language}", _rounds(words, product, bare, is_quick), most_ratio=1.75
        )
        for language, words in WORDS.items()
    ]


def starts() -> range:
    """Where the marks begin."""
    return range(0, LENGTH, LENGTH // SPANS)


def violations() -> tuple[Violation, ...]:
    """Ten marks of all categories in turn."""
    categories = islice(cycle(Category), SPANS)
    return tuple(make_violation(each, start=at, end=at + SPAN) for at, each in zip(starts(), categories, strict=True))


def _rounds(words: str, product: Callable[[str], float], bare: Callable[[str], float], is_quick: bool) -> list[Round]:
    texts = iter(_texts(words.split()))
    for _warm in range(3):
        product(next(texts)), bare(next(texts))
    count = 2 if is_quick else TEXTS
    return [
        _medians([in_turns(1, partial(product, text), partial(bare, text))[0] for text in islice(texts, count)])
        for _ in range(QUICK_ROUNDS if is_quick else ROUNDS)
    ]


def _medians(pairs: Sequence[Round]) -> Round:
    mine, bare = zip(*pairs, strict=True)
    return median(mine), median(bare)


def _texts(words: Sequence[str]) -> list[str]:
    pick = random.Random(1)
    return [" ".join(pick.choices(words, k=LENGTH // 3))[:LENGTH] for _ in range(ROUNDS * TEXTS + 10)]


def _shown(app: QApplication, widget: Counted | Layout, put: Callable[[str], object], text: str) -> float:
    before = widget.painted

    def work() -> None:
        put(text)
        app.processEvents()

    taken = milliseconds(work)
    if widget.painted != before + 1:
        raise SystemExit(f"painted {widget.painted - before} times, which makes the ratio lie")
    return taken


if __name__ == "__main__":
    command(measure)
