"""A moderator at work: a screen, a folder for what the program remembers, the program, and fingers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from tests.end2end import outbox_file
from tests.end2end.outbox_file import Row
from tests.end2end.program import Program
from tests.end2end.screen import Key, Screen
from tests.end2end.waiting import look_for, wait_for
from tests.server.running import RunningServer

LONG_UNDO = 30.0  # seconds; the longest undo time that can be chosen, so nothing is sent while a test looks
_SEEN = timedelta(milliseconds=300)  # a key that comes sooner after a comment appeared does not decide
_PATIENCE = 1.5  # seconds until a key that did nothing is pressed again
_TRIES = 20


class Seat:
    """Starts the program with one folder, as often as it takes, and decides by keys."""

    def __init__(self, screen: Screen, folder: Path, *, undo_seconds: float = LONG_UNDO) -> None:
        self.screen, self.data, self.home = screen, folder / "data", folder / "home"
        self._programs: list[Program] = []
        self.data.mkdir(parents=True)
        self.settle(undo_seconds=undo_seconds)

    @property
    def program(self) -> Program:
        """The program that was started last."""
        return self._programs[-1]

    @property
    def rows(self) -> list[Row]:
        """The decisions in the outbox, in the order in which they were made."""
        return outbox_file.rows(self.data / "outbox.sqlite")

    @property
    def waiting(self) -> list[Row]:
        """Those that the server has not answered."""
        return [row for row in self.rows if row.state in ("queued", "sending")]

    def settle(self, **settings: object) -> None:
        """Write the settings that the next start finds."""
        (self.data / "settings.json").write_text(json.dumps({"theme": "light", **settings}))

    def start(
        self, *arguments: str, environment: Mapping[str, str] | None = None, within: Sequence[str] = (), data: str = ""
    ) -> Program:
        """Start the program, with this seat's folder if no other is named."""
        given = [*arguments, "--data-dir", data or str(self.data)]
        self._programs.append(Program(self.screen, self.home, given, environment=environment, within=within))
        return self.program

    def sign_in(self, server: RunningServer, *, url: str = "") -> str:
        """Start the program, signed in to a server (perhaps by another address); the window."""
        secret = {"MODERATOR_APP_SECRET": server.token()}
        self.start("--server", url or server.url, "--user", "moderator", environment=secret)
        return self.program.wait_for_desk()

    def decide(self, *keys: Key) -> Row:
        """Decide the comment on the screen by these keys; the decision as it is on disk."""
        before = len(self.rows)
        self.press_until(lambda: len(self.rows) > before, *keys)
        return self.rows[-1]

    def press_until(self, is_done: Callable[[], bool], *keys: Key) -> None:
        """Press keys until something has come about; they may be early, for then they do nothing."""
        for _ in range(_TRIES):
            self.look_at_comment()
            self.screen.tap(*keys)
            if look_for(is_done, _PATIENCE):
                return
        raise AssertionError(f"the keys {', '.join(keys)} do nothing; the program said: {self.program.said}")

    def look_at_comment(self) -> None:
        """Look at the comment that came after the last decision for as long as a person would."""
        if rows := self.rows:
            appeared = _made_at(rows[-1])
            wait_for(lambda: datetime.now(UTC) - appeared > _SEEN, "the time that one looks at a comment")

    def wait_until_sent(self, count: int, seconds: float = 60.0) -> None:
        """Wait until the server has answered all decisions, so many in all."""
        wait_for(
            lambda: len(self.rows) >= count and not self.waiting, f"{count} decisions sent; {self.waiting}", seconds
        )

    def close(self) -> None:
        """End whatever was started; nothing of it may have been a bug."""
        for program in self._programs:
            program.stop()
        log = self.data / "log" / "moderator_app.log"
        logged = log.read_text("utf-8") if log.is_file() else ""
        said = "".join(program.said for program in self._programs[:1])
        assert "Traceback" not in said + logged, said + logged


def _made_at(row: Row) -> datetime:
    """When a decision was made; its id begins with the milliseconds since 1970 (UUIDv7)."""
    return datetime.fromtimestamp((UUID(row.id).int >> 80) / 1000, UTC)
