"""Comments made to stall or fool the window: shown by parts, plain, and decided at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QPixmap, QTextCursor
from pytestqt.qtbot import QtBot

from moderator_app.desk.queue import PREVIEW, make_item
from moderator_app.gui.chip import Letters
from moderator_app.gui.comment_pane import CommentPane
from moderator_app.gui.comment_view import CHUNK, MOST_CHIPS, MOST_STRETCHES
from moderator_app.gui.highlight import shown
from moderator_app.gui.theme import LIGHT
from moderator_app.gui.violations_view import MOST_ROWS
from moderator_app.model import Category
from tests.doubles import make_comment, make_violation
from tests.gui.bench import visible_words
from tests.gui.test_comment_view import held

MANY = 100_000
HOSTILE: dict[str, Callable[[], str]] = {
    "ten megabytes": lambda: "word and " * 1_165_084,
    "no space": lambda: "x" * 1_000_000,
    "no space in Arabic": lambda: "ش" * 1_000_000,
    "bold": lambda: "<b>bold</b>",
    "an image": lambda: '<img src="file:///dev/zero">',
    "nested tables": lambda: "<table><tr><td>" * 20 + "x",
    "an entity": lambda: "&lt;script&gt;",
    "line ends with emoji": lambda: "😀\n👨\u200d👩\u200d👧\n" * 2_000,
    "carriage returns": lambda: "a\r\nb\rc" * 1_000,
    "overrides": lambda: "abc \u202egnp.exe\u202c" * 3_000,
    "overrides alone": lambda: "\u202e" * MANY,
    "NUL": lambda: "a\x00b" * 2_000,
    "replaced surrogates": lambda: "\ufffd" * 5_000,
    "empty": lambda: "",
    "spaces": lambda: " \t\n" * 5_000,
    "marks": lambda: "a" + "\u0301" * MANY,
    "joined emoji": lambda: "👨\u200d👩\u200d👧" * 50_000,
    "zero width between letters": lambda: "a\u200b" * 50_000,
    "line ends": lambda: "\n" * MANY,
    "separators": lambda: "\u2028\u2029\ufffc" * 5_000,
}


class CountedLetters(Letters):
    """Letters that count how often one is painted."""

    count = 0

    def picture(self, category: Category, *, is_certain: bool, ratio: float) -> QPixmap:
        """A letter."""
        self.count += 1
        return super().picture(category, is_certain=is_certain, ratio=ratio)


@pytest.fixture
def pane(qtbot: QtBot) -> CommentPane:
    """The comment's pane, on the screen."""
    made = CommentPane(lambda category: (category.value, "text"), LIGHT)
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    return made


@pytest.fixture
def handed_to_qt(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is put into a document from now on."""
    handed: list[str] = []
    insert: Callable[..., None] = QTextCursor.insertText

    def insert_and_note(cursor: QTextCursor, text: str, *rest: object) -> None:
        handed.append(text)
        insert(cursor, text, *rest)

    monkeypatch.setattr(QTextCursor, "insertText", insert_and_note)
    return handed


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_shown_by_parts(pane: CommentPane, handed_to_qt: list[str], name: str) -> None:
    """Whatever the text, one part of it goes to Qt at once, exactly as it is, and the comment can be decided."""
    text = HOSTILE[name]()
    item = make_item(make_comment(text=text), ())
    pane.show_item(item)
    pane.grab()
    assert pane.item is item  # this is what the decision keys decide about
    assert pane.view.text == text
    assert len("".join(handed_to_qt)) <= CHUNK
    assert len(handed_to_qt) <= MOST_STRETCHES
    part = len(text) - pane.view.left_out
    assert held(pane.view) == "".join(handed_to_qt) == shown(text, 0, part).text
    assert (part == len(text)) or part >= MOST_STRETCHES
    assert len(item.preview) <= PREVIEW


@pytest.mark.parametrize("name", ["ten megabytes", "overrides alone", "zero width between letters", "joined emoji"])
def test_more_of_it_is_one_part_more(pane: CommentPane, handed_to_qt: list[str], name: str) -> None:
    """The button for more hands one more part to Qt and says how much is left."""
    text = HOSTILE[name]()
    pane.show_item(make_item(make_comment(text=text), ()))
    del handed_to_qt[:]
    before = pane.view.left_out
    pane._more.click()
    assert 0 < len("".join(handed_to_qt)) <= CHUNK
    assert len(handed_to_qt) <= MOST_STRETCHES
    assert before - pane.view.left_out == len("".join(handed_to_qt))
    assert f"{pane.view.left_out:,} characters not shown" in pane._more.text()


def test_only_the_part_that_is_shown_is_searched(pane: CommentPane, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hidden characters are looked for in the part that is shown, however long the text is."""
    looked: list[int] = []

    def looking(text: str, start: int = 0, end: int | None = None) -> object:
        looked.append((len(text) if end is None else end) - start)
        return shown(text, start, end)

    monkeypatch.setattr("moderator_app.gui.comment_view.shown", looking)
    pane.show_item(make_item(make_comment(text="\u202e" * MANY), ()))
    assert looked == [CHUNK]


def test_hidden_characters_are_counted(pane: CommentPane) -> None:
    """The notice counts what is hidden, and says when that is only a part's count."""
    pane.show_item(make_item(make_comment(text="a\u202eb\u200bc"), ()))
    assert "2 hidden characters: shown" in visible_words(pane)
    pane.show_item(make_item(make_comment(text="\u202e" * MANY), ()))
    assert f"{CHUNK:,} hidden characters in the part that is shown" in visible_words(pane)
    pane._more.click()
    assert f"{2 * CHUNK:,} hidden characters" in visible_words(pane)


@pytest.mark.parametrize("text", ["", " \n\t", "\xa0\u3000"])
def test_no_visible_text_is_said(pane: CommentPane, text: str) -> None:
    """Where nothing can be seen, words say so."""
    pane.show_item(make_item(make_comment(text=text), ()))
    assert "(empty)" in visible_words(pane)


@pytest.mark.parametrize("step", [0, 11])
def test_a_hundred_thousand_violations_are_bounded(pane: CommentPane, handed_to_qt: list[str], step: int) -> None:
    """A hundred thousand violations, along the text or all in one part, list and paint a bounded number."""
    starts = range(0, MANY * step, step) if step else [at % CHUNK for at in range(MANY)]
    violations = tuple(make_violation(start=start, end=start + 4) for start in starts)
    item = make_item(make_comment(text="word and a " * MANY), violations)
    pane.show_item(item)
    painted = pane.view._letters = CountedLetters(LIGHT, 13)
    pane.grab()
    assert len(handed_to_qt) <= MOST_STRETCHES
    assert pane.violations.model().rowCount() == MOST_ROWS
    assert 0 < painted.count <= MOST_CHIPS
    pane.next_violation()
    assert pane.view.textCursor().position() == 0


def test_a_far_violation_updates_what_is_left_out(pane: CommentPane) -> None:
    """Going to a violation in the next part says anew how much is not shown."""
    text = "word " * CHUNK
    pane.show_item(make_item(make_comment(text=text), (make_violation(start=CHUNK + 5, end=CHUNK + 9),)))
    pane.next_violation()
    assert f"{len(text) - 2 * CHUNK:,} characters not shown" in pane._more.text()


def test_a_hostile_answered_comment_is_cut(pane: CommentPane) -> None:
    """Of the comment that this one answers only the beginning is shown, with its hidden characters visible."""
    pane.show_item(make_item(make_comment(parent="c0"), ()))
    pane.show_parent(make_comment("c0", text="\u202eabc" + "x" * 10_000_000))
    words = visible_words(pane)
    assert "⇐abc" in words
    assert len(words) < 1_000
