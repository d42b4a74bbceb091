"""A real keyring on a message bus of its own, unlocked, and gone when it is left."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.server.running import read_line

PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
# Unlocks with a password on standard input, says where the bus is, and stays until standard input closes.
_SESSION = """
read -r password
printf %s "$password" | gnome-keyring-daemon --components=secrets --unlock >/dev/null 2>&1
echo "$DBUS_SESSION_BUS_ADDRESS"
cat >/dev/null
"""


def missing_programs() -> list[str]:
    """What has to be installed first."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class RealKeyring:
    """A Secret Service for as long as the block lasts; `home` keeps its files."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment: Mapping[str, str] = {}

    def __enter__(self) -> RealKeyring:
        self.home.mkdir(parents=True, exist_ok=True)
        pipe = subprocess.PIPE
        kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        self._session = subprocess.Popen(
            ["dbus-run-session", "--", "bash", "-c", _SESSION],
            env={**kept, "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home)},
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,  # the bus complains about limits that do not matter here
        )
        assert self._session.stdin is not None
        assert self._session.stdout is not None
        self._session.stdin.write(b"made up\n")
        self._session.stdin.flush()
        address = read_line(self._session.stdout, seconds=30).decode().strip()
        assert address, "the message bus did not start"
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": address}
        return self

    def __exit__(self, *_: object) -> None:
        assert self._session.stdin is not None
        assert self._session.stdout is not None
        self._session.stdin.close()
        self._session.wait(20)
        self._session.stdout.close()
