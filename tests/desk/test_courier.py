"""What the courier does after each outcome, without a thread and without waiting."""

from __future__ import annotations

from pathlib import Path

import pytest

from moderator_app.desk.courier import LONGEST_RETRY_AFTER, LONGEST_WAIT, MOST_IN_TROUBLE, News, Report
from moderator_app.errors import AlreadyDecided, Gone, KnownTrouble, NotAllowed, Refused, SignInNeeded, TextChanged
from moderator_app.model import Action
from moderator_app.store.outbox import State
from tests import doubles
from tests.desk.round import Round
from tests.doubles import DILAN, ROJIN, FakeBackend, FakeServer, Fault, make_comment, make_decision


def test_accepted_decision_is_settled(at: Round) -> None:
    """A decision that the server accepts is settled, told, and never sent again."""
    (decision,) = at.add("c1")
    assert at.run() is None
    assert at.state_of(decision) is State.SETTLED
    assert at.outbox.waiting() == 0
    assert at.told == [Report(News.SETTLED, decision)]
    assert at.backend.sent() == [decision.id]


def test_same_decision_again_is_settled(at: Round) -> None:
    """A decision that the server had already is settled by its answer to the replay."""
    (decision,) = at.add("c1")
    at.server.decide(DILAN, decision)
    at.run()
    assert at.news() == [News.SETTLED]
    assert at.server.effects == {decision.id: 1}


def test_refused_connection_leaves_the_decision_queued(at: Round) -> None:
    """When no connection is made nothing was sent, so the decision can still be withdrawn."""
    (decision,) = at.add("c1")
    at.backend.faults["decide"].append(doubles.REFUSE_CONNECTION)
    assert at.run() == 1.0
    assert at.news() == [News.DELAYED]
    assert at.outbox.withdraw(decision.id)


def test_refused_connection_keeps_everything_back(at: Round) -> None:
    """While the server cannot be reached, other decisions are not tried either; then all go in order."""
    made = at.add("c1", "c2")
    at.backend.faults["decide"].append(doubles.REFUSE_CONNECTION)
    at.run()
    assert at.backend.sent() == [made[0].id]
    at.clock.advance(1.0)
    assert at.run() is None
    assert at.backend.sent() == [made[0].id, made[0].id, made[1].id]


def test_connection_waits_grow_to_five_minutes(at: Round) -> None:
    """Waits for the connection double from one second and stop growing at the longest."""
    at.add("c1")
    at.backend.faults["decide"].extend([doubles.REFUSE_CONNECTION] * 12)
    waits = []
    for _ in range(12):
        wait = at.run()
        assert wait is not None
        waits.append(wait)
        at.clock.advance(wait)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert LONGEST_WAIT == 300


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_wait_is_the_drawn_share_of_the_full_one(at: Round, share: float) -> None:
    """Jitter takes any share of the full wait, from nothing to all of it."""
    at.share = share
    at.add("c1")
    at.backend.faults["decide"].append(doubles.REFUSE_CONNECTION)
    at.step()
    assert (at.step() or 0.0) == share * 1.0


def test_any_answer_ends_the_growth(at: Round) -> None:
    """After an answer, also a refusal, the next wait for the connection is short again."""
    at.add("c1", "c2")
    at.backend.faults["decide"].extend([doubles.REFUSE_CONNECTION] * 3 + [doubles.ALREADY_DECIDED])
    for _ in range(3):
        at.clock.advance(at.run() or 0.0)
    at.backend.faults["decide"].append(doubles.REFUSE_CONNECTION)
    assert at.run() == 1.0


@pytest.mark.parametrize(
    ("asked", "waited"), [(7.0, 7.0), (LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER), (86_400.0, LONGEST_RETRY_AFTER)]
)
def test_retry_after_is_obeyed_and_capped(at: Round, asked: float, waited: float) -> None:
    """A busy server is left alone for as long as it asks, though not for longer than the cap."""
    made = at.add("c1", "c2")
    at.backend.faults["decide"].append(doubles.busy(asked))
    assert at.run() == waited
    at.clock.advance(waited - 0.01)
    assert at.step() == pytest.approx(0.01)
    assert at.backend.sent() == [made[0].id]
    at.clock.advance(0.01)
    assert at.run() is None
    assert at.server.effects == {decision.id: 1 for decision in made}


@pytest.mark.parametrize("asked", [None, 0.0, -5.0, float("nan"), float("inf")])
def test_senseless_retry_after_still_waits(at: Round, asked: float | None) -> None:
    """A Retry-After that says nothing, or nothing sensible, never makes the courier ask without a pause."""
    at.add("c1")
    at.backend.faults["decide"].append(doubles.busy(asked))
    wait = at.run()
    assert wait is not None
    assert 1.0 <= wait <= LONGEST_RETRY_AFTER


UNKNOWN = [
    doubles.TIME_OUT_BEFORE_APPLYING,
    doubles.TIME_OUT_AFTER_APPLYING,
    doubles.FAIL_BEFORE_APPLYING,
    doubles.FAIL_AFTER_APPLYING,
    doubles.BAD_ANSWER,
    doubles.busy(1.0),
]


@pytest.mark.parametrize("fault", UNKNOWN)
def test_unknown_outcome_is_read_back_before_a_resend(at: Round, fault: Fault) -> None:
    """When it is not known whether the server took a decision, the log is read before it is sent again."""
    (decision,) = at.add("c1")
    at.backend.faults["decide"].append(fault)
    wait = at.run()
    assert wait == 1.0
    assert at.news() == [News.DELAYED]
    assert at.state_of(decision) is State.SENDING
    at.clock.advance(wait)
    assert at.run() is None
    expected = [("decide", decision.id), ("decisions", "c1")]
    assert at.backend.calls == expected if fault.applied else [*expected, ("decide", decision.id)]
    assert at.server.effects == {decision.id: 1}
    assert at.news()[-1] is News.SETTLED


def test_unknown_outcome_has_one_effect_without_ids(tmp_path: Path) -> None:
    """A server that knows no ids of decisions still sees one effect, thanks to the look at its log."""
    at = Round(tmp_path / "outbox.db")
    at.backend.server = at.server = FakeServer([make_comment("c1")], idempotent=False)
    (decision,) = at.add("c1")
    at.backend.faults["decide"].append(doubles.TIME_OUT_AFTER_APPLYING)
    at.clock.advance(at.run() or 0.0)
    at.run()
    assert at.server.effects == {decision.id: 1}
    at.outbox.close()


def test_trouble_while_reading_back_sends_nothing(at: Round) -> None:
    """While the log cannot be read, the decision isn't sent again, and its wait grows."""
    (decision,) = at.add("c1")
    at.backend.faults["decide"].append(doubles.TIME_OUT_AFTER_APPLYING)
    at.backend.faults["decisions"].extend([doubles.BAD_ANSWER, doubles.REFUSE_CONNECTION, doubles.UNAUTHORIZED])
    waits = []
    for _ in range(3):
        waits.append(at.run())
        at.clock.advance(waits[-1] or 0.0)
    assert waits == [1.0, 2.0, 1.0]
    assert at.run() is None
    assert at.is_paused()
    assert at.state_of(decision) is State.SENDING
    assert at.backend.sent() == [decision.id]
    at.courier.resume(at.backend)
    at.run()
    assert at.backend.sent() == [decision.id]
    assert at.news()[-1] is News.SETTLED


@pytest.mark.parametrize("fault", [doubles.FORBIDDEN, doubles.UNPROCESSABLE])
def test_read_back_that_is_not_allowed_is_told_as_unknown(at: Round, fault: Fault) -> None:
    """When the log may not be read, the moderator is told that the outcome isn't known, not that it was refused."""
    (decision,) = at.add("c1")
    at.backend.faults["decide"].append(doubles.TIME_OUT_AFTER_APPLYING)
    at.backend.faults["decisions"].append(fault)
    at.clock.advance(at.run() or 0.0)
    at.run()
    assert at.state_of(decision) is State.REFUSED
    assert "not known" in at.outbox.parked()[0].problem
    assert at.backend.sent() == [decision.id]


def test_decision_in_trouble_waits_alone(at: Round) -> None:
    """A decision that the server fails on doesn't hold up others."""
    bad, good = at.add("c1", "c2")
    at.backend.faults["decide"].append(doubles.FAIL_BEFORE_APPLYING)
    assert at.run() == 1.0
    assert at.backend.sent() == [bad.id, good.id]
    assert at.state_of(good) is State.SETTLED


def test_decision_in_trouble_waits_longer_each_time(at: Round) -> None:
    """The waits of one decision in trouble grow by its own tries, up to the longest."""
    at.add("c1")
    at.backend.faults["decide"].extend([doubles.FAIL_BEFORE_APPLYING] * 11)
    waits = []
    for _ in range(11):
        waits.append(at.run() or 0.0)
        at.clock.advance(waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_refused_connections_do_not_count_as_tries_of_a_decision(at: Round) -> None:
    """After a long time without a network, the first trouble of a decision is waited out briefly."""
    at.add("c1")
    at.backend.faults["decide"].extend([doubles.REFUSE_CONNECTION] * 8 + [doubles.FAIL_BEFORE_APPLYING])
    for _ in range(8):
        at.clock.advance(at.run() or 0.0)
    assert at.run() == 1.0


def test_server_that_fails_on_everything_is_left_alone(at: Round) -> None:
    """When several decisions in a row are in trouble, the rest isn't thrown at the server as well."""
    made = at.add(*(f"c{number}" for number in range(1, 10)))
    at.backend.faults["decide"].extend([doubles.FAIL_BEFORE_APPLYING] * (MOST_IN_TROUBLE + 1))
    wait = at.run()
    assert wait == 2.0
    assert len(at.backend.sent()) == MOST_IN_TROUBLE + 1
    at.clock.advance(wait)
    at.run()
    at.clock.advance(wait)
    at.run()
    assert at.server.effects == {decision.id: 1 for decision in made}


def test_one_bad_decision_never_quiets_the_courier(at: Round) -> None:
    """However often one decision fails, a new one is sent at once."""
    at.add("c1")
    at.backend.faults["decide"].extend([doubles.FAIL_BEFORE_APPLYING] * 20)
    for _ in range(20):
        at.clock.advance(at.run() or 0.0)
    at.backend.faults["decisions"].append(doubles.BAD_ANSWER)
    at.run()
    (new,) = at.add("c2")
    at.run()
    assert at.state_of(new) is State.SETTLED


def test_sign_in_pauses_the_courier_until_resume(at: Round) -> None:
    """After 401 nothing more is asked of the server, nothing is lost, and a new sign-in sends it all."""
    made = at.add("c1", "c2")
    at.backend.faults["decide"].append(doubles.UNAUTHORIZED)
    assert at.run() is None
    assert at.is_paused()
    assert at.news() == [News.SIGN_IN_NEEDED]
    at.clock.advance(10_000)
    at.courier.retry()
    assert at.run() is None
    assert at.backend.sent() == [made[0].id]
    assert at.outbox.waiting() == 2

    again = FakeBackend(at.server)
    at.courier.resume(again)
    assert not at.is_paused()
    at.run()
    assert again.sent() == [decision.id for decision in made]
    assert at.server.effects == {decision.id: 1 for decision in made}


def test_old_sign_in_that_is_turned_away_late_changes_nothing(at: Round) -> None:
    """A 401 to the old sign-in that comes after the new one neither pauses the courier nor asks anybody again."""
    (decision,) = at.add("c1")
    again = FakeBackend(at.server)

    def late() -> BaseException:
        at.courier.resume(again)
        return SignInNeeded()

    at.backend.faults["decide"].append(Fault(late))
    assert at.run() is None
    assert again.sent() == [decision.id]
    assert at.news() == [News.SETTLED]


def test_unsent_decision_can_be_withdrawn_while_paused(at: Round) -> None:
    """A 401 says that the server took nothing, so the decision can still be taken back."""
    (decision,) = at.add("c1")
    at.backend.faults["decide"].append(doubles.UNAUTHORIZED)
    at.run()
    assert at.outbox.withdraw(decision.id)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(doubles.ALREADY_DECIDED, AlreadyDecided), (doubles.TEXT_CHANGED, TextChanged), (doubles.GONE, Gone)],
)
def test_overtaken_decision_is_told_and_not_sent_again(at: Round, fault: Fault, kind: type[KnownTrouble]) -> None:
    """When the server knows better it wins: the moderator is told which way, and others go on."""
    overtaken, other = at.add("c1", "c2")
    at.backend.faults["decide"].append(fault)
    assert at.run() is None
    assert at.news() == [News.OVERTAKEN, News.SETTLED]
    assert type(at.told[0].trouble) is kind
    assert at.state_of(overtaken) is State.OVERTAKEN
    assert at.outbox.parked()[0].problem == kind.sentence
    assert at.backend.sent() == [overtaken.id, other.id]


def test_overtaken_decision_names_who_won(at: Round) -> None:
    """The decision that stands, and whose it is, reach whoever listens."""
    (mine,) = at.add("c1")
    theirs = make_decision(at.server.comments["c1"], action=Action.REJECT)
    at.server.decide(ROJIN, theirs)
    at.run()
    trouble = at.last_trouble()
    assert isinstance(trouble, AlreadyDecided)
    assert trouble.winner is not None
    assert (trouble.winner.moderator, trouble.winner.decision) == (ROJIN, theirs)
    assert mine.id not in at.server.effects


@pytest.mark.parametrize(("fault", "kind"), [(doubles.FORBIDDEN, NotAllowed), (doubles.UNPROCESSABLE, Refused)])
def test_refused_decision_is_parked(at: Round, fault: Fault, kind: type[KnownTrouble]) -> None:
    """What the account may not do, or the server never takes, is parked and seen; others go on."""
    refused, other = at.add("c1", "c2")
    at.backend.faults["decide"].append(fault)
    assert at.run() is None
    assert at.news() == [News.REFUSED, News.SETTLED]
    assert type(at.told[0].trouble) is kind
    assert [(row.decision, row.state) for row in at.outbox.parked()] == [(refused, State.REFUSED)]
    assert at.state_of(other) is State.SETTLED


def test_bug_is_logged_with_its_traceback_and_parked(at: Round, caplog: pytest.LogCaptureFixture) -> None:
    """Any other exception is a bug: the log has it whole, people see a sentence, and others go on."""
    refused, _other = at.add("c1", "c2")
    at.backend.faults["decide"].append(doubles.BUG)
    assert at.run() is None
    assert at.news() == [News.REFUSED, News.SETTLED]
    assert at.state_of(refused) is State.REFUSED
    assert caplog.records[0].exc_info is not None
    assert "TypeError: a bug" in caplog.text
    trouble = at.told[0].trouble
    assert trouble is not None
    assert "a bug" not in trouble.sentence


def test_closed_decision_stays_closed(at: Round) -> None:
    """Neither time, retry, release nor a restart sends again what was overtaken or refused."""
    made = at.add("c1", "c2")
    at.backend.faults["decide"].extend([doubles.GONE, doubles.FORBIDDEN])
    at.run()
    at.clock.advance(10_000)
    at.courier.retry()
    at.courier.release()
    at.run()
    at.restart()
    at.run()
    assert at.backend.sent() == [decision.id for decision in made]
