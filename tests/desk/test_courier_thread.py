"""The courier on its own thread: it works, survives trouble, and ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moderator_app.desk.courier import Courier, News, Report
from moderator_app.errors import StorageFull
from moderator_app.model import Decision, Receipt
from moderator_app.store.outbox import Outbox, OutboxRow
from tests import doubles
from tests.doubles import SITE, FakeBackend, FakeServer, make_comment, make_decision

DEADLINE = 20.0  # seconds that a state may take to come


class Told:
    """Reports as they come in, to be waited for."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self._changed = threading.Condition()

    def __call__(self, report: Report) -> None:
        """Take one in."""
        with self._changed:
            self.reports.append(report)
            self._changed.notify_all()

    def wait_for(self, news: News, times: int = 1) -> None:
        """Until this was told so often."""

        def is_so() -> bool:
            return sum(report.news is news for report in self.reports) >= times

        with self._changed:
            assert self._changed.wait_for(is_so, DEADLINE), self.reports


Hire = Callable[[FakeBackend, Outbox, Callable[[Report], None]], Courier]


@pytest.fixture
def hire() -> Iterator[Hire]:
    """Makes couriers, and ends them also when the test fails."""
    hired: list[Courier] = []

    def make(backend: FakeBackend, outbox: Outbox, tell: Callable[[Report], None]) -> Courier:
        hired.append(Courier(backend, outbox, tell))
        return hired[-1]

    yield make
    for courier in hired:
        courier.stop(DEADLINE)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """An outbox on disk."""
    made = Outbox(tmp_path / "outbox.db", SITE)
    yield made
    made.close()


def test_thread_sends_what_comes_in(outbox: Outbox, hire: Hire) -> None:
    """Decisions that are added while the courier sleeps are sent when it's woken, each once."""
    server, told = FakeServer([make_comment(f"c{number}") for number in range(20)]), Told()
    courier = hire(FakeBackend(server), outbox, told)
    courier.start()
    for comment in list(server.comments.values()):
        outbox.add(make_decision(comment))
        courier.wake()
    told.wait_for(News.SETTLED, times=20)
    assert courier.stop(DEADLINE)
    assert set(server.effects.values()) == {1}
    assert len(server.effects) == 20


def test_stop_ends_a_courier_that_waits(outbox: Outbox, hire: Hire) -> None:
    """Stopping does not wait for an undo time to be over; the decision stays on disk."""
    courier, decision = hire(FakeBackend(), outbox, Told()), make_decision()
    courier.hold(decision.id, 10_000)
    outbox.add(decision)
    courier.start()
    assert courier.stop(DEADLINE)
    assert outbox.waiting() == 1


def test_stop_before_start_is_fine(outbox: Outbox, hire: Hire) -> None:
    """A courier that never began has nothing to end."""
    assert hire(FakeBackend(), outbox, Told()).stop()


class SlowBackend(FakeBackend):
    """A backend whose answer is let go by the test."""

    def __init__(self) -> None:
        super().__init__(FakeServer([make_comment()]))
        self.is_asked, self.may_answer = threading.Event(), threading.Event()

    def decide(self, decision: Decision) -> Receipt:
        """Answer when the test says so."""
        self.is_asked.set()
        assert self.may_answer.wait(DEADLINE)
        return super().decide(decision)


def test_stop_says_when_a_request_is_still_under_way(outbox: Outbox, hire: Hire) -> None:
    """A stop that runs out of time says so; the request then ends by itself and its answer is kept."""
    backend = SlowBackend()
    courier, decision = hire(backend, outbox, Told()), make_decision()
    outbox.add(decision)
    courier.start()
    assert backend.is_asked.wait(DEADLINE)
    assert not courier.stop(0.01)
    backend.may_answer.set()
    assert courier.stop(DEADLINE)
    assert outbox.waiting() == 0


class FullOnce(Outbox):
    """An outbox that cannot be read the first time."""

    reads = 0

    def heads(self, *, after: int = 0) -> tuple[OutboxRow, ...]:
        """Fail once, then answer."""
        self.reads += 1
        if self.reads == 1:
            raise StorageFull(detail="full")
        return super().heads(after=after)


def test_thread_survives_storage_trouble(hire: Hire, tmp_path: Path) -> None:
    """Trouble with the disk is told, and the courier goes on when it's woken."""
    outbox, told = FullOnce(tmp_path / "full.db", SITE), Told()
    outbox.add(make_decision())
    courier = hire(FakeBackend(FakeServer([make_comment()])), outbox, told)
    courier.start()
    told.wait_for(News.STORAGE)
    courier.wake()
    told.wait_for(News.SETTLED)
    assert courier.stop(DEADLINE)
    outbox.close()


def failing_once(told: Told) -> Callable[[Report], None]:
    """A listener with a bug that shows once."""

    def tell(report: Report) -> None:
        told(report)
        if len(told.reports) == 1:
            raise ZeroDivisionError("a bug in a listener")

    return tell


def test_thread_survives_a_bug_in_a_listener(outbox: Outbox, hire: Hire, caplog: pytest.LogCaptureFixture) -> None:
    """A bug in whoever listens is logged with its traceback, and decisions still go out, once."""
    server, told = FakeServer([make_comment("c1"), make_comment("c2")]), Told()
    courier = hire(FakeBackend(server), outbox, failing_once(told))
    for comment in list(server.comments.values()):
        outbox.add(make_decision(comment))
    courier.start()
    told.wait_for(News.SETTLED, times=1)
    courier.wake()
    told.wait_for(News.SETTLED, times=2)
    assert courier.stop(DEADLINE)
    assert "ZeroDivisionError" in caplog.text
    assert sorted(server.effects.values()) == [1, 1]


def test_resume_wakes_a_paused_courier(outbox: Outbox, hire: Hire) -> None:
    """A new sign-in sets the courier to work at once."""
    server, told = FakeServer([make_comment()]), Told()
    backend = FakeBackend(server)
    backend.faults["decide"].append(doubles.UNAUTHORIZED)
    outbox.add(make_decision())
    courier = hire(backend, outbox, told)
    courier.start()
    told.wait_for(News.SIGN_IN_NEEDED)
    courier.resume(FakeBackend(server))
    told.wait_for(News.SETTLED)
    assert courier.stop(DEADLINE)
