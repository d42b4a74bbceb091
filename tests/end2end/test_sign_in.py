"""Signing in at the page, with a real keyring and without any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end2end.conftest import unavailable
from tests.end2end.keyring import RealKeyring, missing_programs
from tests.end2end.screen import Key
from tests.end2end.seat import Seat
from tests.end2end.waiting import wait_for
from tests.server.running import RunningServer

_FOCUS = 200 * bytes.fromhex("0B57D0")  # so wide a line of this colour is around the field that has the keys
_NOTICE = 40 * bytes.fromhex("FFF1C9")  # so many pixels of the light theme's colour for notices side by side


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[RealKeyring]:
    """An unlocked keyring."""
    if missing := missing_programs():
        unavailable(f"not installed: {', '.join(missing)}")
    with RealKeyring(tmp_path / "keyring") as unlocked:
        yield unlocked


def _sign_in_at_the_page(seat: Seat, server: RunningServer) -> str:
    """Fill in the page as a person would; the window, once the desk is there."""
    window = seat.program.wait_for_window()
    _wait_for_page(seat, window)
    seat.screen.write(server.url)
    seat.screen.tap(Key.TAB)
    seat.screen.write("moderator")
    seat.screen.tap(Key.TAB)
    seat.screen.write(server.token())
    seat.screen.tap(Key.RETURN)
    return seat.program.wait_for_desk()


def _wait_for_page(seat: Seat, window: str) -> None:
    wait_for(lambda: _FOCUS in seat.screen.pixels(window, "600x300+400+200"), "the sign-in page")


def _shows_notice(seat: Seat, window: str) -> bool:
    return _NOTICE in seat.screen.pixels(window, "300x36+0+24")


def _files_with(secret: str, *folders: Path) -> list[Path]:
    """The files that hold a secret in plain letters."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path for path in files if secret.encode() in path.read_bytes()]


def test_secret_kept_in_a_real_keyring(prompt_seat: Seat, server: RunningServer, keyring: RealKeyring) -> None:
    """What was typed at the page goes into the keyring and into no file, and the next start signs in by itself."""
    seat = prompt_seat
    seat.start(environment=keyring.environment)
    window = _sign_in_at_the_page(seat, server)
    assert seat.decide(Key.A).comment == "c0"
    assert not _shows_notice(seat, window)
    seat.wait_until_sent(1)
    seat.program.quit()
    assert seat.program.wait_for_end() == 0
    seat.start(environment=keyring.environment)
    seat.program.wait_for_desk()
    assert not _files_with(server.token(), seat.data, seat.home, keyring.home)


def test_secret_kept_in_memory_without_a_keyring(prompt_seat: Seat, server: RunningServer) -> None:
    """Without a keyring the desk says above the queue that the secret is not kept, and the next start asks again."""
    seat = prompt_seat
    seat.start()
    window = _sign_in_at_the_page(seat, server)
    wait_for(lambda: _shows_notice(seat, window), "the notice")
    seat.decide(Key.A)
    seat.wait_until_sent(1)
    seat.program.quit()
    assert seat.program.wait_for_end() == 0
    seat.start()
    _wait_for_page(seat, seat.program.wait_for_window())
    seat.screen.write(server.token())  # site and account are known; only the secret is asked for
    seat.screen.tap(Key.RETURN)
    seat.program.wait_for_desk()
    assert not _files_with(server.token(), seat.data, seat.home)


def test_wrong_secret_is_asked_for_again(prompt_seat: Seat, server: RunningServer) -> None:
    """A secret that the server does not know leads back to the page with a sentence, and a right one then works."""
    seat = prompt_seat
    secret = {"MODERATOR_APP_SECRET": "not the secret"}
    seat.start("--server", server.url, "--user", "moderator", environment=secret)
    window = seat.program.wait_for_window()
    _wait_for_page(seat, window)
    assert _NOTICE in seat.screen.pixels(window, "600x200+400+200")
    seat.screen.write(server.token())
    seat.screen.tap(Key.RETURN)
    seat.program.wait_for_desk()
    assert seat.decide(Key.A).comment == "c0"
