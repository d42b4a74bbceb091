"""The real program as a process with a window on the tests' screen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.end2end.screen import Key, Screen
from tests.end2end.waiting import look_for, wait_for

_AT_THE_DESK = " — moderator_app$"  # the title's end once somebody is signed in


class Program:
    """`python -m moderator_app` with the arguments given; `stop` ends it however it is."""

    def __init__(
        self,
        screen: Screen,
        home: Path,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        within: Sequence[str] = (),
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._screen = screen
        self._said = home / "stderr.txt"
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                [*within, sys.executable, "-X", "faulthandler", "-m", "moderator_app", *arguments],
                env={**screen.environment(home), **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def said(self) -> str:
        """What it wrote to the terminal, and those before it with the same home."""
        return self._said.read_text("utf-8", "replace")

    def wait_for_window(self, title: str = "moderator_app$") -> str:
        """The window with this title (a regular expression), once it is there and hears the keys."""

        def found() -> str:
            assert self.is_running, f"it ended: {self.said}"
            active = self._screen.active_window()
            return active if active in self._screen.windows(self.pid, title) else ""

        return wait_for(found, f"an active window with the title {title}")

    def wait_for_desk(self) -> str:
        """The window, once somebody is signed in."""
        return self.wait_for_window(_AT_THE_DESK)

    def has_window(self, title: str) -> bool:
        """Whether such a window is on the screen."""
        return bool(self._screen.windows(self.pid, title))

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def quit(self) -> None:
        """Ask it to end, by its key."""
        self._screen.tap(Key.Q, held=(Key.CONTROL,))

    def wait_for_end(self) -> int:
        """The exit code, once it has ended by itself."""
        wait_for(lambda: not self.is_running, "the program's end")
        return self._process.returncode

    def stop(self) -> None:
        """End it."""
        if self.is_running:
            self._process.terminate()
            look_for(lambda: not self.is_running, 5)
            self.kill()
