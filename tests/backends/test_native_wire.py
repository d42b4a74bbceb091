"""How the contract's JSON becomes comments, articles and decisions, and what is made of JSON that is not of it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator_app.backends import native_log, native_wire
from moderator_app.backends.fields import Unfit, instant, language, line, web_address
from moderator_app.backends.strict_json import Doubtful, loads
from moderator_app.model import Action, Decision, Reason, Role, Status
from tests.backends import samples

UNICODE = st.text(st.characters(codec="utf-8"))


def test_a_comment_is_read() -> None:
    """Every member arrives: line ends as newlines, times in UTC, the hash as the server has it."""
    comment = native_wire.read_comment(samples.comment(parent=7))
    assert (comment.id, comment.version, comment.article, comment.parent) == ("c1", 3, "a1", "7")
    assert comment.text == "I disagree.\nSee page 4 🚌"
    assert comment.text_sha256 == samples.sha256(samples.TEXT)
    assert comment.queued_at == datetime(2026, 3, 1, 5, 0, 1, 250_000, tzinfo=UTC)
    assert (comment.author.name, comment.author.approved, comment.status) == ("Reader", 4, Status.PENDING)
    assert comment.link == "https://news.example/a1#c1"


@given(UNICODE)
def test_the_hash_is_of_the_text_as_it_came(text: str) -> None:
    """For any text the server's hash is accepted and kept, and only line ends differ on the screen."""
    comment = native_wire.read_comment(samples.comment(text=text))
    assert comment.text_sha256 == samples.sha256(text)
    assert comment.text == text.replace("\r\n", "\n").replace("\r", "\n")


def test_lone_surrogates_are_shown_as_replaced() -> None:
    """Such a text has no UTF-8, so the server's hash is taken on trust and the comment can be decided (C17)."""
    comment = native_wire.read_comment(samples.comment(text="a\ud800b", text_sha256="0" * 64))
    assert (comment.text, comment.text_sha256) == ("a\ufffdb", "0" * 64)


SPOILT: dict[str, dict[str, Any]] = {
    "the text and its hash differ": {"text_sha256": "0" * 64},
    "text: not a text": {"text": None, "text_sha256": "0" * 64},
    "text_sha256: not a SHA-256 hash": {"text_sha256": "A" * 64},
    "id: not an id": {"id": "../../users/1"},
    "version: not a whole number": {"version": True},
    "article: not an id": {"article": 1.0},
    "parent: not an id": {"parent": ""},
    "status: not one that is known": {"status": "spam"},
    "author.name: not a text": {"author": {"id": "r1", "name": ["x"]}},
    "it is not an object": {"author": "Reader"},
    "author.approved: not a whole number": {"author": {"id": "r1", "name": "x", "approved": -1}},
    "version: a number is too long": {"version": Doubtful("a number is too long")},
}


@pytest.mark.parametrize("problem", SPOILT)
def test_a_comment_that_cannot_be_read_is_counted(problem: str) -> None:
    """It stands beside the others with its id and the reason, instead of being dropped (C11, C12)."""
    page = native_wire.read_page(samples.page(samples.comment(id="c0"), samples.comment() | SPOILT[problem]))
    assert [comment.id for comment in page.items] == ["c0"]
    assert [one.problem for one in page.unreadable] == [f"The comment cannot be read: {problem}."]
    assert page.unreadable[0].id == ("" if "id" in SPOILT[problem] else "c1")


@pytest.mark.parametrize(
    "bad", [True, 1.5, -1, 2**63, "", ".", "..", "a/b", "a b", "a\n", "x" * 101, "ä", [], {}, None]
)
def test_ids_that_would_lead_elsewhere_are_refused(bad: object) -> None:
    """Nothing that is not plainly an id gets into a path (C11)."""
    with pytest.raises(Unfit):
        native_wire.read_comment(samples.comment(id=bad))


def test_a_key_twice_spoils_one_comment() -> None:
    """The rest of the page is still usable, and the comment keeps its id (C1)."""
    text = json.dumps(samples.page(samples.comment(id="c0"), samples.comment()))
    page = native_wire.read_page(loads(text.replace('"id": "c1",', '"id": "c1", "status": "approved",').encode()))
    assert [comment.id for comment in page.items] == ["c0"]
    assert [(one.id, one.problem) for one in page.unreadable] == [
        ("c1", "The comment cannot be read: a key is there twice.")
    ]


def test_the_same_id_twice_is_one_comment() -> None:
    """The latest version counts, in the place of the first (C13)."""
    versions = [samples.comment(version=version) for version in (3, 5, 4)]
    page = native_wire.read_page(samples.page(samples.comment(id="c0"), *versions, samples.comment(id="c2")))
    assert [(comment.id, comment.version) for comment in page.items] == [("c0", 3), ("c1", 5), ("c2", 3)]


@pytest.mark.parametrize(
    "page",
    [
        None,
        [],
        {"seq": 1},
        samples.page(seq=None),
        samples.page(next=7),
        samples.page(next="a\n"),
        samples.page(total="1"),
    ],
)
def test_a_page_that_is_none_is_refused(page: object) -> None:
    """A page without its list, its sequence number or a proper cursor is not guessed at."""
    with pytest.raises(Unfit):
        native_wire.read_page(page)


def test_a_service_is_read() -> None:
    """Roles, features and reasons that this version does not know are left out."""
    service = native_wire.read_service(samples.service())
    assert (service.name, service.contract, service.me.id, service.me.name) == ("The news", "1.0", "mod1", "Berfin")
    assert service.me.roles == {Role.MODERATOR, Role.LEAD}
    assert service.features == {"claims", "events"}
    assert [(label.code, label.label) for label in service.reasons] == [(Reason.THREAT, "Threat")]
    assert (service.page_size, service.note_length) == (200, 500)


def test_an_article_is_read() -> None:
    """The title is one line, the body plain paragraphs, and the place line stands apart."""
    article = native_wire.read_article(samples.article())
    assert (article.title, article.place) == ("A bridge opens", "ZERWAN")
    assert [block.text for block in article.blocks] == ["The bridge opened.", "Nobody & everybody came."]


def test_a_log_entry_is_read() -> None:
    """The decision keeps its reasons in their order, without those that nobody here knows."""
    entries, following = native_log.read_log({"items": [samples.entry()], "next": 12})
    assert (entries[0].seq, entries[0].moderator.name, following) == (12, "Azad", 12)
    assert entries[0].decision.reasons == (Reason.THREAT, Reason.ABUSE)
    assert entries[0].decision.action is Action.REJECT


def test_a_receipt_tells_where_the_comment_stands() -> None:
    """The comment's state comes from the comment, or from the entry when the comment was erased since."""
    receipt = native_log.read_receipt(samples.receipt())
    assert (receipt.status, receipt.comment_version) == (Status.REJECTED, 4)
    receipt = native_log.read_receipt(samples.receipt(current=None))
    assert (receipt.status, receipt.comment_version) == (Status.REJECTED, 4)


def test_the_winner_of_a_conflict() -> None:
    """The decision that stands is read if it can be, and its absence is no trouble of its own."""
    winner = native_log.read_winner({"decision": samples.entry()})
    assert winner is not None
    assert winner.moderator.name == "Azad"
    for nothing in (None, {}, {"decision": None}, {"decision": samples.entry(seq="x")}):
        assert native_log.read_winner(nothing) is None


@given(UNICODE, st.datetimes(timezones=st.timezones()))
def test_a_decision_is_written_the_same_each_time(note: str, made_at: datetime) -> None:
    """The body is JSON, repeats itself, and its time is the same moment in UTC."""
    decision = Decision("d1", "c1", "a1", Action.REJECT, 3, "0" * 64, (Reason.OTHER,), note, None, made_at)
    with contextlib.suppress(OverflowError):  # an hour before the year 1
        body = native_log.write_decision(decision)
        assert json.dumps(body) == json.dumps(native_log.write_decision(decision))
        assert instant(body["made_at"]) == made_at.astimezone(UTC)
        assert body["note"] == note.replace("\x00", "\ufffd")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(Doubtful("twice", (("id", 1),))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
READERS: dict[Callable[[object], object], dict[str, Any]] = {
    native_wire.read_service: samples.service(),
    native_wire.read_page: samples.page(samples.comment()),
    native_wire.read_comment: samples.comment(),
    native_wire.read_article: samples.article(),
    native_log.read_receipt: samples.receipt(),
    native_log.read_log: {"items": [samples.entry()], "next": 5},
    native_log.read_winner: {"decision": samples.entry()},
}


@given(st.data())
@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_any_json_is_read_or_unfit(read: Callable[[object], object], data: st.DataObject) -> None:
    """Whatever stands in whatever member, nothing but Unfit is raised, and what is raised is one short line."""
    good = READERS[read]
    value = data.draw(JSON | st.fixed_dictionaries({key: st.just(good[key]) | JSON for key in good}))
    with contextlib.suppress(Unfit):
        read(value)


@given(st.dictionaries(st.sampled_from(list(samples.comment())), JSON))
def test_any_comment_is_read_or_counted(members: dict[str, Any]) -> None:
    """A page with any comment in it has that comment, or says why not."""
    page = native_wire.read_page(samples.page({**samples.comment(), **members}))
    assert len(page.items) + len(page.unreadable) == 1
    for one in page.unreadable:
        assert one.problem.isprintable()
        assert len(one.problem) < 100


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-03-01T08:00:00Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01t08:00:00.123456789+03:30", datetime(2026, 3, 1, 4, 30, 0, 123456, tzinfo=UTC)),
        ("2026-03-01T08:00:00", None),
        ("2026-13-01T08:00:00Z", None),
        ("0000-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2016-12-31T23:59:60Z", None),
        ("٢٠٢٦-03-01T08:00:00Z", None),
        (1700000000, None),
        (None, None),
        ("", None),
    ],
)
def test_times(given: object, read: datetime | None) -> None:
    """RFC 3339 with a zone is read, everything else is unknown (C15)."""
    assert instant(given) == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("en", "en"),
        ("ar-EG", "ar-eg"),
        ("ku_TR", "ku-tr"),
        ("zh-Hant-419", "zh-hant"),
        ("<b>", ""),
        ("", ""),
        ("x" * 99, "x" * 8),
        (None, ""),
        (7, ""),
        ("ckb", "ckb"),
    ],
)
def test_languages(given: object, read: str) -> None:
    """A language is a short lower-case tag or nothing."""
    assert language(given) == read


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "smb://host/x",
        "//host/x",
        "https://",
        "x",
        "https://good.example\\@evil.example",
        "https://good.example%2f@evil.example",
        "https://me@news.example",
        "https://news.example:0x",
        "https://[",
        "https://news.example/\u202egpj",
        "https://news .example",
        7,
        None,
        "https://news.example/" + "x" * 3000,
        "https://news.example/\n",
        "https://news.example/\ud800",
    ],
)
def test_links_that_are_not_links(bad: object) -> None:
    """Only a plain web address stays a link (D4)."""
    assert web_address(bad) == ""


def test_links_that_are_links() -> None:
    """A web address stays as it is."""
    for good in ("https://news.example/a?b=c#d", "http://news.example:8080/é"):
        assert web_address(good) == good


@given(st.text() | st.text(st.characters(categories=["Cc", "Cs", "Zl", "Zp"])))
def test_lines_are_lines(text: str) -> None:
    """A name is short, on one line, and can be encoded, whatever it was."""
    short = line(text * 50, "name")
    assert len(short) <= 200
    assert len(short.splitlines()) <= 1
    short.encode()
