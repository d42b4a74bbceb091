"""Many clients over the same comments at the same time."""

from __future__ import annotations

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import requests

from tests.server.caller import Caller, decision, problem
from tests.server.newsroom import newsroom
from tests.server.running import RunningServer, account

CLIENTS = 8
COMMENTS = 20

Sent = tuple[str, dict[str, Any], requests.Response, requests.Response]


def _decide_all(caller: Caller, start: Barrier, mine: int) -> list[Sent]:
    """Decide every comment at the same moment as everybody else, and send each decision a second time."""
    sent = []
    with caller:
        for comment in caller.get("/comments", limit=COMMENTS)["items"]:
            name, body = str(uuid.uuid4()), decision(comment, "approve" if mine % 2 else "reject")
            start.wait()
            sent.append((name, body, caller.put(body, name), caller.put(body, name)))
    return sent


def test_eight_clients_race_and_each_comment_has_one_winner(database_url: str) -> None:
    """Of eight decisions about one comment one is taken; the others are told 409 with the winner, replays 200."""
    accounts = [account(f"m{number}") for number in range(CLIENTS)] + [account("lead", "lead")]
    seed = newsroom(comments=COMMENTS)
    with RunningServer(database_url, seed=seed, accounts=accounts) as server:
        start = Barrier(CLIENTS, timeout=120)
        with ThreadPoolExecutor(CLIENTS) as pool:
            racers = [pool.submit(_decide_all, Caller(server, f"m{n}"), start, n) for n in range(CLIENTS)]
            rounds = list(zip(*(racer.result() for racer in racers), strict=True))
        assert len(rounds) == COMMENTS
        winners = {_winner(list(one_comment)) for one_comment in rounds}
        with Caller(server, "lead") as lead:
            log = lead.get("/decisions", after=0, limit=500)["items"]
            assert {entry["id"] for entry in log} == winners
            assert len(log) == COMMENTS
            for planted in seed["comments"]:
                after = lead.get(f"/comments/{planted['key']}")
                assert (after["version"], after["text"]) == (2, planted["content"])
                assert after["text_sha256"] == hashlib.sha256(planted["content"].encode()).hexdigest()


def _winner(sent: list[Sent]) -> str:
    """The id of the one decision that was taken, once everybody else is seen to have been told of it."""
    (winner,) = [one for one in sent if one[2].status_code == 201]
    name, _, first, again = winner
    assert (again.status_code, again.json()) == (200, first.json())
    for _, _, *answers in (one for one in sent if one is not winner):
        for answer in answers:
            assert (answer.status_code, problem(answer)) == (409, "comment-already-decided")
            assert answer.json()["decision"]["id"] == name
            assert answer.json()["current"]["version"] == 2
    return name


def test_one_decision_sent_by_eight_connections_is_taken_once(database_url: str) -> None:
    """The same decision sent at the same time on eight connections is answered 201 once and 200 seven times."""
    with RunningServer(database_url, seed=newsroom(comments=COMMENTS)) as server:
        with Caller(server) as caller:
            comments = caller.get("/comments", limit=COMMENTS)["items"]
        names = [str(uuid.uuid4()) for _ in comments]
        start = Barrier(CLIENTS, timeout=120)

        def send(caller: Caller) -> list[requests.Response]:
            answers = []
            with caller:
                for name, comment in zip(names, comments, strict=True):
                    start.wait()
                    answers.append(caller.put(decision(comment, "approve"), name))
            return answers

        with ThreadPoolExecutor(CLIENTS) as pool:
            racers = [pool.submit(send, Caller(server)) for _ in range(CLIENTS)]
            rounds = list(zip(*(racer.result() for racer in racers), strict=True))
        for answers in rounds:
            assert sorted(answer.status_code for answer in answers) == [200] * (CLIENTS - 1) + [201]
            assert len({answer.text for answer in answers}) == 1


def test_a_killed_server_keeps_what_it_answered(database_url: str) -> None:
    """After SIGKILL in the middle and a new start, what was answered stands, and what is sent again has one effect."""
    with RunningServer(database_url, seed=newsroom(comments=COMMENTS)) as server:
        with Caller(server) as caller:
            comments = caller.get("/comments", limit=COMMENTS)["items"]
            sent = [(str(uuid.uuid4()), decision(comment, "approve")) for comment in comments]
            half = COMMENTS // 2
            assert [caller.put(body, name).status_code for name, body in sent[:half]] == [201] * half
        server.kill()
        server.start()
        with Caller(server) as caller:
            answers = [caller.put(body, name).status_code for name, body in sent]
            assert answers == [200] * half + [201] * (COMMENTS - half)
            assert {caller.get(f"/comments/{one['id']}")["version"] for one in comments} == {2}
