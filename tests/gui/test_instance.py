"""One window for each data folder: a second start is told, and a dead one's lock is taken over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from moderator_app.errors import StorageReadOnly
from moderator_app.gui.instance import Instance

HOLDER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from moderator_app.gui.instance import Instance
app = QCoreApplication([])
instance = Instance(Path(sys.argv[1]))
print(instance.is_first(), flush=True)
sys.stdin.read()
"""
CALLER = HOLDER.replace("sys.stdin.read()", "print(instance.raise_first(), flush=True)")


def start(source: str, folder: Path) -> subprocess.Popen[str]:
    """Another process at the same folder."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", source, str(folder)], stdin=pipe, stdout=pipe, text=True)


def test_the_second_is_not_the_first(tmp_path: Path) -> None:
    """While one holds a folder another one is not the first there; in another folder it is; later it is."""
    one, other = Instance(tmp_path / "a"), Instance(tmp_path / "a")
    assert one.is_first()
    assert not other.is_first()
    elsewhere = Instance(tmp_path / "b")
    assert elsewhere.is_first()
    one.close()
    assert other.is_first()
    other.close()
    elsewhere.close()


def test_an_old_lock_of_a_living_one_holds(tmp_path: Path) -> None:
    """However long the first one has been running, its folder is not taken over."""
    first, second = Instance(tmp_path), Instance(tmp_path)
    assert first.is_first()
    os.utime(tmp_path / "instance.lock", (0, 0))
    assert not second.is_first()
    first.close()


def test_a_second_start_is_told_and_brings_the_first_forward(tmp_path: Path, qtbot: QtBot) -> None:
    """A second process learns that it is not the first, and the first hears of it."""
    first = Instance(tmp_path)
    raised: list[bool] = []
    assert first.is_first()
    first.listen(lambda: raised.append(True))
    with start(CALLER, tmp_path) as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=15_000)
        assert second.stdout is not None
        assert second.stdout.read().split() == ["False", "True"]
    qtbot.waitUntil(lambda: raised == [True])
    first.close()


def test_nobody_answers_for_a_silent_first(tmp_path: Path, qapp: object) -> None:
    """A first one that does not listen yet is not said to have heard."""
    first, second = Instance(tmp_path), Instance(tmp_path)
    assert first.is_first()
    assert not second.raise_first()
    first.close()


def test_the_lock_of_a_killed_one_is_taken_over(tmp_path: Path) -> None:
    """After SIGKILL the lock file is still there, and the next start takes it over at once."""
    with start(HOLDER, tmp_path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "True"
        mine = Instance(tmp_path)
        assert not mine.is_first()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert (tmp_path / "instance.lock").exists()
    assert mine.is_first()
    mine.close()


def test_a_folder_that_cannot_be_made_is_known_trouble(tmp_path: Path) -> None:
    """Where no folder can be, a sentence says so."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageReadOnly):
        Instance(tmp_path / "file" / "data").is_first()


@pytest.mark.skipif(os.geteuid() == 0, reason="the system's owner may write everywhere")
def test_a_folder_that_cannot_be_written_is_known_trouble(tmp_path: Path) -> None:
    """Where nothing can be written, a sentence says so."""
    tmp_path.chmod(0o500)
    with pytest.raises(StorageReadOnly):
        Instance(tmp_path).is_first()
    tmp_path.chmod(0o700)
