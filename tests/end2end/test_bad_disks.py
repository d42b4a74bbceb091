"""A data folder that cannot be used, or not any more: a clear sentence, no crash, and nothing lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end2end.disks import SmallDisk, as_bound_by_rights, read_only
from tests.end2end.screen import Key
from tests.end2end.seat import Seat
from tests.end2end.site import check_once_each, log_of
from tests.end2end.waiting import look_for, wait_for
from tests.server.running import RunningServer

_NOTICE = 40 * bytes.fromhex("FFF1C9")  # so many pixels of the light theme's colour for notices side by side
_MANY = 3  # presses of a key that must not decide


def _shows_notice(seat: Seat, window: str) -> bool:
    """Whether something is told above the desk, over its whole width."""
    return _NOTICE in seat.screen.pixels(window, "300x36+0+24")


def _check_one_sentence(said: str) -> None:
    """It is one line for people, with a next step."""
    lines = said.strip().splitlines()
    assert len(lines) == 1, said
    assert lines[0].endswith(".")
    assert "folder" in lines[0]
    assert "Error" not in lines[0]


def test_folder_that_cannot_be_written(seat: Seat, tmp_path: Path) -> None:
    """The program says which folder to make writable and ends with 1."""
    with read_only(tmp_path / "closed") as folder:
        program = seat.start(data=str(folder), within=as_bound_by_rights())
        assert program.wait_for_end() == 1
        _check_one_sentence(program.said)
        assert not list(folder.iterdir())


def test_file_where_the_folder_should_be(seat: Seat, tmp_path: Path) -> None:
    """A file in the way is left as it is; the program says what is wrong and ends with 1."""
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        (tmp_path / "file").write_text("mine")
        program = seat.start(data=str(place))
        assert program.wait_for_end() == 1
    assert (tmp_path / "file").read_text() == "mine"
    first, second = program.said.strip().splitlines()
    _check_one_sentence(first)
    assert first == second


def test_damaged_outbox_is_put_aside(seat: Seat, server: RunningServer) -> None:
    """What is no database is kept under another name, which is told, and deciding goes on in a new one."""
    rubbish = os.urandom(20_000)
    (seat.data / "outbox.sqlite").write_bytes(rubbish)
    window = seat.sign_in(server)
    wait_for(lambda: _shows_notice(seat, window), "the notice")
    seat.decide(Key.A)
    aside = list(seat.data.glob("outbox-damaged-*.sqlite"))
    assert [path.read_bytes() for path in aside] == [rubbish]
    assert seat.program.is_running


def test_folder_where_the_outbox_should_be(seat: Seat, server: RunningServer) -> None:
    """The window stays and can be closed; no desk is shown, for nothing could be saved."""
    (seat.data / "outbox.sqlite").mkdir()
    seat.start("--server", server.url, "--user", "moderator", environment={"MODERATOR_APP_SECRET": server.token()})
    window = seat.program.wait_for_window()
    before = seat.screen.pixels(window)
    look_for(lambda: seat.screen.pixels(window) != before, 5)
    seat.screen.tap(Key.A)
    seat.program.quit()
    assert seat.program.wait_for_end() == 0


@pytest.fixture
def small_disk(seat: Seat) -> Iterator[SmallDisk]:
    """The seat's data folder on a disk of its own."""
    settings = (seat.data / "settings.json").read_text()
    with ExitStack() as leaving:
        try:
            disk = leaving.enter_context(SmallDisk(seat.data, megabytes=4))
        except (PermissionError, FileNotFoundError) as error:
            # Not `unavailable`: a machine that runs this as root in a locked container cannot be given the right.
            pytest.skip(f"a disk cannot be mounted here: {error}")
        leaving.callback(seat.close)
        (seat.data / "settings.json").write_text(settings)
        yield disk


def test_full_disk_decides_nothing(seat: Seat, server: RunningServer, small_disk: SmallDisk) -> None:
    """On a full disk a key decides nothing and a notice says so; with room again the same key decides."""
    window = seat.sign_in(server)
    first = seat.decide(Key.A)
    assert not _shows_notice(seat, window)
    small_disk.fill()
    seat.press_until(lambda: _shows_notice(seat, window), Key.A)
    for _ in range(_MANY):
        seat.screen.tap(Key.A)
    assert seat.rows == [first]
    assert not log_of(server)
    small_disk.make_room()
    assert seat.decide(Key.A).comment == "c1"
    wait_for(lambda: not _shows_notice(seat, window), "the end of the notice")
    seat.program.quit()
    assert seat.program.wait_for_end() == 0
    check_once_each(server, seat.rows)
    assert len(log_of(server)) == 2


def test_start_on_a_full_disk(seat: Seat, server: RunningServer, small_disk: SmallDisk) -> None:
    """A start on a full disk ends with 1 and a sentence."""
    small_disk.fill()
    seat.start("--server", server.url, "--user", "moderator", environment={"MODERATOR_APP_SECRET": server.token()})
    assert seat.program.wait_for_end() == 1
    _check_one_sentence(seat.program.said)
