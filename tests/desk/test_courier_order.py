"""When the courier sends: order, undo time, what is left over after a crash, and what a step costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from moderator_app.desk.courier import Courier, News, Report
from moderator_app.errors import StorageTrouble
from moderator_app.model import Action
from moderator_app.store.outbox import HEADS, Outbox, State
from tests import doubles
from tests.desk.round import FullDisk, Round
from tests.doubles import SITE, FakeBackend, Fault, make_comment, make_decision


def test_order_of_one_comment_is_kept(at: Round) -> None:
    """A later decision on a comment waits for the earlier one; other comments overtake both."""
    (first,) = at.add("c1")
    second = make_decision(make_comment("c1", version=2), action=Action.REOPEN, reverses=first.id)
    at.outbox.add(second)
    (other,) = at.add("c2")
    at.backend.faults["decide"].append(doubles.FAIL_BEFORE_APPLYING)
    at.run()
    assert at.backend.sent() == [first.id, other.id]
    at.clock.advance(1.0)
    at.run()
    assert at.backend.sent() == [first.id, other.id, first.id, second.id]
    assert at.server.comments["c1"].version == 3


def test_held_decision_is_sent_when_its_undo_time_is_over(at: Round) -> None:
    """A decision is kept back for its undo time and not a moment longer."""
    decision = make_decision(make_comment("c1"))
    at.courier.hold(decision.id, 5.0)
    at.outbox.add(decision)
    assert at.run() == 5.0
    at.clock.advance(4.9)
    assert at.run() == pytest.approx(0.1)
    assert at.backend.calls == []
    at.clock.advance(0.1)
    at.run()
    assert at.backend.sent() == [decision.id]


def test_held_decision_does_not_hold_up_an_older_one(at: Round) -> None:
    """The undo time of one comment's decision is nothing to another comment's."""
    (free,) = at.add("c2")
    held = make_decision(make_comment("c1"))
    at.courier.hold(held.id, 5.0)
    at.outbox.add(held)
    at.run()
    assert at.backend.sent() == [free.id]


def test_due_decision_is_found_behind_many_held_ones(at: Round) -> None:
    """A decision that's due is found however many older ones are still held."""
    for number in range(2 * HEADS):
        held = make_decision(make_comment(f"held{number}"))
        at.courier.hold(held.id, 5.0)
        at.outbox.add(held)
    (due,) = at.add("c1")
    assert at.run() == 5.0
    assert at.backend.sent() == [due.id]


def test_release_sends_what_is_held_and_what_waits(at: Round) -> None:
    """Leaving sends everything now: undo times and waits end."""
    held, troubled = make_decision(make_comment("c1")), make_decision(make_comment("c2"))
    at.courier.hold(held.id, 30.0)
    at.outbox.add(held)
    at.outbox.add(troubled)
    at.backend.faults["decide"].append(doubles.REFUSE_CONNECTION)
    at.run()
    at.courier.release()
    assert at.run() is None
    assert at.server.effects == {held.id: 1, troubled.id: 1}


def test_retry_ends_waits_and_leaves_undo_times(at: Round) -> None:
    """Trying again now is about trouble: what can still be taken back stays held."""
    held, troubled, third = (make_decision(make_comment(each)) for each in ("c1", "c2", "c3"))
    at.courier.hold(held.id, 30.0)
    for decision in (held, troubled, third):
        at.outbox.add(decision)
    at.backend.faults["decide"].extend([doubles.FAIL_BEFORE_APPLYING, doubles.REFUSE_CONNECTION])
    at.run()
    at.courier.retry()
    assert at.run() == 30.0
    assert at.server.effects == {troubled.id: 1, third.id: 1}


def test_withdrawn_decision_is_never_sent(at: Round) -> None:
    """A decision that is taken back while it's held leaves nothing behind to send."""
    decision = make_decision(make_comment("c1"))
    at.courier.hold(decision.id, 5.0)
    at.outbox.add(decision)
    at.run()
    assert at.outbox.withdraw(decision.id)
    at.clock.advance(100)
    assert at.run() is None
    assert at.backend.calls == []


class WithdrawsFirst(FullDisk):
    """An outbox where the moderator's undo comes in just before the courier begins."""

    def begin(self, decision_id: str) -> bool:
        """Withdraw, then try to begin."""
        assert self.withdraw(decision_id)
        return super().begin(decision_id)


def test_undo_that_comes_first_wins(at: Round) -> None:
    """Between choosing a decision and beginning it an undo can come in: then it isn't sent."""
    at.outbox.close()
    at.outbox = WithdrawsFirst(at.path, SITE)
    courier = Courier(at.backend, at.outbox, at.told.append, clock=at.clock)
    at.add("c1")
    assert courier.step(at.clock.now) == 0.0
    assert courier.step(at.clock.now) is None
    assert at.backend.calls == []


def test_decision_that_is_being_sent_cannot_be_withdrawn(at: Round) -> None:
    """Once a decision was begun, taking back is too late for a withdrawal."""
    (decision,) = at.add("c1")
    withdrawn: list[bool] = []

    def during() -> BaseException:
        withdrawn.append(at.outbox.withdraw(decision.id))
        return doubles.Crash()

    at.backend.faults["decide"].append(Fault(during))
    with pytest.raises(doubles.Crash):
        at.step()
    assert withdrawn == [False]


@pytest.mark.parametrize("fault", [doubles.CRASH_BEFORE_APPLYING, doubles.CRASH_AFTER_APPLYING])
def test_after_a_crash_the_log_is_read_first(at: Round, fault: Fault) -> None:
    """A decision that was being sent when the program died is looked up before it is sent."""
    (decision,) = at.add("c1")
    at.backend.faults["decide"].append(fault)
    with pytest.raises(doubles.Crash):
        at.step()
    at.restart()
    at.run()
    assert at.backend.calls[1] == ("decisions", "c1")
    assert len(at.backend.sent()) == (1 if fault.applied else 2)
    assert at.server.effects == {decision.id: 1}


def test_full_disk_leaves_the_outcome_unknown_and_it_is_settled_later(at: Round) -> None:
    """When the answer can't be written down, nothing is told; the next step reads back and doesn't send again."""
    (decision,) = at.add("c1")
    at.outbox.full_for = 1
    with pytest.raises(StorageTrouble):
        at.step()
    assert at.told == []
    assert at.state_of(decision) is State.SENDING
    at.run()
    assert at.news() == [News.SETTLED]
    assert at.backend.sent() == [decision.id]
    assert at.server.effects == {decision.id: 1}


@pytest.mark.parametrize("fault", [doubles.GONE, doubles.FORBIDDEN, doubles.BUG])
def test_full_disk_while_parking_is_made_good_later(at: Round, fault: Fault) -> None:
    """A refusal that can't be written down is asked for again, and then told once."""
    (decision,) = at.add("c1")
    at.backend.faults["decide"].extend([fault, fault])
    at.outbox.full_for = 1
    with pytest.raises(StorageTrouble):
        at.step()
    assert at.told == []
    at.run()
    assert len(at.told) == 1
    assert at.state_of(decision) in (State.OVERTAKEN, State.REFUSED)


def test_rows_of_another_account_are_left_alone(at: Round) -> None:
    """Decisions of another account on the same file are neither sent nor counted as one's own."""
    other = Outbox(at.path, replace(SITE, account="rojin"))
    other.add(make_decision(make_comment("c1")))
    assert at.run() is None
    assert at.backend.calls == []
    assert (at.outbox.waiting(), at.outbox.waiting_for_others(), other.waiting()) == (0, 1, 1)
    other.close()


def fill(path: Path, decisions: int, state: State) -> None:
    """Put so many decisions of as many comments into an outbox at once."""
    outbox = Outbox(path, SITE)
    rows = (
        (SITE.url, SITE.account, f"{state}-{number}", f"{state}-{number}", state, json.dumps([]))
        for number in range(decisions)
    )
    with outbox._database.transaction() as connection:
        connection.executemany(
            "INSERT INTO outbox (site, account, id, comment, article, action, comment_version, text_sha256, reasons,"
            " note, made_at, state) SELECT ?1, ?2, ?3, ?4, 'a1', 'approve', 1, '', ?6, '', '2026-01-01T00:00', ?5",
            rows,
        )
    outbox.close()


def work_of(outbox: Outbox, act: Callable[[], object]) -> int:
    """How many hundreds of SQLite's own instructions something takes on this thread."""
    hundreds = 0

    def count() -> int:
        nonlocal hundreds
        hundreds += 1
        return 0

    connection = outbox._database.connection()
    connection.set_progress_handler(count, 100)
    act()
    connection.set_progress_handler(None, 0)
    return hundreds


def test_a_step_costs_the_same_with_a_full_outbox(tmp_path: Path) -> None:
    """A step with 100,000 decisions waiting, and as many settled ones kept, does no more work than one with 100."""
    works = []
    for size in (100, 100_000):
        path = tmp_path / f"{size}.db"
        fill(path, size, State.SETTLED)
        fill(path, size, State.QUEUED)
        outbox = Outbox(path, SITE)
        backend, told = FakeBackend(), list[Report]()
        backend.faults["decide"].append(doubles.GONE)
        courier = Courier(backend, outbox, told.append)
        works.append(work_of(outbox, partial(courier.step, 0.0)))
        assert [report.news for report in told] == [News.OVERTAKEN]
        outbox.close()
    assert works[1] <= works[0] + 5
