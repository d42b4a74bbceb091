"""The log file is private, small, and no server can forge a line in it."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator_app import logs


@pytest.fixture(autouse=True)
def _logging_is_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    level, before = root.level, list(root.handlers)
    yield
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def written(path: Path | None) -> str:
    """What the log file holds."""
    assert path is not None
    for handler in logging.getLogger().handlers:
        handler.flush()
    return path.read_text("utf-8")


def test_lines_go_into_a_private_file(tmp_path: Path) -> None:
    """The file and its folder are the owner's alone, and a message is one line in it."""
    path = logs.begin(tmp_path / "log")
    logging.getLogger("x").warning("a word")
    assert written(path).count("\n") == 1
    assert "WARNING x: a word" in written(path)
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_debugging_words_are_left_out(tmp_path: Path) -> None:
    """Below INFO nothing is written, nor what the HTTP library says of addresses."""
    path = logs.begin(tmp_path)
    logging.getLogger("x").debug("a reader's text")
    logging.getLogger("urllib3.connectionpool").info("https://news.example/secret")
    assert written(path) == ""


@pytest.mark.parametrize("char", ["\r", "\x1b", "\x00", "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\ud800"])
def test_control_characters_are_written_as_numbers(tmp_path: Path, char: str) -> None:
    """What could move the cursor, end a line or turn the direction is written as its number."""
    path = logs.begin(tmp_path)
    logging.getLogger("x").info("a%sb", char)
    assert f"a\\u{ord(char):04x}b" in written(path)
    assert char not in written(path) or char == "\r"
    assert b"\r" not in (tmp_path / "moderator_app.log").read_bytes()


def test_a_line_cannot_be_forged(tmp_path: Path) -> None:
    """A line end in a message begins no new entry: what follows it is indented."""
    path = logs.begin(tmp_path)
    logging.getLogger("x").info("%s", "a\n2026-01-01 00:00:00,000 ERROR y: forged")
    assert [line[:4] for line in written(path).splitlines()][1:] == ["    "]


def test_a_traceback_is_kept(tmp_path: Path) -> None:
    """A bug's traceback is in the log, its lines apart."""
    path = logs.begin(tmp_path)
    try:
        raise ZeroDivisionError("the cause")
    except ZeroDivisionError:
        logging.getLogger("x").exception("a bug")
    assert "    Traceback (most recent call last):" in written(path)
    assert "ZeroDivisionError: the cause" in written(path)


def test_the_log_stays_small(tmp_path: Path) -> None:
    """Old lines go: never more than so many files of so many bytes."""
    logs.begin(tmp_path)
    for _ in range(20 * logs.LARGEST // 10_000):
        logging.getLogger("x").info("x" * 10_000)
    files = list(tmp_path.iterdir())
    assert len(files) == logs.KEPT + 1
    assert all(each.stat().st_size <= logs.LARGEST for each in files)


def test_without_a_place_nothing_is_logged(tmp_path: Path) -> None:
    """Where no file can be, the program goes on without a log."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert logs.begin(tmp_path / "file" / "log") is None
    logging.getLogger("x").warning("a word")
