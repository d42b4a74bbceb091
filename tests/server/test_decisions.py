"""The decision rule: one effect however often it is sent, and never over somebody else's."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.caller import Caller, decision, problem
from tests.server.in_thread import ServerInThread


@pytest.fixture
def moderator(server: ServerInThread) -> Iterator[Caller]:
    """A moderator on a server with twelve pending comments."""
    with Caller(server) as caller:
        yield caller


@pytest.fixture
def other(server: ServerInThread) -> Iterator[Caller]:
    """Another moderator on the same server."""
    with Caller(server, "moderator2") as caller:
        yield caller


@pytest.fixture
def lead(server: ServerInThread) -> Iterator[Caller]:
    """The shift lead on the same server."""
    with Caller(server, "lead") as caller:
        yield caller


def test_a_decision_moves_the_comment_once(moderator: Caller) -> None:
    """A decision is answered 201 with its log entry and the comment's new state, which is what a read shows too."""
    before = moderator.get("/comments/c0")
    answer = moderator.decide("c0", "reject", reasons=["threat", "other"], note="Names a street.")
    assert answer.status_code == 201
    made = answer.json()
    assert (made["from"], made["to"], made["action"], made["origin"]) == ("pending", "rejected", "reject", "client")
    assert (made["reasons"], made["note"]) == (["threat", "other"], "Names a street.")
    assert (made["moderator"], made["article"]) == ({"id": "moderator", "name": "Moderator"}, before["article"])
    assert (made["comment_version"], made["made_at"], made["reversed_by"]) == (1, "2026-03-02T09:00:00Z", None)
    after = moderator.get("/comments/c0")
    assert made["current"] == after
    expected_author = {**before["author"], "rejected": 1}
    assert after == {**before, "version": 2, "status": "rejected", "author": expected_author}


def test_the_same_decision_again_is_answered_as_stored(moderator: Caller) -> None:
    """A replay is answered 200 with the same entry and moves nothing, also after somebody reversed it."""
    name = str(uuid.uuid4())
    body = decision(moderator.get("/comments/c0"), "approve")
    first = moderator.put(body, name).json()
    again = moderator.put(body, name.upper())
    assert (again.status_code, again.json()) == (200, first)
    later = moderator.decide("c0", "reopen", reverses=name).json()
    replay = moderator.put(body, name)
    assert replay.status_code == 200
    assert replay.json() == {**first, "reversed_by": later["id"], "current": later["current"]}
    assert len(moderator.get("/decisions", comment="c0")["items"]) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"action": "reject", "reasons": ["threat"]},
        {"note": "x"},
        {"made_at": "2026-03-02T09:00:01Z"},
        {"comment": "c1"},
    ],
)
def test_an_id_used_for_another_decision_is_refused(moderator: Caller, change: dict[str, Any]) -> None:
    """The same id with another body is answered 409 and changes nothing."""
    name = str(uuid.uuid4())
    body = decision(moderator.get("/comments/c0"), "approve")
    stored = moderator.put(body, name).json()
    answer = moderator.put({**body, **change}, name)
    assert (answer.status_code, problem(answer)) == (409, "decision-id-reused")
    assert answer.json()["decision"]["id"] == stored["id"]
    assert moderator.get("/comments/c0")["version"] == 2
    assert moderator.get("/comments/c1")["version"] == 1


def test_an_id_is_nobody_elses(moderator: Caller, other: Caller) -> None:
    """The same id and body from another account is not a replay."""
    name = str(uuid.uuid4())
    body = decision(moderator.get("/comments/c0"), "approve")
    assert moderator.put(body, name).status_code == 201
    answer = other.put(body, name)
    assert (answer.status_code, problem(answer)) == (409, "decision-id-reused")


def test_the_second_moderator_is_told_who_won(moderator: Caller, other: Caller) -> None:
    """A decision over somebody else's is answered 409 with the comment as it is and the decision that won."""
    seen = other.get("/comments/c0")
    won = moderator.decide("c0", "reject").json()
    answer = other.put(decision(seen, "approve"))
    assert (answer.status_code, problem(answer)) == (409, "comment-already-decided")
    current = won.pop("current")
    assert answer.json()["decision"] == won
    assert answer.json()["current"] == current
    assert other.get("/comments/c0") == current


@pytest.mark.parametrize("change", [{"text_sha256": "0" * 64}, {"comment_version": 7}])
def test_a_decision_about_another_text_is_refused(moderator: Caller, change: dict[str, Any]) -> None:
    """A pending comment of another text or version than was judged is not moved."""
    answer = moderator.put({**decision(moderator.get("/comments/c0"), "approve"), **change})
    assert (answer.status_code, problem(answer)) == (409, "comment-changed")
    assert answer.json()["decision"] is None
    assert moderator.get("/comments/c0")["status"] == "pending"
    assert moderator.get("/decisions", comment="c0")["items"] == []


def test_a_comment_reopened_meanwhile_is_to_be_read_again(moderator: Caller, lead: Caller) -> None:
    """A decision about the version before a reopening does not land on the reopened comment."""
    stale = moderator.get("/comments/c0")
    won = lead.decide("c0", "approve").json()
    reopened = lead.decide("c0", "reopen", reverses=won["id"]).json()
    answer = moderator.put(decision(stale, "approve"))
    assert (answer.status_code, problem(answer)) == (409, "comment-changed")
    assert answer.json()["decision"]["id"] == reopened["id"]


def test_only_the_latest_decision_is_reversed(moderator: Caller) -> None:
    """A reversal moves the comment from any state; one of an older or unknown decision is answered 409."""
    first = moderator.decide("c0", "approve").json()
    second = moderator.decide("c0", "reject", reverses=first["id"]).json()
    assert (second["from"], second["to"], second["current"]["version"]) == ("approved", "rejected", 3)
    record = second["current"]["author"]
    assert (record["approved"], record["rejected"]) == (0, 1)
    for older in (first["id"], str(uuid.uuid4())):
        answer = moderator.decide("c0", "reopen", reverses=older)
        assert (answer.status_code, problem(answer)) == (409, "not-latest-decision")
        assert answer.json()["decision"]["id"] == second["id"]
    third = moderator.decide("c0", "reopen", reverses=second["id"]).json()
    assert third["current"]["status"] == "pending"
    assert moderator.decide("c0", "approve").status_code == 201, "a reopened comment is pending like any other"
    log = moderator.get("/decisions", comment="c0", after=0)["items"]
    assert [entry["reversed_by"] for entry in log] == [second["id"], third["id"], None, None]


def test_a_reversal_that_changes_nothing_is_refused(moderator: Caller) -> None:
    """To approve what the reversed decision approved makes no sense, and says so."""
    first = moderator.decide("c0", "approve").json()
    answer = moderator.decide("c0", "approve", reverses=first["id"])
    assert (answer.status_code, problem(answer)) == (422, "nothing-to-reverse")


def test_moderators_reverse_their_own_and_leads_anyones(moderator: Caller, other: Caller, lead: Caller) -> None:
    """Another moderator's decision is not to be reversed by a moderator; a lead may."""
    first = moderator.decide("c0", "approve").json()
    answer = other.decide("c0", "reopen", reverses=first["id"])
    assert (answer.status_code, problem(answer)) == (403, "not-allowed")
    assert lead.decide("c0", "reopen", reverses=first["id"]).status_code == 201


def test_a_comment_that_is_not_there_is_not_found(moderator: Caller) -> None:
    """A decision about an unknown comment is answered 404."""
    answer = moderator.put({**decision(moderator.get("/comments/c0"), "approve"), "comment": "nobody"})
    assert (answer.status_code, problem(answer)) == (404, "not-found")


@pytest.mark.parametrize(
    ("action", "change", "code"),
    [
        ("reject", {"reasons": []}, "reason-required"),
        ("reject", {"reasons": ["other"], "note": " \n"}, "note-required"),
        ("reject", {"reasons": ["boring"]}, "invalid"),
        ("reject", {"reasons": ["threat", "threat"]}, "invalid"),
        ("approve", {"reasons": ["threat"]}, "invalid"),
        ("reopen", {}, "reverses-required"),
        ("approve", {"note": "x" * 1001}, "invalid"),
        ("approve", {"note": "a\0b"}, "invalid"),
        ("approve", {"text_sha256": "F" * 64}, "invalid"),
        ("approve", {"comment_version": "1"}, "invalid"),
        ("approve", {"comment_version": 2**63}, "invalid"),
        ("approve", {"comment_version": True}, "invalid"),
        ("approve", {"comment": "c0\n"}, "invalid"),
        ("approve", {"action": "delete"}, "invalid"),
        ("approve", {"reverses": "the last one"}, "invalid"),
        ("approve", {"made_at": "2026-03-02T09:00:00"}, "invalid"),
        ("approve", {"made_at": 1772442000}, "invalid"),
        ("approve", {"made_at": "0001-01-01T00:00:00+14:00"}, "invalid"),
    ],
)
def test_what_no_decision_may_be_is_refused(
    unchanging_server: ServerInThread, action: str, change: dict[str, Any], code: str
) -> None:
    """A decision that breaks the contract is answered 422 with its own code, and changes nothing."""
    with Caller(unchanging_server) as moderator:
        answer = moderator.put({**decision(moderator.get("/comments/c0"), action), **change})
        assert (answer.status_code, problem(answer)) == (422, code)
        assert moderator.get("/comments/c0")["version"] == 1


def test_a_note_is_measured_in_code_points(moderator: Caller) -> None:
    """A note of 1,000 characters outside the BMP fits, and comes back as it was sent."""
    note = "\U0001f600" * 1000
    answer = moderator.decide("c0", "reject", reasons=["other"], note=note)
    assert answer.json()["note"] == note


def test_unknown_members_are_ignored(moderator: Caller) -> None:
    """A decision may say more than the contract knows; nothing of it reaches the comment."""
    before = moderator.get("/comments/c0")
    answer = moderator.decide("c0", "approve", text="something else", html="<b>")
    assert answer.status_code == 201
    assert answer.json()["current"]["text"] == before["text"]
