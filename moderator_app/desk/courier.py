"""Carries the outbox to the server: each decision once in effect, in order for each comment, whatever goes wrong."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from moderator_app.backends.base import Backend
from moderator_app.desk.conflict import told
from moderator_app.errors import (
    Busy,
    KnownTrouble,
    NotAllowed,
    Overtaken,
    Refused,
    ServerTrouble,
    SignInNeeded,
    StorageTrouble,
    Unreachable,
)
from moderator_app.model import Decision
from moderator_app.store.outbox import Outbox, OutboxRow, State

_log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds
LONGEST_RETRY_AFTER = 900.0  # seconds; a server that asks for more is asked again after this
MOST_IN_TROUBLE = 3  # decisions in a row; when more of them fail, it is the server and not the decisions


class News(Enum):
    """What the courier has to tell."""

    SETTLED = auto()
    DELAYED = auto()  # the server or the way to it; tried again by itself
    SIGN_IN_NEEDED = auto()
    OVERTAKEN = auto()
    REFUSED = auto()
    STORAGE = auto()


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that happened; `decision` is None when it concerns no single one."""

    news: News
    decision: Decision | None
    trouble: KnownTrouble | None = None


class Courier:
    """Sends what is in the outbox, one decision at a time, on a thread of its own.

    What follows from each outcome:

        accepted, or the same decision again     settled
        Unreachable, Busy                        nothing more is sent until the wait is over
        TimedOut, ServerFailed, BadAnswer        it waits alone, and is looked for in the log before it is sent again;
                                                 when several fail in a row, nothing more is sent for a while
        SignInNeeded                             the courier pauses until `resume`
        Overtaken                                closed; the server wins and the moderator is told
        NotAllowed, Refused                      closed; the moderator is told; others go on
        StorageTrouble                           the answer could not be written down, so it stays unknown
        any other exception (a bug)              logged with its traceback, closed as refused; others go on

    Waits grow from one second to five minutes, each drawn at random between none and the full one ("full jitter",
    which keeps many clients from coming back at once); `retry` ends them. `step` does one decision's worth of work and
    needs no thread.
    """

    def __init__(
        self,
        backend: Backend,
        outbox: Outbox,
        tell: Callable[[Report], None],
        *,
        draw: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._backend, self._outbox, self._tell = backend, outbox, tell
        self._draw, self._clock = draw, clock
        self._holds: dict[str, float] = {}  # decision -> when its undo time is over
        self._waits: dict[str, float] = {}  # decision -> when it may be tried again
        self._failures = 0  # of the connection, in a row
        self._troubled: set[str] = set()  # decisions that failed since one was last answered
        self._quiet_until = 0.0
        self._turned_away: Backend | None = None  # the sign-in that the server does not accept any more
        self._ended = False
        self._wake = threading.Event()
        self._looks_at: float | None = None  # when it looks at the outbox by itself; None: only when woken
        self._thread: threading.Thread | None = None

    @property
    def is_paused(self) -> bool:
        """Whether a new sign-in is awaited."""
        return self._turned_away is self._backend

    def hold(self, decision_id: str, seconds: float) -> None:
        """Keep a decision back for so long that it can be withdrawn; to be said before it is added."""
        self._holds[decision_id] = self._clock() + seconds

    def retry(self) -> None:
        """Try again now what waits because of trouble."""
        self._waits.clear()
        self._quiet_until = 0.0
        self.wake()

    def release(self) -> None:
        """Send everything now, also what is held for its undo time."""
        self._holds.clear()
        self.retry()

    def wake(self) -> None:
        """Look at the outbox again now."""
        self._wake.set()

    def added(self, decision_id: str) -> None:
        """Heed a new decision: look again now, unless the next look comes in time for it."""
        looks_at = self._looks_at
        if looks_at is None or looks_at > self._holds.get(decision_id, 0.0):
            self.wake()

    def resume(self, backend: Backend) -> None:
        """Go on with a new sign-in of the same account."""
        self._backend, self._turned_away, self._failures = backend, None, 0
        self.retry()

    def start(self) -> None:
        """Begin to work on a thread of its own.

        The thread does not keep the program alive: what it was sending is on disk and is looked up at the next start.
        """
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def stop(self, timeout: float | None = None) -> bool:
        """End the thread after the request it is busy with; True when it ended within `timeout` seconds."""
        self._ended = True
        self.wake()
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def step(self, now: float) -> float | None:
        """Send one decision if one is due. Seconds until the next look, 0 for at once, None for when woken."""
        if self.is_paused:
            return None
        if now < self._quiet_until:
            return self._quiet_until - now
        row, wait = self._next(now)
        if row is None:
            return wait
        self._send(row)
        return 0.0

    def _next(self, now: float) -> tuple[OutboxRow | None, float | None]:
        """The first decision that is due, or how long none will be."""
        after, soonest = 0, None
        while heads := self._outbox.heads(after=after):
            for row in heads:
                due = max(self._holds.get(row.decision.id, 0.0), self._waits.get(row.decision.id, 0.0))
                if due <= now:
                    return row, None
                soonest = due if soonest is None else min(soonest, due)
            after = heads[-1].seq
        return None, None if soonest is None else soonest - now

    def _send(self, row: OutboxRow) -> None:
        decision, backend = row.decision, self._backend
        was_begun = row.state is State.SENDING
        if not self._outbox.begin(decision.id):
            return
        try:
            if not (was_begun and self._is_in_log(decision, backend)):
                backend.decide(decision)
        except SignInNeeded as trouble:
            self._pause(row, backend, trouble)
        except Exception as error:
            self._failed(row, error)
        else:
            self._close(decision, State.SETTLED, News.SETTLED)

    def _is_in_log(self, decision: Decision, backend: Backend) -> bool:
        """Whether an earlier try arrived although its answer did not."""
        try:
            log = backend.decisions(comment=decision.comment)
        except (NotAllowed, Refused) as trouble:
            raise _unknown() from trouble
        return any(entry.decision.id == decision.id for entry in log)

    def _failed(self, row: OutboxRow, error: Exception) -> None:
        decision = row.decision
        match error:
            case Unreachable():
                self._unbegin(row)
                self._be_quiet(self._wait_after(self._failures))
                self._tell(Report(News.DELAYED, decision, error))
            case Busy():
                asked = min(LONGEST_RETRY_AFTER, error.retry_after or 0.0)
                self._be_quiet(max(self._wait_after(self._failures), asked))
                self._tell(Report(News.DELAYED, decision, error))
            case ServerTrouble():
                self._wait_alone(row)
                self._tell(Report(News.DELAYED, decision, error))
            case Overtaken():
                self._close(decision, State.OVERTAKEN, News.OVERTAKEN, error)
            case NotAllowed() | Refused():
                self._close(decision, State.REFUSED, News.REFUSED, error)
            case _:
                _log.error("a bug while sending decision %s", decision.id, exc_info=error)
                self._close(decision, State.REFUSED, News.REFUSED, _bug())

    def _pause(self, row: OutboxRow, backend: Backend, trouble: SignInNeeded) -> None:
        """Wait for a new sign-in, unless it came while the old one was being turned away."""
        self._unbegin(row)
        self._turned_away = backend
        if self.is_paused:
            self._tell(Report(News.SIGN_IN_NEEDED, row.decision, trouble))

    def _unbegin(self, row: OutboxRow) -> None:
        """The server certainly has nothing of this try, so the decision can still be taken back."""
        if row.state is State.QUEUED:
            self._outbox.unbegin(row.decision.id)

    def _close(self, decision: Decision, state: State, news: News, trouble: KnownTrouble | None = None) -> None:
        self._outbox.end(decision.id, state, told(trouble))
        self._failures = 0
        self._troubled.clear()
        self._holds.pop(decision.id, None)
        self._waits.pop(decision.id, None)
        self._tell(Report(news, decision, trouble))

    def _be_quiet(self, seconds: float) -> None:
        self._failures += 1
        self._quiet_until = self._clock() + seconds

    def _wait_alone(self, row: OutboxRow) -> None:
        self._waits[row.decision.id] = self._clock() + self._wait_after(row.attempts)
        self._troubled.add(row.decision.id)
        if len(self._troubled) > MOST_IN_TROUBLE:
            self._quiet_until = self._clock() + self._wait_after(len(self._troubled) - MOST_IN_TROUBLE)

    def _wait_after(self, failures: int) -> float:
        return self._draw() * min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures, 20))

    def _run(self) -> None:
        while not self._ended:
            self._wake.clear()
            self._looks_at = None  # what is added during a look is looked at after it
            try:
                wait = self.step(self._clock())
            except StorageTrouble as trouble:
                _log.error("the outbox cannot be used: %s", trouble.detail)
                self._tell(Report(News.STORAGE, None, trouble))
                wait = FIRST_WAIT
            except Exception:
                _log.exception("a bug in the courier")
                wait = FIRST_WAIT
            if not self._ended:
                self._looks_at = None if wait is None else self._clock() + wait
                self._wake.wait(wait)


def _bug() -> KnownTrouble:
    return Refused("Sending this decision failed because of an error in the program. It is kept; see the log file.")


def _unknown() -> KnownTrouble:
    return Refused(
        "It is not known whether the server took this decision, and this account may not look it up there."
        " Look at the comment on the site."
    )
