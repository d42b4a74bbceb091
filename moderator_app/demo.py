"""A newsroom to try: starts a reference server of its own and ends it with the window."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from moderator_app.errors import DemoTrouble

_log = logging.getLogger(__name__)

START_SECONDS = 60.0  # a slow disk needs some; after this nothing is coming
ACCOUNT = "moderator"


@dataclass(frozen=True, slots=True, repr=False)
class DemoSite:
    """Where the demo's server is and how to sign in to it. It has no repr, for it holds a secret."""

    url: str
    account: str
    token: str


class DemoServer:
    """The reference server as a process of its own, on a free port of this computer.

    It ends when its standard input closes, so it never outlives this process, however that ends.
    """

    def __init__(self, folder: Path, seed: Path) -> None:
        self._folder, self._seed = folder, seed
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> DemoSite:
        """Start the server and wait until it answers. Raises `DemoTrouble`."""
        shutil.rmtree(self._folder, ignore_errors=True)  # a new database prints its tokens: each demo begins anew
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = self._folder / "newsroom.sqlite"
        command = [sys.executable, "-m", "moderator_app.server", "--database", f"sqlite:///{database}"]
        command += ["--seed", str(self._seed), "--until-stdin-closes"]
        pipe = subprocess.PIPE
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log)  # noqa: S603 (our own module)
        timer = threading.Timer(START_SECONDS, self._process.kill)
        timer.start()
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        timer.cancel()
        timer.join()
        return self._read(line)

    def stop(self) -> None:
        """End the server."""
        process, self._process = self._process, None
        if process is None or process.stdin is None or process.stdout is None:
            return
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _read(self, line: bytes) -> DemoSite:
        try:
            told = json.loads(line)
            tokens = {account["id"]: account["token"] for account in told["accounts"]}
            return DemoSite(told["url"], ACCOUNT, tokens[ACCOUNT])
        except (ValueError, KeyError, TypeError):
            self.stop()
            words = (self._folder / "server.log").read_text("utf-8", "replace")[-400:].strip()
            _log.error("the demo's server said: %s", words)
            raise DemoTrouble(detail=words) from None
