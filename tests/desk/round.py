"""A courier with everything around it, without a thread: for the tests of what it does and when."""

from __future__ import annotations

from pathlib import Path

from moderator_app.desk.courier import Courier, News, Report
from moderator_app.errors import KnownTrouble, StorageFull
from moderator_app.model import Decision
from moderator_app.store.outbox import Outbox, State
from tests.doubles import SITE, FakeBackend, FakeClock, FakeServer, make_comment, make_decision


class FullDisk(Outbox):
    """An outbox whose disk is full for the next so many outcomes."""

    full_for = 0

    def end(self, decision_id: str, state: State, problem: str = "") -> None:
        """Fail, or write down what became of a decision."""
        if self.full_for:
            self.full_for -= 1
            raise StorageFull
        super().end(decision_id, state, problem)


class Round:
    """A courier with everything around it: server, outbox on disk, clock, and what it told."""

    def __init__(self, path: Path) -> None:
        self.server = FakeServer([make_comment(f"c{number}") for number in range(1, 10)])
        self.backend = FakeBackend(self.server)
        self.clock = FakeClock()
        self.told: list[Report] = []
        self.path = path
        self.share = 1.0  # of the full wait that is drawn
        self.outbox = FullDisk(path, SITE)
        self.courier = self._courier()

    def restart(self) -> None:
        """Begin again on the same file, as after a crash."""
        self.outbox.close()
        self.outbox = FullDisk(self.path, SITE)
        self.courier = self._courier()

    def add(self, *comments: str) -> list[Decision]:
        """Approve these comments."""
        made = [make_decision(self.server.comments[comment]) for comment in comments]
        for decision in made:
            self.outbox.add(decision)
        return made

    def step(self) -> float | None:
        """One step at the clock's time."""
        return self.courier.step(self.clock.now)

    def run(self, steps: int = 1000) -> float | None:
        """Steps until there is nothing to do now."""
        for _ in range(steps):
            wait = self.step()
            if wait != 0.0:
                return wait
        raise AssertionError("the courier does not come to rest")

    def news(self) -> list[News]:
        """What was told, in order."""
        return [report.news for report in self.told]

    def is_paused(self) -> bool:
        """Whether the courier awaits a new sign-in."""
        return self.courier.is_paused

    def last_trouble(self) -> KnownTrouble | None:
        """The trouble that was told last."""
        return self.told[-1].trouble

    def state_of(self, decision: Decision) -> State:
        """How far a decision has come, asked of the file."""
        rows = [*self.outbox.open(), *self.outbox.parked()]
        return next((row.state for row in rows if row.decision.id == decision.id), State.SETTLED)

    def _courier(self) -> Courier:
        return Courier(self.backend, self.outbox, self.told.append, draw=lambda: self.share, clock=self.clock)
