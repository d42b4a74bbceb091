"""A bug is logged with its traceback, told in plain words, and not more than once a minute."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning

from moderator_app.gui.bugs import SENTENCE, BugHooks


@pytest.fixture
def told(qapp: object) -> Iterator[list[str]]:
    """What is told while the hooks are in place; afterwards they are as they were."""
    before = sys.excepthook, threading.excepthook
    sentences: list[str] = []
    BugHooks(sentences.append).install()
    yield sentences
    sys.excepthook, threading.excepthook = before
    qInstallMessageHandler(None)


def raise_bug(words: str = "the cause") -> None:
    """An exception that nobody catches reaches the hook."""
    try:
        raise ZeroDivisionError(words)
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def test_a_bug_is_told_once_and_logged_each_time(told: list[str], caplog: pytest.LogCaptureFixture) -> None:
    """Of several bugs within a minute one is told, in words without a traceback, and each is in the log."""
    for number in range(3):
        raise_bug(f"cause {number}")
    assert told == [SENTENCE]
    assert [f"cause {number}" in caplog.text for number in range(3)] == [True] * 3
    assert caplog.text.count("Traceback") == 3


def test_after_a_minute_it_is_told_again(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug long after the one before is told too."""
    now = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    raise_bug()
    now[0] += 59.0
    raise_bug()
    assert len(told) == 1
    now[0] += 2.0
    raise_bug()
    assert len(told) == 2


def test_a_bug_on_another_thread_is_heard(told: list[str], caplog: pytest.LogCaptureFixture) -> None:
    """An exception on a thread of ours is told and logged like one of the window."""

    def work() -> None:
        raise ZeroDivisionError("on a thread")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert told == [SENTENCE]
    assert "on a thread" in caplog.text


def test_an_interrupt_is_no_bug(told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl+C in the terminal is not told as one."""
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert told == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_qt_speaks_into_the_log(told: list[str], caplog: pytest.LogCaptureFixture) -> None:
    """Qt's warnings go into the log and not onto the terminal."""
    with caplog.at_level(logging.DEBUG):
        qWarning("a word of Qt's")
    assert ("qt", logging.WARNING, "a word of Qt's") in caplog.record_tuples
