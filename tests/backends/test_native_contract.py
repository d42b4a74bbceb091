"""The native backend against the reference server, as a process of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderator_app import errors
from moderator_app.backends.base import Backend
from moderator_app.backends.connect import connect
from moderator_app.model import Action, Comment, Decision, Reason, Role, Status
from moderator_app.server.comments import erase
from moderator_app.server.database import Database
from tests.server.newsroom import TEXTS, newsroom
from tests.server.running import RunningServer

COMMENTS = 25


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with RunningServer(f"sqlite:///{tmp_path}/server.db", seed=newsroom(comments=COMMENTS)) as server:
        yield server


@pytest.fixture
def sign_in(server: RunningServer) -> Iterator[Callable[[str], Backend]]:
    """Signs in as an account of the server."""
    backends: list[Backend] = []

    def sign_in(account: str = "moderator") -> Backend:
        backends.append(connect(server.url, token=server.token(account), account=account, deadline=30)[2])
        return backends[-1]

    yield sign_in
    for backend in backends:
        backend.close()


@pytest.fixture
def backend(sign_in: Callable[[str], Backend]) -> Backend:
    return sign_in("moderator")


def decision(comment: Comment, action: Action = Action.APPROVE, **members: str) -> Decision:
    """A new decision about the comment as it was read."""
    return Decision(
        id=str(uuid.uuid4()),
        comment=comment.id,
        article=comment.article,
        action=action,
        comment_version=comment.version,
        text_sha256=comment.text_sha256,
        reasons=(Reason.OTHER, Reason.THREAT) if action is Action.REJECT else (),
        note="why: ناوەڕۆک" if action is Action.REJECT else "",
        reverses=members.get("reverses"),
        made_at=datetime.now(UTC),
    )


def test_the_service_introduces_itself(server: RunningServer) -> None:
    """Site and service carry what the server says of the account."""
    site, service, backend = connect(f"{server.url}/v1/", token=server.token("lead"), account="lead")
    backend.close()
    assert (site.url, site.kind, site.account) == (server.url, "native", "lead")
    assert service.me.roles == {Role.MODERATOR, Role.LEAD}
    assert {label.code for label in service.reasons} == set(Reason)


def test_the_queue_and_its_article(backend: Backend) -> None:
    """Comments arrive in order with their texts, and their article can be read."""
    page = backend.comments(limit=5)
    assert [comment.id for comment in page.items] == [f"c{number}" for number in range(5)]
    assert page.items[0].text == TEXTS["en"].replace("\r\n", "\n") + " (0)"
    assert (page.total, page.unreadable) == (COMMENTS, ())
    assert backend.comment("c3") == page.items[3]
    assert backend.article("a0").blocks[0].text == "The council voted on Tuesday."


def test_a_queue_that_shrinks_is_read_without_a_gap(backend: Backend) -> None:
    """Deciding between two pages skips no comment."""
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = backend.comments(cursor=cursor, limit=4)
        seen += [comment.id for comment in page.items]
        for comment in page.items[::2]:
            backend.decide(decision(comment))
        if (cursor := page.next) is None:
            break
    assert seen == [f"c{number}" for number in range(COMMENTS)]
    assert backend.comments().total == COMMENTS - 13


def test_the_sequence_moves_with_the_queue_alone(backend: Backend) -> None:
    """It stays while nothing happens and differs after a decision."""
    first = backend.sequence()
    assert backend.sequence() == first
    backend.decide(decision(backend.comment("c0")))
    assert backend.sequence() != first


def test_one_decision_has_one_effect_however_often_it_is_sent(backend: Backend) -> None:
    """Every send gets the same receipt, and the log has it once, exactly as it was made."""
    made = decision(backend.comment("c1"), Action.REJECT)
    receipts = [backend.decide(made) for _ in range(3)]
    assert receipts[0].status is Status.REJECTED
    assert receipts[0].comment_version == made.comment_version + 1
    assert receipts[1:] == receipts[:1] * 2
    assert [entry.decision for entry in backend.decisions(comment="c1")] == [made]


def test_a_decision_with_another_body_is_refused(backend: Backend) -> None:
    """One id stands for one decision."""
    made = decision(backend.comment("c1"))
    backend.decide(made)
    with pytest.raises(errors.Refused) as caught:
        backend.decide(
            Decision(made.id, "c1", "a1", Action.REJECT, 1, made.text_sha256, (Reason.ABUSE,), "", None, made.made_at)
        )
    assert caught.value.code == "decision-id-reused"


def test_the_first_of_two_moderators_wins(backend: Backend, sign_in: Callable[[str], Backend]) -> None:
    """The second is told who was first, and nothing is overwritten."""
    comment = backend.comment("c2")
    winner = sign_in("moderator2").decide(decision(comment, Action.REJECT))
    with pytest.raises(errors.AlreadyDecided) as caught:
        backend.decide(decision(comment))
    assert caught.value.winner == winner.entry
    assert backend.comment("c2").status is Status.REJECTED


def test_undo_reverses_the_latest_decision(backend: Backend) -> None:
    """A reversal brings the comment back and shows in the log; reversing twice is overtaken."""
    made = decision(backend.comment("c3"))
    backend.decide(made)
    undo = decision(backend.comment("c3"), Action.REOPEN, reverses=made.id)
    assert backend.decide(undo).status is Status.PENDING
    assert [entry.reversed_by for entry in backend.decisions(comment="c3")] == [undo.id, None]
    with pytest.raises(errors.AlreadyDecided):
        backend.decide(decision(backend.comment("c3"), Action.REOPEN, reverses=made.id))


def test_a_wrong_hash_never_lands(backend: Backend) -> None:
    """A decision about another text is not applied."""
    comment = backend.comment("c4")
    made = decision(comment)
    with pytest.raises(errors.TextChanged):
        backend.decide(Decision(made.id, "c4", "a0", Action.APPROVE, 1, "0" * 64, (), "", None, made.made_at))
    assert backend.comment("c4") == comment


def test_a_comment_erased_at_its_source_is_gone(server: RunningServer, backend: Backend) -> None:
    """Reading and deciding both say so."""
    comment = backend.comment("c5")
    database = Database(server.database_url)
    erase(database, "c5")
    database.close()
    for ask in (lambda: backend.comment("c5"), lambda: backend.decide(decision(comment))):
        with pytest.raises(errors.Gone):
            ask()


def test_secrets_and_accounts_are_checked(server: RunningServer) -> None:
    """A wrong secret, and a right one of somebody else, are told apart before anything is shown."""
    with pytest.raises(errors.SignInNeeded, match="does not accept"):
        connect(server.url, token="wrong")
    with pytest.raises(errors.SignInNeeded, match="Moderator2"):
        connect(server.url, token=server.token("moderator2"), account="moderator")


def test_a_server_that_was_killed_is_used_again(server: RunningServer, backend: Backend) -> None:
    """The same backend goes on when the server is back, and no decision was lost or doubled."""
    made = decision(backend.comment("c6"))
    backend.decide(made)
    server.kill()
    with pytest.raises(errors.ServerTrouble):
        backend.decide(made)
    server.start()
    assert backend.decide(made).entry.decision == made
    assert len(backend.decisions(comment="c6")) == 1
