"""Slow work runs elsewhere and comes back on the GUI thread, as a result, as trouble or as a bug."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from moderator_app.errors import KnownTrouble, Unreachable
from moderator_app.gui.tasks import Tasks


def never(what: object) -> None:
    """What must not be delivered."""
    pytest.fail(f"delivered: {what}")


def nothing(_result: object) -> None:
    """A result that nobody needs."""


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    """A pool that is closed at the end."""
    made = Tasks()
    yield made
    made.close()


def test_a_result_comes_back_on_the_gui_thread(tasks: Tasks, qtbot: QtBot) -> None:
    """The work runs on another thread and its result is delivered on this one."""
    seen: list[tuple[threading.Thread, threading.Thread]] = []
    tasks.run(threading.current_thread, lambda where: seen.append((where, threading.current_thread())), never)
    qtbot.waitUntil(lambda: seen != [])
    (worker, here), main = seen[0], threading.current_thread()
    assert worker is not main
    assert here is main


def test_trouble_comes_back_on_the_gui_thread(tasks: Tasks, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    """Known trouble is handed over on this thread, and its detail goes into the log."""
    seen: list[tuple[KnownTrouble, threading.Thread]] = []

    def work() -> None:
        raise Unreachable(detail="port 1")

    with caplog.at_level(logging.INFO):
        tasks.run(work, never, lambda trouble: seen.append((trouble, threading.current_thread())))
        qtbot.waitUntil(lambda: seen != [])
    assert isinstance(seen[0][0], Unreachable)
    assert seen[0][1] is threading.current_thread()
    assert "port 1" in caplog.text


def test_a_bug_is_raised_on_the_gui_thread(tasks: Tasks, qtbot: QtBot) -> None:
    """Any other exception is neither swallowed nor handed over: it is raised here, with where it came from."""

    def work() -> None:
        raise ZeroDivisionError("in the work")

    with qtbot.captureExceptions() as caught:
        tasks.run(work, never, never)
        qtbot.waitUntil(lambda: caught != [])
    kind, error, _trace = caught[0]
    assert (kind, str(error)) == (ZeroDivisionError, "in the work")


def test_after_closing_nothing_is_delivered(qapp: object, qtbot: QtBot) -> None:
    """What ends after the closing is delivered nowhere, and nothing new begins."""
    told: list[object] = []
    tasks = Tasks()
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(10)
        ended.set()

    tasks.run(work, told.append, told.append)
    begun.wait(10)
    tasks.close()
    go_on.set()
    tasks.run(lambda: "begun after", told.append, told.append)
    tasks.post(lambda: told.append("posted after"))
    qtbot.waitUntil(ended.is_set)
    other, heard = Tasks(), threading.Event()
    other.post(heard.set)
    qtbot.waitUntil(heard.is_set)
    other.close()
    assert told == []


def test_what_was_posted_before_the_closing_is_not_delivered_after_it(qapp: object, qtbot: QtBot) -> None:
    """A call that waits for the GUI thread when the tasks are closed is not made any more."""
    told: list[object] = []
    tasks, posted = Tasks(), threading.Event()

    def work() -> None:
        tasks.post(lambda: told.append("too late"))
        posted.set()

    tasks.run(work, nothing, never)
    assert posted.wait(10)  # this thread's events stand still meanwhile
    tasks.close()
    other, heard = Tasks(), threading.Event()
    other.run(lambda: None, lambda _nothing: heard.set(), never)
    qtbot.waitUntil(heard.is_set)
    other.close()
    assert told == []


def test_a_part_closes_alone(tasks: Tasks, qtbot: QtBot) -> None:
    """A closed part delivers nothing more while the whole goes on; with the whole every part is closed."""
    one, other = tasks.part(), tasks.part()
    seen: list[str] = []
    one.close()
    one.run(lambda: "closed", seen.append, never)
    one.post(lambda: seen.append("posted"))
    other.run(lambda: "open", seen.append, never)
    qtbot.waitUntil(lambda: seen != [])
    tasks.close()
    other.run(lambda: "late", seen.append, never)
    other.post(lambda: seen.append("late"))
    assert seen == ["open"]


def test_posts_keep_their_order(tasks: Tasks, qtbot: QtBot) -> None:
    """Calls posted by one thread are made in their order."""
    seen: list[int] = []

    def post_many() -> None:
        for number in range(100):
            tasks.post(lambda each=number: seen.append(each))  # type: ignore[misc]

    tasks.run(post_many, nothing, never)
    qtbot.waitUntil(lambda: len(seen) == 100)
    assert seen == list(range(100))
