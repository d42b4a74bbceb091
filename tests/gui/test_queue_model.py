"""The queue's rows change in place: every list becomes the next one, and what is read stays where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from moderator_app.desk.queue import QueueItem
from moderator_app.gui.queue_model import MOST_RUNS, QueueModel
from moderator_app.gui.queue_view import QueueView
from moderator_app.gui.theme import DARK, LIGHT, base_font
from moderator_app.model import Action
from tests.doubles import make_comment, make_item_of, make_violation

IDS = st.lists(st.integers(0, 30), unique=True, max_size=25)


def items(numbers: Sequence[int], *, version: int = 1) -> list[QueueItem]:
    """Rows of these numbers."""
    return [make_item_of(make_comment(f"c{number}", version=version)) for number in numbers]


def ids(model: QueueModel) -> list[str]:
    """What the model's rows are."""
    return [item.id for item in model.items]


@contextmanager
def watched(model: QueueModel) -> Iterator[list[str]]:
    """Qt's own check of the model's signals, and a list of every reset."""
    resets: list[str] = []
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.modelAboutToBeReset.connect(lambda: resets.append("about to be reset"))
    model.modelReset.connect(lambda: resets.append("reset"))
    yield resets
    tester.deleteLater()


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(old=IDS, new=IDS, keep=st.integers(0, 30), version=st.integers(1, 2))
def test_rows_become_the_new_list(qapp: QApplication, old: list[int], new: list[int], keep: int, version: int) -> None:
    """For any two lists the rows become the second, with the kept comment at most one besides, and without a reset."""
    model = QueueModel()
    model.apply(items(old))
    before = {item.id: item for item in model.items}
    wanted = items(new, version=version)
    with watched(model) as resets:
        model.apply(wanted, keep=f"c{keep}")
    kept = f"c{keep}" if keep in old and keep not in new else ""
    assert [item for item in model.items if item.id != kept] == wanted
    assert [item for item in model.items if item.id == kept] == ([before[kept]] if kept else [])
    assert resets == []


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_many_changed_places_are_one_new_layout(qapp: QApplication, data: st.DataObject) -> None:
    """More changes than are worth making one by one give the same rows, and what is pinned follows its comment."""
    count = 4 * MOST_RUNS
    old = data.draw(st.permutations(range(count)))
    new = old[: data.draw(st.integers(0, count))] + list(range(count, count + data.draw(st.integers(0, count))))
    new = data.draw(st.permutations(new))
    model = QueueModel()
    model.apply(items(old))
    followed = [model.index(row, 0) for row in range(0, count, 7)]
    from PySide6.QtCore import QPersistentModelIndex

    pinned = [(QPersistentModelIndex(index), model.items[index.row()].id) for index in followed]
    with watched(model) as resets:
        model.apply(items(new))
    assert ids(model) == [f"c{number}" for number in new]
    for index, comment_id in pinned:
        if comment_id in ids(model):
            assert model.items[index.row()].id == comment_id
        else:
            assert not index.isValid()
    assert resets == []


def test_a_thousand_gone_rows_are_one_change(qapp: QApplication) -> None:
    """Every second row of many may go at once, and the rest is told of in few signals."""
    model = QueueModel()
    model.apply(items(range(4 * MOST_RUNS * 20)))
    signals: list[str] = []
    model.rowsRemoved.connect(lambda *_: signals.append("removed"))
    model.layoutChanged.connect(lambda *_: signals.append("layout"))
    with watched(model) as resets:
        model.apply(items(range(0, 4 * MOST_RUNS * 20, 2)))
    assert len(model.items) == 2 * MOST_RUNS * 20
    assert len(signals) <= MOST_RUNS
    assert resets == []


def test_a_new_version_is_told_of_as_a_change(qtbot: QtBot) -> None:
    """A comment that changed is the same row with new data, and nothing else moves."""
    model = QueueModel()
    model.apply(items(range(5)))
    new = items(range(5))
    new[2] = items([2], version=2)[0]
    with watched(model), qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.layoutChanged):
        model.apply(new)
    assert model.items[2].comment.version == 2


def test_the_same_list_tells_nothing(qtbot: QtBot) -> None:
    """A refresh that brings nothing new says nothing to the view."""
    model = QueueModel()
    same = items(range(5))
    model.apply(same)
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.layoutChanged):
        model.apply(same)


def test_screen_readers_hear_a_row() -> None:
    """A row is spoken with author, language, what was found and the first words."""
    model = QueueModel()
    model.apply([make_item_of(make_comment(lang="ckb", text="a word"), make_violation())])
    spoken = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Reader, Sorani, 1 violation: profanity. a word"


# The view


@pytest.fixture
def view(qtbot: QtBot) -> QueueView:
    """The list on the screen, some ten rows high."""
    made = QueueView(LIGHT, base_font(10))
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.show()
    return made


def first_visible(view: QueueView) -> tuple[str, int]:
    """The comment at the top edge, and how far its row is scrolled out."""
    row = view.rowAt(0)
    return view.rows.items[row].id, view.rowViewportPosition(row)


def current_id(view: QueueView) -> str:
    """The selected comment."""
    return view.current.id if view.current else ""


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_rows_above_move_nothing(qapp: QApplication, data: st.DataObject) -> None:
    """Wherever comments come in or go away, the selected one stays selected and the first visible one stays there."""
    view = QueueView(LIGHT, base_font(10))
    view.resize(320, 400)
    view.show()
    old = list(range(100, 200))
    view.show_items(items(old), keep_current=True)
    view.go_to_row(data.draw(st.integers(0, 99)))
    bar = view.verticalScrollBar()
    bar.setValue(data.draw(st.integers(1, bar.maximum() - 1)))
    selected, place = current_id(view), first_visible(view)
    gone = set(data.draw(st.lists(st.sampled_from(old), max_size=40))) - {int(selected[1:]), int(place[0][1:])}
    new = sorted({*old, *data.draw(st.lists(st.integers(0, 300), max_size=80))} - gone)
    view.show_items(items(new), keep_current=True)
    QApplication.processEvents()
    assert current_id(view) == selected
    assert first_visible(view) == place or bar.value() == bar.maximum()  # there the list has become too short
    view.close()


def test_a_new_order_keeps_the_selection(view: QueueView, qtbot: QtBot) -> None:
    """When everything is ordered anew, the selected comment is still the one selected."""
    view.show_items(items(range(50)), keep_current=True)
    view.go_to_row(20)
    with qtbot.assertNotEmitted(view.picked):
        view.show_items(items(list(reversed(range(50)))), keep_current=True)
    assert current_id(view) == "c20"


def test_a_comment_being_read_stays(view: QueueView) -> None:
    """The selected comment stays in the list although the server no longer has it; with a filter it goes."""
    view.show_items(items(range(5)), keep_current=True)
    view.go_to_row(2)
    view.show_items(items([0, 1, 3, 4]), keep_current=True)
    assert (current_id(view), len(view.rows.items)) == ("c2", 5)
    view.show_items(items([0, 1, 3, 4]), keep_current=False)
    assert current_id(view) != "c2"
    assert current_id(view) != ""


def test_the_first_comment_is_selected_by_itself(view: QueueView, qtbot: QtBot) -> None:
    """Work begins at the first comment without a key."""
    with qtbot.waitSignal(view.picked) as told:
        view.show_items(items([7, 8]), keep_current=True)
    assert told.args is not None
    assert told.args[0].id == "c7"


def test_taking_out_the_last_tells_so(view: QueueView, qtbot: QtBot) -> None:
    """When the last comment is decided nothing is picked."""
    view.show_items(items([1]), keep_current=True)
    picked: list[object] = []
    view.picked.connect(picked.append)
    view.take_out("c1")
    assert picked[-1] is None
    assert view.rows.items == []


def test_taking_out_goes_on_to_the_next(view: QueueView) -> None:
    """After a decision the next comment is selected, and after the last one the one before."""
    view.show_items(items([1, 2, 3]), keep_current=True)
    view.go_to_row(1)
    view.take_out("c2")
    assert current_id(view) == "c3"
    view.take_out("c3")
    assert current_id(view) == "c1"


def test_a_decided_comment_leaves_with_the_selection(view: QueueView, qtbot: QtBot) -> None:
    """A comment decided with "stay" is in the list until the selection moves on."""
    view.show_items(items([1, 2, 3]), keep_current=True)
    view.mark_decided("c1", Action.APPROVE)
    assert ids(view.rows) == ["c1", "c2", "c3"]
    view.step(1)
    qtbot.waitUntil(lambda: ids(view.rows) == ["c2", "c3"])
    assert current_id(view) == "c2"


def test_a_hundred_thousand_rows_cost_what_is_seen(view: QueueView) -> None:
    """Of many rows only those on the screen are painted."""
    view.show_items(items(range(20_000)), keep_current=True)
    painted: list[int] = []
    paint = view._row._picture
    view._row._picture = lambda *given, **named: (painted.append(1), paint(*given, **named))[1]  # type: ignore[method-assign, func-returns-value]
    view.grab()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    view.grab()
    assert 0 < len(painted) <= 2 * (view.height() // view._row.height + 3)


def test_a_row_shows_what_changed(view: QueueView) -> None:
    """Skipping, deciding, another theme and other words are painted."""
    view.show_items(
        [make_item_of(make_comment("c1", text="سڵاو", lang="ckb", parent="c0"), make_violation())],
        keep_current=True,
    )
    pictures = [view.grab().toImage()]
    view.mark_skipped("c1")
    pictures.append(view.grab().toImage())
    view.mark_decided("c1", Action.REJECT)
    pictures.append(view.grab().toImage())
    view.set_theme(DARK, base_font(10))
    pictures.append(view.grab().toImage())
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    pictures.append(view.grab().toImage())
    same = [
        (first, second)
        for second in range(len(pictures))
        for first in range(second)
        if pictures[first] == pictures[second]
    ]
    assert same == []


def test_typed_letters_select_nothing(view: QueueView) -> None:
    """A stray letter does not move the selection to a row that begins with it."""
    view.show_items(items([1, 2, 3]), keep_current=True)
    view.keyboardSearch("A")
    assert current_id(view) == "c1"
    assert view.rows.rowCount(QModelIndex()) == 3
