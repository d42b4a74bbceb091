"""The demo: one command shows a newsroom to try, and nothing of it is left behind."""

from __future__ import annotations

from pathlib import Path

from tests.end2end.screen import Key
from tests.end2end.seat import Seat
from tests.end2end.waiting import wait_for

_SERVER = b"moderator_app.server"
_GONE = ("", "Z", "X")  # states of a process that does nothing any more
_SECONDS_TO_END = 10.0


def _parent_and_state(pid: int) -> tuple[int, str]:
    """Who started a process and what it does, as the system tells; (0, "") when there is none."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return 0, ""
    return int(after_name[1]), after_name[0]


def _server_of(pid: int) -> int:
    """The demo server that a program has started; 0 while there is none."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and _parent_and_state(int(folder.name))[0] == pid:
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if _SERVER in command:
                return int(folder.name)
    return 0


def _wait_until_gone(server: int) -> None:
    wait_for(lambda: _parent_and_state(server)[1] in _GONE, "the end of the demo's server", _SECONDS_TO_END)


def test_demo_decides_and_ends_with_its_window(prompt_seat: Seat) -> None:
    """The demo shows its newsroom, keys decide, and closing the window ends the server too."""
    seat = prompt_seat
    seat.start("demo")
    seat.program.wait_for_desk()
    server = _server_of(seat.program.pid)
    assert server
    seat.decide(Key.A)
    seat.decide(Key.R, Key.ONE)
    seat.wait_until_sent(2)
    seat.program.quit()
    assert seat.program.wait_for_end() == 0
    _wait_until_gone(server)


def test_killed_demo_leaves_no_server(seat: Seat) -> None:
    """However the demo ends, its server ends within seconds."""
    seat.start("demo")
    seat.program.wait_for_desk()
    server = _server_of(seat.program.pid)
    assert _parent_and_state(server)[1] not in _GONE
    seat.program.kill()
    _wait_until_gone(server)
