"""Markup from servers and readers, in every field they fill, is never read as markup and opens nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QMessageBox, QTextEdit, QWidget

import moderator_app.gui
from moderator_app.errors import AlreadyDecided, BadAnswer
from moderator_app.model import (
    Action,
    Author,
    Block,
    BlockKind,
    Certainty,
    Comment,
    Moderator,
    Reason,
    ReasonLabel,
    Role,
    Violation,
)
from tests.doubles import (
    SITE,
    FakeBackend,
    Fault,
    NoChecker,
    make_article,
    make_comment,
    make_decision,
    make_entry,
    make_service,
)
from tests.gui.bench import OpenDesk
from tests.gui.conftest import MakeDesk


class CanaryChecker(NoChecker):
    """Finds one violation whose reason is markup."""

    def __init__(self, words: str) -> None:
        self._words = words

    def check(self, text: str, lang: str = "") -> tuple[Violation, ...]:
        """One violation in every text."""
        from moderator_app.model import Category

        return (Violation(0, 3, Category.THREAT, self._words, Certainty.CERTAIN, self._words),)


def canary_desk(open_desk: MakeDesk, markup: str) -> OpenDesk:
    """A desk whose server fills every field with markup, after a decision that somebody else was faster with."""
    author = Author(id="r", name=markup, approved=1, rejected=2)
    texts = {"c1": markup, "c2": markup * 3, "c3": markup}
    comments: list[Comment] = [
        replace(
            make_comment(comment_id, text=text, minutes=number, article=f"a{number}", parent="c3", lang=markup),
            author=author,
            link=markup,
        )
        for number, (comment_id, text) in enumerate(texts.items(), start=1)
    ]
    me = Moderator(id="m", name=markup, roles=frozenset({Role.LEAD}))
    service = replace(
        make_service(me), name=markup, reasons=tuple(ReasonLabel(each, f"<b>{each[:10]}</b>") for each in Reason)
    )
    winner = make_entry(make_decision(comments[0]), moderator=replace(me, id="other"))

    def prepare(backend: FakeBackend) -> None:
        backend.faults["decide"].append(Fault(lambda: AlreadyDecided(markup, winner=winner)))
        for number in (1, 2, 3):
            blocks = (Block(BlockKind.PARAGRAPH, markup), Block(BlockKind.ITEM, markup))
            article = replace(make_article(f"a{number}", title=markup), byline=markup, place=markup, url=markup)
            backend.server.articles[article.id] = replace(article, blocks=blocks)

    at = open_desk(
        comments,
        checker=CanaryChecker(markup),
        undo_seconds=0.0,
        service=service,
        site=replace(SITE, name=markup, account=markup),
        prepare=prepare,
    )
    at.wait_for(lambda: at.bench.article.article_id == "a1")
    at.press(Qt.Key.Key_R)
    at.press(Qt.Key.Key_Escape)
    at.press(Qt.Key.Key_A)
    at.wait_for(lambda: at.notices() != [])
    at.wait_for(lambda: at.bench.article.article_id == "a2")
    at.press(Qt.Key.Key_N)
    at.bench.notices.add("error", BadAnswer(markup).sentence)
    at.window.statusBar().showMessage(markup)
    return at


def widgets(at: OpenDesk) -> list[QWidget]:
    """Every widget of the window."""
    return [at.window, *at.window.findChildren(QWidget)]


@pytest.fixture
def canary_file(tmp_path: Path) -> Path:
    """A picture that nobody may open."""
    path = tmp_path / "canary.png"
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    assert image.save(str(path))
    return path


def test_no_label_reads_markup(open_desk: MakeDesk, canary_file: Path) -> None:
    """Every label of the window shows its words plainly, whatever the server and the readers wrote."""
    at = canary_desk(open_desk, f'<b>canary</b><img src="{canary_file.as_uri()}">')
    labels = [each for each in widgets(at) if isinstance(each, QLabel)]
    assert [each.text() for each in labels if each.textFormat() is not Qt.TextFormat.PlainText and each.text()] == []
    assert sum("canary" in each.text() for each in labels) >= 6  # the fields are really on the screen


def test_no_tooltip_reads_markup(open_desk: MakeDesk, canary_file: Path) -> None:
    """No tooltip, status tip or help of a widget or an action has a word of theirs unescaped."""
    at = canary_desk(open_desk, f'<b>canary</b><img src="{canary_file.as_uri()}">')
    tips = [tip for each in widgets(at) for tip in (each.toolTip(), each.whatsThis(), each.statusTip())]
    tips += [tip for each in at.window.findChildren(QAction) for tip in (each.toolTip(), each.whatsThis())]
    assert [tip for tip in tips if "<b>" in tip or "<img" in tip] == []
    model = at.pane.violations.model()
    role = Qt.ItemDataRole.ToolTipRole
    assert "<b>" not in str(model.data(model.index(0, 0), role))
    assert at.bench.queue.view.rows.data(at.bench.queue.view.rows.index(0, 0), role) is None


def test_texts_hold_the_tags_as_letters(open_desk: MakeDesk, canary_file: Path) -> None:
    """Comment and article hold the tags as letters, with no picture and no link among them."""
    markup = f'<b>canary</b><img src="{canary_file.as_uri()}">'
    at = canary_desk(open_desk, markup)
    edits = [each for each in widgets(at) if isinstance(each, QTextEdit)]
    assert len(edits) == 2
    for edit in edits:
        assert markup in edit.toPlainText()
        assert "\ufffc" not in edit.document().toRawText()
        assert all(not part.format.isAnchor() for part in edit.document().begin().textFormats())


def test_names_make_no_mnemonics(open_desk: MakeDesk) -> None:
    """An "&" in a server's words gives no button a key of its own."""
    at = canary_desk(open_desk, "Tom &Amp &Jerry<b>canary</b>")
    assert [
        each.text() for each in widgets(at) if isinstance(each, QAbstractButton) and not each.shortcut().isEmpty()
    ] == []


def test_no_box_that_guesses_is_used() -> None:
    """The window's code uses no message box that reads markup: none of Qt's ready-made ones, and plain text in ours."""
    ready_made = {"information", "question", "warning", "critical", "about", "aboutQt"}
    folder = Path(moderator_app.gui.__file__).parent
    for path in folder.glob("*.py"):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert node.value.id != QMessageBox.__name__ or node.attr not in ready_made, path.name
        boxes = source.count("QMessageBox(")
        assert source.count("setTextFormat(Qt.TextFormat.PlainText)") >= boxes, path.name
        if path.name != "text.py":
            assert "QLabel(" not in source, path.name
        for risky in ("setHtml", "insertHtml", "QTextBrowser", "setMarkdown", "toHtml"):
            assert risky not in source, path.name


OPENING = """
import sys
from pathlib import Path
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from PySide6.QtWidgets import QApplication
from moderator_app.gui.comment_pane import CommentPane
from moderator_app.gui.article_pane import ArticlePane
from moderator_app.gui.bars import NoticeBar
from moderator_app.gui.theme import LIGHT
from moderator_app.desk.queue import make_item
from tests.doubles import make_article, make_comment
from dataclasses import replace
app = QApplication([])
markup = f'<b>canary</b><img src="{Path(sys.argv[1]).as_uri()}">'
guideline = lambda category: (markup, markup)
pane, article, notices = CommentPane(guideline, LIGHT), ArticlePane(), NoticeBar()
pane.show_item(make_item(make_comment(text=markup, author=markup, parent="x"), ()))
pane.say_other_article(markup)
pane.show_parent(make_comment(text=markup, author=markup))
pane.say_verdict(markup)
article.show_article(replace(make_article(title=markup), byline=markup, place=markup))
notices.add("x", markup)
for widget in (pane, article, notices):
    widget.show()
    app.processEvents()
    widget.grab()
if sys.argv[2:]:
    from PySide6.QtWidgets import QLabel
    label = QLabel(markup)
    label.show()
    label.grab()
print("opened by Python:", [name for name in opened if name == sys.argv[1]])
"""


def touched(canary_file: Path, *arguments: str) -> tuple[bool, str]:
    """Whether a process that shows the markup opened the file, told by its time of last access; and what it said."""
    import os

    os.utime(canary_file, (1, 2_000_000_000))  # read long before it was written: the next reading is recorded
    command = [sys.executable, "-c", OPENING, str(canary_file), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return canary_file.stat().st_atime != 1, ended.stdout


def test_nothing_opens_the_file(canary_file: Path) -> None:
    """A picture named in every field is opened neither by Qt nor by Python, though a label that guesses would."""
    would_open, _said = touched(canary_file, "and a label that guesses")
    if not would_open:
        pytest.skip("this file system does not record who reads")
    is_opened, said = touched(canary_file)
    assert not is_opened
    assert "opened by Python: []" in said


def test_the_reject_keys_still_work(open_desk: MakeDesk, canary_file: Path) -> None:
    """A desk full of markup is a desk: its comments can be rejected."""
    at = canary_desk(open_desk, f'<b>canary</b><img src="{canary_file.as_uri()}">')
    at.press(Qt.Key.Key_R)
    at.press(Qt.Key.Key_2)
    assert at.decided()[-1] == ("c2", Action.REJECT)
