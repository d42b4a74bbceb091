"""The log of decisions: who sees what, which way it runs, and how it is narrowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.caller import Caller, problem
from tests.server.in_thread import ServerInThread


@pytest.fixture
def lead(server: ServerInThread) -> Iterator[Caller]:
    """A lead on a server where two moderators decided: c0 to c3 by one, c4 and c5 by the other."""
    with Caller(server) as one, Caller(server, "moderator2") as other, Caller(server, "lead") as caller:
        one.decide("c0", "approve")
        one.decide("c1", "reject", reasons=["threat", "personal_attack"])
        one.decide("c2", "reject", reasons=["off_topic"])
        one.decide("c3", "approve")
        other.decide("c4", "approve")
        other.decide("c5", "reject", reasons=["other"], note="A private matter.")
        yield caller


def _comments(caller: Caller, **query: Any) -> list[str]:
    return [entry["comment"] for entry in caller.get("/decisions", **query)["items"]]


def test_a_lead_sees_everybodys_and_a_moderator_their_own(server: ServerInThread, lead: Caller) -> None:
    """The log is everybody's for a lead; a moderator sees their own, even when asking for somebody else's."""
    assert _comments(lead) == ["c5", "c4", "c3", "c2", "c1", "c0"]
    with Caller(server, "moderator2") as other:
        assert _comments(other) == ["c5", "c4"]
        assert _comments(other, moderator="moderator") == []
        assert _comments(other, comment="c0") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"moderator": "moderator2"}, ["c5", "c4"]),
        ({"article": "a1"}, ["c5", "c3", "c1"]),
        ({"comment": "c2"}, ["c2"]),
        ({"action": "approve"}, ["c4", "c3", "c0"]),
        ({"reason": "personal_attack"}, ["c1"]),
        ({"reason": "threat"}, ["c1"]),
        ({"action": "reject", "moderator": "moderator", "article": "a0"}, ["c2"]),
        ({"since": "2000-01-01T00:00:00+03:00", "until": "2000-01-02T00:00:00Z"}, []),
        ({"until": "9000-01-02T00:00:00Z"}, ["c5", "c4", "c3", "c2", "c1", "c0"]),
    ],
)
def test_the_log_is_narrowed(lead: Caller, query: dict[str, str], found: list[str]) -> None:
    """Everything that is asked for must hold of an entry."""
    assert _comments(lead, **query) == found


def test_the_log_is_cut_at_the_moment_of_a_decision(lead: Caller) -> None:
    """`since` takes in the moment itself and `until` does not, so that days follow each other without a gap."""
    moment = lead.get("/decisions", comment="c2")["items"][0]["decided_at"]
    assert _comments(lead, since=moment) == ["c5", "c4", "c3", "c2"]
    assert _comments(lead, until=moment) == ["c1", "c0"]


def test_the_log_runs_both_ways_in_pages(lead: Caller) -> None:
    """With `after` the log runs forward, else backward; `next` leads through all of it, and is null at the end."""
    for name, start, order in (("after", 0, [0, 1, 2, 3, 4, 5]), ("before", 2**63 - 1, [5, 4, 3, 2, 1, 0])):
        seen: list[str] = []
        following: int | None = start
        while following is not None:
            page = lead.get("/decisions", limit=4, **{name: following})
            seen += [entry["comment"] for entry in page["items"]]
            following = page["next"]
        assert seen == [f"c{number}" for number in order]


@pytest.mark.parametrize(
    "query",
    [
        {"after": "-1"},
        {"after": str(2**63)},
        {"limit": "501"},
        {"reason": "boring"},
        {"since": "today"},
        {"comment": "%"},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(unchanging_server: ServerInThread, query: dict[str, str]) -> None:
    """Wrong numbers, times and words are answered 422."""
    with Caller(unchanging_server) as caller:
        answer = caller.ask("GET", "/decisions", params=query)
    assert (answer.status_code, problem(answer)) == (422, "invalid")
