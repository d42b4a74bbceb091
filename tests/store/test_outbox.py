"""The outbox: on disk when it says so, in order, of one account, and whole after every fault."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given

from moderator_app.errors import StorageFull
from moderator_app.model import Action, Decision
from moderator_app.store.outbox import HEADS, Outbox, State
from tests.doubles import SITE, make_comment, make_decision
from tests.store import words


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """An outbox on disk."""
    made = Outbox(tmp_path / "outbox.db", SITE)
    yield made
    made.close()


def add(outbox: Outbox, *comments: str) -> list[Decision]:
    """Approve these comments."""
    made = [make_decision(make_comment(comment)) for comment in comments]
    for decision in made:
        outbox.add(decision)
    return made


def ids(decisions: list[Decision]) -> list[str]:
    """Their ids."""
    return [decision.id for decision in decisions]


def test_decision_is_on_disk_when_add_returns(outbox: Outbox, tmp_path: Path) -> None:
    """Another connection sees the decision as soon as `add` returned, without anything being closed."""
    (decision,) = add(outbox, "c1")
    other = sqlite3.connect(tmp_path / "outbox.db")
    assert other.execute("SELECT id, state FROM outbox").fetchall() == [(decision.id, "queued")]
    other.close()


WRITER = """
import sys
from pathlib import Path
from moderator_app.store.outbox import Outbox
from tests.doubles import SITE, make_comment, make_decision
outbox = Outbox(Path(sys.argv[1]), SITE)
for number in range(1_000_000):
    decision = make_decision(make_comment(f"c{number}"))
    outbox.add(decision)
    outbox.begin(decision.id)
    sys.stdout.write(decision.id + "\\n")
    sys.stdout.flush()
"""


@pytest.mark.parametrize("acknowledged", [1, 17, 180])
def test_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, acknowledged: int) -> None:
    """A process that is killed while it writes leaves every decision that it acknowledged, in a sound file."""
    path = tmp_path / "outbox.db"
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(acknowledged)]
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.read().splitlines(keepends=True)
    acked = [line.decode().strip() for line in said if line.endswith(b"\n")]
    outbox = Outbox(path, SITE)
    assert outbox.put_aside is None
    rows = outbox.open()
    assert ids([row.decision for row in rows])[: len(acked)] == acked
    assert all(row.state is State.SENDING for row in rows[: len(acked)])
    outbox.close()


@given(words.decisions)
def test_decision_survives_the_way_to_the_disk_and_back(
    tmp_path_factory: pytest.TempPathFactory, decision: Decision
) -> None:
    """Whatever a decision holds, the outbox gives back the same."""
    outbox = Outbox(tmp_path_factory.getbasetemp() / "decisions.db", SITE)
    decision = replace(decision, id=str(uuid4()))  # all examples share one file
    outbox.add(decision)
    assert outbox.open()[-1].decision == decision
    assert outbox.withdraw(decision.id)
    outbox.close()


def test_full_disk_adds_nothing(outbox: Outbox) -> None:
    """A decision that could not be written is not there, and the outbox works again once there's room."""
    pages = outbox._database.connection().execute("PRAGMA page_count").fetchone()[0]
    outbox._database.connection().execute(f"PRAGMA max_page_count = {pages}")
    refused = make_decision(note="x" * 100_000)
    with pytest.raises(StorageFull):
        outbox.add(refused)
    assert outbox.open() == ()
    outbox._database.connection().execute("PRAGMA max_page_count = 100000")
    outbox.add(refused)
    assert [row.decision for row in outbox.open()] == [refused]


def test_same_decision_cannot_be_added_twice(outbox: Outbox) -> None:
    """A decision's id is in the outbox once; a second one is a bug that shows."""
    (decision,) = add(outbox, "c1")
    with pytest.raises(sqlite3.IntegrityError):
        outbox.add(decision)
    assert outbox.waiting() == 1


@pytest.mark.parametrize("other", [replace(SITE, account="rojin"), replace(SITE, url="https://other.example")])
def test_rows_belong_to_one_site_and_account(outbox: Outbox, tmp_path: Path, other: object) -> None:
    """Another account, or the same on another site, neither sees nor counts these decisions as its own."""
    assert isinstance(other, type(SITE))
    (open_one, parked) = add(outbox, "c1", "c2")
    outbox.end(parked.id, State.REFUSED, "no")
    theirs = Outbox(tmp_path / "outbox.db", other)
    assert (theirs.heads(), theirs.open(), theirs.parked()) == ((), (), ())
    assert (theirs.waiting(), theirs.waiting_for_others()) == (0, 1)
    assert (outbox.waiting(), outbox.waiting_for_others()) == (1, 0)
    assert [row.decision for row in outbox.heads()] == [open_one]
    theirs.close()


def test_heads_are_the_oldest_of_each_comment(outbox: Outbox) -> None:
    """Of several decisions on a comment only the oldest open one may be sent, begun or not."""
    first, second, third = add(outbox, "c1", "c1", "c2")
    assert ids([row.decision for row in outbox.heads()]) == ids([first, third])
    outbox.begin(first.id)
    assert ids([row.decision for row in outbox.heads()]) == ids([first, third])
    outbox.end(first.id, State.SETTLED)
    assert ids([row.decision for row in outbox.heads()]) == ids([second, third])


def test_heads_come_in_pages(outbox: Outbox) -> None:
    """All heads can be had page after page, none twice and none left out."""
    made = add(outbox, *(f"c{number}" for number in range(2 * HEADS + 5)))
    found, after = list[str](), 0
    while page := outbox.heads(after=after):
        assert len(page) <= HEADS
        found += ids([row.decision for row in page])
        after = page[-1].seq
    assert found == ids(made)


def test_another_account_s_decision_does_not_come_before(outbox: Outbox, tmp_path: Path) -> None:
    """An open decision of somebody else on the same comment doesn't hold up one's own."""
    theirs = Outbox(tmp_path / "outbox.db", replace(SITE, account="rojin"))
    add(theirs, "c1")
    (mine,) = add(outbox, "c1")
    assert ids([row.decision for row in outbox.heads()]) == [mine.id]
    theirs.close()


def test_withdraw_is_for_what_was_not_begun(outbox: Outbox) -> None:
    """A queued decision can be withdrawn, once; one that was begun cannot, nor can a closed one."""
    queued, begun, closed = add(outbox, "c1", "c2", "c3")
    outbox.begin(begun.id)
    outbox.end(closed.id, State.SETTLED)
    assert [outbox.withdraw(decision.id) for decision in (queued, begun, closed, queued)] == [True, False, False, False]
    assert ids([row.decision for row in outbox.open()]) == [begun.id]


def test_begin_is_for_what_is_open(outbox: Outbox) -> None:
    """A decision that was withdrawn or closed cannot be begun."""
    withdrawn, closed, queued = add(outbox, "c1", "c2", "c3")
    outbox.withdraw(withdrawn.id)
    outbox.end(closed.id, State.OVERTAKEN, "too late")
    assert [outbox.begin(decision.id) for decision in (withdrawn, closed, queued, queued)] == [False, False, True, True]
    assert outbox.open()[0].attempts == 2


def test_unbegin_makes_a_try_undone(outbox: Outbox) -> None:
    """A try of which nothing reached the server doesn't count, and the decision can be withdrawn again."""
    (decision,) = add(outbox, "c1")
    outbox.begin(decision.id)
    outbox.unbegin(decision.id)
    row = outbox.open()[0]
    assert (row.state, row.attempts) == (State.QUEUED, 0)
    outbox.unbegin(decision.id)
    assert outbox.open()[0].attempts == 0
    assert outbox.withdraw(decision.id)


def test_parked_decisions_stay_until_they_are_seen(outbox: Outbox, tmp_path: Path) -> None:
    """What was not applied is listed with its problem, also after a restart, until it's put away."""
    overtaken, refused, settled = add(outbox, "c1", "c2", "c3")
    outbox.end(overtaken.id, State.OVERTAKEN, "somebody was first")
    outbox.end(refused.id, State.REFUSED, "not allowed")
    outbox.end(settled.id, State.SETTLED)
    again = Outbox(tmp_path / "outbox.db", SITE)
    assert [(row.decision, row.problem) for row in again.parked()] == [
        (overtaken, "somebody was first"),
        (refused, "not allowed"),
    ]
    again.mark_seen(overtaken.id)
    assert [row.decision for row in outbox.parked()] == [refused]
    again.close()


def test_order_is_that_of_making_whatever_the_clock_says(outbox: Outbox) -> None:
    """Rows come in the order in which they were added, though the computer's clock was set back in between."""
    late = make_decision(make_comment("c1"), action=Action.REJECT)
    early = replace(make_decision(make_comment("c1")), made_at=late.made_at.replace(year=2001), id="0")
    outbox.add(late)
    outbox.add(early)
    assert [row.decision for row in outbox.open()] == [late, early]


def test_put_aside_outbox_is_told(tmp_path: Path) -> None:
    """When a damaged outbox was put aside, whoever opened the new one can say where the old one is."""
    (tmp_path / "outbox.db").write_bytes(b"not a database" * 1000)
    outbox = Outbox(tmp_path / "outbox.db", SITE)
    assert outbox.put_aside is not None
    assert outbox.put_aside.exists()
    outbox.close()
