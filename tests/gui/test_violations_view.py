"""The list of a comment's violations: what each row says, and how the keys walk through it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from moderator_app.gui.theme import DARK, LIGHT
from moderator_app.gui.violations_view import MOST_ROWS, ViolationsView
from moderator_app.model import AbuseKind, Category, Certainty, Violation
from tests.doubles import make_violation


@pytest.fixture
def view(qtbot: QtBot) -> ViolationsView:
    """The list on the screen."""
    made = ViolationsView(lambda category: (f"<i>{category.value}</i>", "Do <b>not</b>."), LIGHT)
    qtbot.addWidget(made)
    made.resize(400, 100)
    made.show()
    return made


def said(view: ViolationsView, row: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> str:
    """What a row says."""
    return str(view.model().data(view.model().index(row, 0, QModelIndex()), role))


def test_a_row_names_guideline_certainty_and_reason(view: ViolationsView) -> None:
    """A row says which guideline, of which kind, whether it is only suggested, and why."""
    made = Violation(0, 1, Category.ABUSE, "rule", Certainty.SUGGESTED, "matches\nx", AbuseKind.RACISM)
    view.show_violations([made])
    assert said(view, 0) == "<i>abuse</i> (racism) · suggested: matches x"
    spoken = said(view, 0, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Violation 1 of 1. ")


def test_a_tooltip_is_no_markup(view: ViolationsView) -> None:
    """The guideline's text in a tooltip is escaped, for Qt would read tags in it."""
    view.show_violations([make_violation()])
    assert said(view, 0, Qt.ItemDataRole.ToolTipRole) == "<span>Do &lt;b&gt;not&lt;/b&gt;.</span>"


def test_walking_through_begins_again(view: ViolationsView) -> None:
    """After the last violation the first comes again; without any there is nowhere to go."""
    assert view.next_row() == -1
    view.show_violations([make_violation(), make_violation(), make_violation()])
    assert [view.next_row() for _ in range(4)] == [0, 1, 2, 0]


def test_the_list_is_bounded_and_hides_when_empty(view: ViolationsView) -> None:
    """Only so many violations are listed, in a list of bounded height, and none leaves no empty box."""
    view.show_violations([make_violation()] * (MOST_ROWS + 50))
    assert view.model().rowCount() == MOST_ROWS
    assert view.height() < 300
    view.show_violations([])
    assert view.isHidden()


def test_a_click_chooses(view: ViolationsView, qtbot: QtBot) -> None:
    """Choosing a row tells which one."""
    view.show_violations([make_violation(), make_violation()])
    with qtbot.waitSignal(view.chosen) as told:
        view.clicked.emit(view.model().index(1, 0))
    assert told.args == [1]


def test_the_painted_row_follows_theme_selection_and_direction(view: ViolationsView) -> None:
    """Selecting, another theme, another certainty and the other direction each change what is painted."""
    view.show_violations([make_violation()])
    pictures = [view.grab().toImage()]
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.next_row()
    pictures.append(view.grab().toImage())
    view.set_theme(DARK)
    pictures.append(view.grab().toImage())
    view.show_violations([make_violation(certainty=Certainty.SUGGESTED)])
    pictures.append(view.grab().toImage())
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    pictures.append(view.grab().toImage())
    assert all(one != other for number, one in enumerate(pictures) for other in pictures[:number])
