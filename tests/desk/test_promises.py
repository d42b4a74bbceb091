"""A desk at work through faults and crashes: each decision has one effect, in order, or the moderator is told."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from moderator_app.backends.base import Backend
from moderator_app.desk.courier import LONGEST_WAIT, Courier, News
from moderator_app.desk.desk import Desk
from moderator_app.desk.uuid7 import uuid7
from moderator_app.errors import KnownTrouble, ServerTrouble, SignInNeeded, StorageFull, StorageTrouble
from moderator_app.model import Action, Decision, Moderator, Reason, Site
from moderator_app.store.comments import CommentStore
from moderator_app.store.outbox import Outbox, OutboxRow, State
from tests import doubles
from tests.doubles import (
    DILAN,
    ROJIN,
    SITE,
    Crash,
    FakeBackend,
    FakeClock,
    FakeServer,
    Fault,
    NoChecker,
    make_comment,
    make_decision,
    make_service,
)

T = TypeVar("T")

# A file is a file; that the disk is really synced is seen elsewhere, and thousands of syncs take minutes.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

ACCOUNTS = {"dilan": DILAN, "rojin": ROJIN}
COLLEAGUE = Moderator(id="m3", name="Azad")
DECIDE_FAULTS = [
    None,
    doubles.REFUSE_CONNECTION,
    doubles.TIME_OUT_BEFORE_APPLYING,
    doubles.TIME_OUT_AFTER_APPLYING,
    doubles.FAIL_BEFORE_APPLYING,
    doubles.FAIL_AFTER_APPLYING,
    doubles.BAD_ANSWER,
    doubles.busy(),
    doubles.busy(30.0),
    doubles.UNAUTHORIZED,
    doubles.FORBIDDEN,
    doubles.UNPROCESSABLE,
    doubles.BUG,
    doubles.CRASH_BEFORE_APPLYING,
    doubles.CRASH_AFTER_APPLYING,
]
LOG_FAULTS = [*[None] * 8, doubles.REFUSE_CONNECTION, doubles.BAD_ANSWER, doubles.UNAUTHORIZED, Fault(Crash)]


@dataclass(frozen=True)
class DiskFault:
    """What goes wrong with one write of the outbox, before or after it was committed."""

    call: str  # "add", "withdraw", "begin", "unbegin" or "end"
    error: Callable[[], BaseException]
    is_written: bool = False


DISK_FAULTS = [
    *[None] * 20,
    *(DiskFault(call, StorageFull) for call in ("begin", "unbegin", "end")),
    *(DiskFault(call, Crash, written) for call in ("begin", "unbegin", "end") for written in (False, True)),
]


TROUBLE = st.tuples(st.sampled_from(DECIDE_FAULTS), st.sampled_from(LOG_FAULTS), st.sampled_from(DISK_FAULTS))


class WatchedOutbox(Outbox):
    """An outbox that fails on order, and notes what was acknowledged and what was withdrawn."""

    def __init__(self, path: Path, site: Site, acknowledged: list[Decision], withdrawn: set[str]) -> None:
        super().__init__(path, site)
        self._acknowledged, self._withdrawn = acknowledged, withdrawn
        self.fault: DiskFault | None = None

    def add(self, decision: Decision) -> None:
        """Add, and note it once the call returned."""
        with_fault(self, "add", lambda: super(WatchedOutbox, self).add(decision))
        self._acknowledged.append(decision)

    def withdraw(self, decision_id: str) -> bool:
        """Withdraw, and note it when it was in time."""
        done = super().withdraw(decision_id)
        if done:
            self._withdrawn.add(decision_id)
        return done

    def begin(self, decision_id: str) -> bool:
        """Begin, or fail."""
        return with_fault(self, "begin", lambda: super(WatchedOutbox, self).begin(decision_id))

    def unbegin(self, decision_id: str) -> None:
        """Unbegin, or fail."""
        with_fault(self, "unbegin", lambda: super(WatchedOutbox, self).unbegin(decision_id))

    def end(self, decision_id: str, state: State, problem: str = "") -> None:
        """End, or fail."""
        with_fault(self, "end", lambda: super(WatchedOutbox, self).end(decision_id, state, problem))


def with_fault(outbox: WatchedOutbox, call: str, write: Callable[[], T]) -> T:
    """Do a write with the fault that is due for it."""
    fault = outbox.fault
    if fault is None or fault.call != call:
        return write()
    outbox.fault = None
    if fault.is_written:
        write()
    raise fault.error()


class Promises(RuleBasedStateMachine):
    """Two accounts on one computer, one after the other, and colleagues elsewhere."""

    courier_type: type[Courier] = Courier

    @initialize(idempotent=st.booleans())
    def begin(self, idempotent: bool) -> None:
        """Everything new: server, files, desk."""
        self.folder = tempfile.TemporaryDirectory(dir=IN_MEMORY)
        self.server = FakeServer([make_comment(f"c{n}", minutes=n) for n in range(3)], idempotent=idempotent)
        self.clock = FakeClock()
        self.acknowledged: dict[str, list[Decision]] = {name: [] for name in ACCOUNTS}
        self.withdrawn: set[str] = set()
        self.sign_in("dilan")
        self.desk.refresh()

    def sign_in(self, account: str) -> None:
        """Open a desk on the files as they are."""
        self.account = account
        folder, site = Path(self.folder.name), replace(SITE, account=account)
        self.backend = FakeBackend(self.server, ACCOUNTS[account], page_size=2)
        self.outbox = WatchedOutbox(folder / "outbox.db", site, self.acknowledged[account], self.withdrawn)
        self.store = CommentStore(folder / "comments.db", site)
        self.desk = Desk(
            site=site,
            service=make_service(ACCOUNTS[account], page_size=2),
            backend=self.backend,
            outbox=self.outbox,
            store=self.store,
            checker=NoChecker(),
            clock=self.clock,
        )
        self.desk.courier = self.courier_type(self.backend, self.outbox, self.desk._heard, clock=self.clock)
        self.desk.recall()

    def leave(self) -> None:
        """The process ends, by itself or not: nothing is written then."""
        self.outbox.close()
        self.store.close()

    @rule(account=st.sampled_from(sorted(ACCOUNTS)))
    def restart(self, account: str) -> None:
        """The program dies and is started again, perhaps by the other account."""
        self.leave()
        self.sign_in(account)
        self.desk.refresh()

    @rule(which=st.integers(0, 9), action=st.sampled_from([Action.APPROVE, Action.REJECT]), is_full=st.booleans())
    def decide(self, which: int, action: Action, is_full: bool) -> None:
        """The moderator decides on a comment that is shown; sometimes the disk is full."""
        items = self.desk.snapshot().items
        if not items:
            return
        item = items[which % len(items)]
        self.outbox.fault = DiskFault("add", StorageFull) if is_full and which == 0 else None
        reasons = (Reason.OFF_TOPIC,) if action is Action.REJECT else ()
        try:
            self.desk.decide(item, action, reasons=reasons)
        except StorageTrouble:
            assert item in self.desk.snapshot().items
        else:
            assert item not in self.desk.snapshot().items
        self.outbox.fault = None

    @rule()
    def undo(self) -> None:
        """The moderator takes back the newest decision."""
        undone = self.desk.undo()
        if undone is not None:
            assert undone.item in self.desk.snapshot().items
            assert undone.was_sent == (undone.decision.id not in self.withdrawn)

    @rule(fault=st.sampled_from([None, None, doubles.REFUSE_CONNECTION, doubles.UNAUTHORIZED]))
    def refresh(self, fault: Fault | None) -> None:
        """The desk asks for the queue."""
        self.backend.faults["comments"].append(fault)
        try:
            self.desk.refresh()
        except (ServerTrouble, SignInNeeded):
            assert fault is not None
        self.backend.faults["comments"].clear()

    @rule(which=st.integers(0, 9))
    def a_colleague_decides(self, which: int) -> None:
        """Somebody at another desk is first."""
        pending = self.server.pending()
        if pending:
            self.server.decide(COLLEAGUE, make_decision(pending[which % len(pending)]))

    @rule(number=st.integers(0, 5))
    def a_reader_writes(self, number: int) -> None:
        """A new comment comes in."""
        if f"c{number}" not in self.server.comments and not self.server.log_of(f"c{number}"):
            self.server.add(make_comment(f"c{number}", minutes=number))

    @rule(which=st.integers(0, 9))
    def a_comment_is_erased(self, which: int) -> None:
        """A pending comment is erased at the source."""
        pending = self.server.pending()
        if which == 0 and pending:
            self.server.erase(pending[0].id)

    @rule(faults=st.lists(TROUBLE, min_size=2, max_size=6))
    def send(self, faults: list[tuple[Fault | None, Fault | None, DiskFault | None]]) -> None:
        """Undo times and waits are over, and the courier takes some steps while things go wrong."""
        for fault, log_fault, disk_fault in faults:
            self.clock.advance(LONGEST_WAIT)
            self.backend.faults["decide"].append(fault)
            self.backend.faults["decisions"].append(log_fault)
            self.outbox.fault = disk_fault
            self.step()

    @rule()
    def step(self) -> None:
        """The courier takes one step at once."""
        try:
            self.desk.courier.step(self.clock.now)
        except StorageTrouble:
            pass
        except Crash:
            self.restart(self.account)
        self.backend.faults.clear()
        self.outbox.fault = None

    @rule()
    def sign_in_again(self) -> None:
        """A new secret for the same account."""
        self.backend = FakeBackend(self.server, ACCOUNTS[self.account], page_size=2)
        self.desk.resume(self.backend, make_service(ACCOUNTS[self.account], page_size=2))

    @rule(account=st.sampled_from(sorted(ACCOUNTS)))
    def all_goes_well(self, account: str) -> None:
        """Without faults everything that waits is answered, and whatever was not applied can be seen."""
        self.restart(account)
        for _ in range(200):
            if self.desk.courier.step(self.clock.now) is None:
                break
        assert self.desk.waiting() == 0
        states = self.states()
        for decision in self.acknowledged[account]:
            if decision.id not in self.withdrawn:
                assert states[decision.id] not in (State.QUEUED, State.SENDING)

    def states(self) -> dict[str, State]:
        """How far each decision has come, by another connection to the file."""
        connection = sqlite3.connect(Path(self.folder.name) / "outbox.db")
        found = {key: State(state) for key, state in connection.execute("SELECT id, state FROM outbox")}
        connection.close()
        return found

    @invariant()
    def nothing_has_two_effects(self) -> None:
        """However often a decision was sent, it took effect at most once."""
        if hasattr(self, "server"):
            assert all(times == 1 for times in self.server.effects.values())

    @invariant()
    def nothing_is_lost_or_made_up(self) -> None:
        """What was acknowledged and not withdrawn is on disk, and its state is what the server knows."""
        if not hasattr(self, "server"):
            return
        states = self.states()
        made = {decision.id for decisions in self.acknowledged.values() for decision in decisions}
        assert made - self.withdrawn == states.keys()
        assert not self.withdrawn & self.server.effects.keys()
        for key, state in states.items():
            if state is not State.SENDING:
                assert (state is State.SETTLED) == (key in self.server.effects), state

    @invariant()
    def nobody_speaks_for_another(self) -> None:
        """Every decision in the server's log is of the account that made it, in the order in which it was made."""
        if not hasattr(self, "server"):
            return
        for account, moderator in ACCOUNTS.items():
            made = [decision for decision in self.acknowledged[account] if decision.id not in self.withdrawn]
            for comment in {decision.comment for decision in made}:
                mine = [entry.decision for entry in self.server.log_of(comment) if entry.moderator == moderator]
                assert is_subsequence(mine, [decision for decision in made if decision.comment == comment])
        known = {decision.id for decisions in self.acknowledged.values() for decision in decisions}
        assert all(entry.decision.id in known for entry in self.server.log if entry.moderator != COLLEAGUE)

    def teardown(self) -> None:
        """Everything still comes to a good end."""
        if not hasattr(self, "server"):
            return
        try:
            for account in ACCOUNTS:
                self.all_goes_well(account)
            self.nothing_has_two_effects()
            self.nothing_is_lost_or_made_up()
            self.nobody_speaks_for_another()
        finally:
            self.leave()
            self.folder.cleanup()


def is_subsequence(part: list[Decision], whole: list[Decision]) -> bool:
    """Whether `part` is `whole` with some left out."""
    rest = iter(whole)
    return all(any(each == other for other in rest) for each in part)


def run(machine: type[Promises], examples: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    """Play the machine."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_promises_hold_through_faults_and_crashes() -> None:
    """Each acknowledged decision has one effect or is told as not applied, whatever goes wrong in between."""
    run(Promises, 150)


class NeverReadsBack(Courier):
    """Sends again without a look at the log."""

    def _is_in_log(self, decision: Decision, backend: Backend) -> bool:
        return False


class NewIdForEachTry(Courier):
    """Sends each try under an id of its own."""

    def _send(self, row: OutboxRow) -> None:
        self._outbox.begin(row.decision.id)
        try:
            self._backend.decide(replace(row.decision, id=uuid7()) if row.attempts else row.decision)
        except Exception as error:
            self._failed(row, error)
        else:
            self._close(row.decision, State.SETTLED, News.SETTLED)


class SettlesTooEarly(Courier):
    """Writes down the success before the server answered."""

    def _send(self, row: OutboxRow) -> None:
        self._outbox.end(row.decision.id, State.SETTLED)
        with suppress(KnownTrouble):
            self._backend.decide(row.decision)


class GivesUpOnTrouble(Courier):
    """Parks a decision at the first trouble, although it may have arrived."""

    def _wait_alone(self, row: OutboxRow) -> None:
        self._outbox.end(row.decision.id, State.REFUSED)


@pytest.mark.parametrize("bug", [NeverReadsBack, NewIdForEachTry, SettlesTooEarly, GivesUpOnTrouble])
def test_seeded_bugs_are_caught(bug: type[Courier]) -> None:
    """The machine is sharp enough: it finds each of these couriers out."""
    machine = type(bug.__name__, (Promises,), {"courier_type": bug})
    with pytest.raises(AssertionError):
        run(machine, 500, (Phase.generate,))
