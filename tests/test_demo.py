"""The demo's own server starts, answers, and ends with whoever started it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from moderator_app.backends.connect import connect
from moderator_app.demo import ACCOUNT, DemoServer, DemoSite
from moderator_app.errors import DemoTrouble
from moderator_app.paths import resources

SEED = resources() / "demo" / "newsroom.json"
PARENT = """
import sys
from pathlib import Path
from moderator_app.demo import DemoServer
server = DemoServer(Path(sys.argv[1]), Path(sys.argv[2]))
server.start()
print(server._process.pid, flush=True)
sys.stdin.read()
"""


def until(state: Callable[[], bool], *, seconds: float = 10.0) -> bool:
    """Whether a state comes within its time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if state():
            return True
        os.sched_yield()
    return state()


def is_gone(process_id: int) -> bool:
    """Whether a process has ended."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


def test_it_starts_answers_and_stops(tmp_path: Path) -> None:
    """The server lets the demo's account in, has the newsroom's comments, and is gone after the stop."""
    server = DemoServer(tmp_path, SEED)
    told = server.start()
    process = server._process
    assert process is not None
    try:
        _site, service, backend = connect(told.url, token=told.token, account=told.account, kind="native")
        assert service.me.id == ACCOUNT
        assert backend.comments(limit=1).total
        backend.close()
    finally:
        server.stop()
    assert process.returncode is not None
    server.stop()  # once more does no harm


def test_each_demo_begins_anew(tmp_path: Path) -> None:
    """A second demo in the same folder starts from the newsroom again, with another token."""
    tokens = []
    for _ in range(2):
        server = DemoServer(tmp_path, SEED)
        tokens.append(server.start().token)
        server.stop()
    assert tokens[0] != tokens[1]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    """After SIGKILL of the program its server ends too."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", PARENT, str(tmp_path), str(SEED)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as parent:
        assert parent.stdout is not None
        process_id = int(parent.stdout.readline())
        assert not is_gone(process_id)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert until(lambda: is_gone(process_id))


def test_a_server_that_does_not_start_is_known_trouble(tmp_path: Path) -> None:
    """A newsroom that cannot be read gives a sentence, the reason for the log, and leaves no process."""
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    server = DemoServer(tmp_path / "demo", broken)
    with pytest.raises(DemoTrouble) as caught:
        server.start()
    assert caught.value.sentence == DemoTrouble.sentence
    assert server._process is None


def test_the_token_is_not_in_a_representation() -> None:
    """What is printed of the demo's site does not hold its secret."""
    site = DemoSite("http://127.0.0.1:1", ACCOUNT, "t0ken")
    assert "t0ken" not in f"{site!r} {site}"
