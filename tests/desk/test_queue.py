"""The queue: what it hides, what it brings back, and how it's arranged."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from moderator_app.desk.queue import PREVIEW, Filter, Order, Queue, QueueItem, arrange, make_item
from moderator_app.model import Category, Certainty
from tests.doubles import make_comment, make_item_of, make_violation


def ids(queue: Queue, order: Order = Order.OLDEST, chosen: Filter | None = None) -> list[str]:
    """What the queue shows."""
    return [item.id for item in queue.snapshot(order, chosen).items]


def queue_of(*items: QueueItem) -> Queue:
    """A queue that the server listed."""
    queue = Queue()
    queue.replace(items)
    return queue


def at(comment_id: str, version: int = 1, minutes: int = 0) -> QueueItem:
    """A comment at a version."""
    return make_item_of(make_comment(comment_id, version=version, minutes=minutes))


def test_decided_comment_stays_hidden_in_an_old_list() -> None:
    """A list that was asked for before the decision still holds the comment; it's not shown again."""
    queue = queue_of(at("c1"), at("c2"))
    queue.hide("c1", 1)
    assert ids(queue) == ["c2"]
    queue.replace([at("c1"), at("c2")])
    queue.add([at("c1")])
    assert ids(queue) == ["c2"]
    assert queue.pending() == queue.snapshot().pending == 1


def test_comment_that_was_reopened_elsewhere_comes_back() -> None:
    """When the server lists a later version than was decided, the comment is to be decided anew."""
    queue = queue_of(at("c1"))
    queue.hide("c1", 1)
    queue.replace([at("c1", version=3)])
    assert ids(queue) == ["c1"]


def test_older_decision_does_not_uncover_a_newer_one() -> None:
    """Hiding an earlier version, as a restart with several waiting decisions does, keeps the later one hidden."""
    queue = queue_of(at("c1", version=3))
    queue.hide("c1", 3)
    queue.hide("c1", 1)
    assert ids(queue) == []


def test_withdrawn_decision_brings_the_comment_back() -> None:
    """Taking back before sending shows the comment at once, in its old place."""
    queue = queue_of(at("c1", minutes=1), at("c2", minutes=2))
    queue.hide("c1", 1)
    queue.show_again(at("c1", minutes=1))
    assert ids(queue) == ["c1", "c2"]
    queue.replace([at("c2", minutes=2)])  # somebody else decided it meanwhile
    assert ids(queue) == ["c2"]


def test_version_before_the_one_taken_back_stays_hidden() -> None:
    """After a second decision on a comment is withdrawn, a list from before the first one is still an old one."""
    queue = queue_of(at("c1", version=3))
    queue.hide("c1", 3)
    queue.show_again(at("c1", version=3))
    assert ids(queue) == ["c1"]
    queue.replace([at("c1", version=1)])
    assert ids(queue) == []


@pytest.mark.parametrize("old_list", [[], [at("c1")]])
def test_promised_comment_outlives_old_lists(old_list: list[QueueItem]) -> None:
    """Until the server has reopened a comment, its lists don't take it away or bring its old version back."""
    queue = queue_of(at("c1"))
    queue.hide("c1", 2)
    queue.show_again(at("c1", version=3), promised=True)
    queue.replace(old_list)
    queue.add(old_list)
    assert [item.comment.version for item in queue.snapshot().items] == [3]
    queue.replace([at("c1", version=3)])
    queue.replace([])
    assert ids(queue) == []


def test_promise_ends_with_an_answer() -> None:
    """Once the server answered about a promised comment, its lists are believed again."""
    queue = Queue()
    queue.show_again(at("c1", version=3), promised=True)
    queue.applied("c1", 1)  # the first decision arrives late; the comment is yet to be reopened
    queue.replace([])
    assert ids(queue) == ["c1"]
    queue.hide("c1", 3)
    queue.applied("c1", 3)
    queue.replace([])
    assert queue.item("c1") is None


def test_broken_promise_takes_the_comment_away() -> None:
    """When the server didn't reopen the comment, it's not there to decide."""
    queue = Queue()
    queue.show_again(at("c1", version=3), promised=True)
    queue.not_applied("c1")
    assert ids(queue) == []
    queue.not_applied("unknown")


def test_refused_decision_lets_the_comment_be_seen() -> None:
    """After a refusal the comment is to be decided again, as the server lists it."""
    queue = queue_of(at("c1"))
    queue.hide("c1", 1)
    queue.unhide("c1")
    assert ids(queue) == ["c1"]


def test_known_is_the_very_same_comment() -> None:
    """What was found about a comment is used again for the same comment, and for no changed one."""
    item = at("c1")
    queue = queue_of(item)
    assert queue.known(make_comment("c1")) is item
    assert queue.known(make_comment("c1", text="other")) is None
    assert queue.known(make_comment("c2")) is None


def test_orders() -> None:
    """Oldest, newest, most and fewest violations: certain ones count first, then all, then age."""
    guess = make_violation(certainty=Certainty.SUGGESTED)
    queue = queue_of(
        make_item_of(make_comment("none", minutes=1)),
        make_item_of(make_comment("two-guesses", minutes=2), guess, guess),
        make_item_of(make_comment("certain", minutes=3), make_violation()),
        make_item_of(make_comment("none-later", minutes=4)),
    )
    assert ids(queue, Order.OLDEST) == ["none", "two-guesses", "certain", "none-later"]
    assert ids(queue, Order.NEWEST) == ["none-later", "certain", "two-guesses", "none"]
    assert ids(queue, Order.MOST_VIOLATIONS) == ["certain", "two-guesses", "none", "none-later"]
    assert ids(queue, Order.FEWEST_VIOLATIONS) == ["none", "none-later", "two-guesses", "certain"]


MIXED = (
    make_item_of(make_comment("en", text="A Bad word", article="a1", author="Azad", minutes=1), make_violation()),
    make_item_of(make_comment("tr", text="ISLAK çarşı", article="a2", lang="tr", author="Çağla", minutes=2)),
    make_item_of(make_comment("ckb", text="سڵاو", article="a1", lang="ckb", author="Straße", minutes=3)),
)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter(), ["en", "tr", "ckb"]),
        (Filter(article="a1"), ["en", "ckb"]),
        (Filter(lang="tr"), ["tr"]),
        (Filter(category=Category.PROFANITY), ["en"]),
        (Filter(category=Category.THREAT), []),
        (Filter(text="bad WORD"), ["en"]),
        (Filter(text="سڵاو"), ["ckb"]),
        (Filter(text="azad"), ["en"]),
        (Filter(text="STRASSE"), ["ckb"]),
        (Filter(text=".*"), []),
        (Filter(article="a1", lang="ckb", text="س"), ["ckb"]),
        (Filter(article="a2", lang="ckb"), []),
    ],
)
def test_filters(chosen: Filter, expected: list[str]) -> None:
    """Article, category, language and text each narrow the queue, together too; text is no pattern and has no case."""
    assert ids(queue_of(*MIXED), Order.OLDEST, chosen) == expected


def test_counts_are_of_everything_pending() -> None:
    """The counts, languages and articles of a snapshot don't depend on the filter, and leave out what's decided."""
    queue = queue_of(*MIXED)
    queue.replace(MIXED, unreadable=2)
    queue.hide("tr", 1)
    snapshot = queue.snapshot(Order.OLDEST, Filter(text="nothing like it"))
    assert snapshot.items == ()
    assert (snapshot.pending, snapshot.unreadable) == (2, 2)
    assert snapshot.langs == ("ckb", "en")
    assert snapshot.articles == ("a1",)


def test_preview_is_short_and_on_one_line() -> None:
    """A row keeps the first words without line ends, and no more of a huge comment than a row can show."""
    assert make_item(make_comment(text="  one\n\ntwo\u2028three\t "), ()).preview == "one two three"
    assert len(make_item(make_comment(text="x" * 1_000_000), ()).preview) == PREVIEW


def test_categories_stand_once_in_the_order_of_the_policy() -> None:
    """A row names each category once, in the order of the policy, and counts the certain violations."""
    found = make_item_of(
        make_comment(),
        make_violation(Category.THREAT),
        make_violation(Category.PROFANITY, certainty=Certainty.SUGGESTED),
        make_violation(Category.THREAT),
    )
    assert found.categories == (Category.PROFANITY, Category.THREAT)
    assert found.certain == 2


marks = st.builds(make_violation, st.sampled_from(Category), certainty=st.sampled_from(Certainty))
items = st.builds(
    lambda number, minutes, version, lang, text, found: make_item_of(
        make_comment(f"c{number}", minutes=minutes, version=version, lang=lang, text=text), *found
    ),
    st.integers(0, 12),
    st.integers(0, 3),
    st.integers(1, 3),
    st.sampled_from(["en", "tr", ""]),
    st.text(max_size=8),
    st.lists(marks, max_size=3),
)
filters = st.builds(
    Filter, lang=st.sampled_from(["", "en"]), category=st.none() | st.sampled_from(Category), text=st.text(max_size=1)
)
hidden = st.dictionaries(st.integers(0, 12).map("c{}".format), st.integers(1, 3), max_size=6)


@given(st.lists(items, max_size=15), filters, st.sampled_from(Order), hidden)
def test_snapshot_is_the_pending_that_pass_in_order(
    listed: list[QueueItem], chosen: Filter, order: Order, decided: dict[str, int]
) -> None:
    """A snapshot holds each pending comment that passes the filter exactly once, in an order that's the same again."""
    queue = queue_of(*listed)
    for comment_id, version in decided.items():
        queue.hide(comment_id, version)
    latest = {item.id: item for item in listed}
    pending = [item for item in latest.values() if item.comment.version > decided.get(item.id, 0)]
    snapshot = queue.snapshot(order, chosen)
    assert sorted(item.id for item in snapshot.items) == sorted(item.id for item in pending if chosen.passes(item))
    assert all(latest[item.id] is item for item in snapshot.items)
    assert snapshot.pending == queue.pending() == len(pending)
    assert snapshot.items == tuple(arrange(reversed(snapshot.items), order, Filter()))
    times = [item.comment.queued_at for item in snapshot.items]
    certain = [item.certain for item in snapshot.items]
    match order:
        case Order.OLDEST:
            assert times == sorted(times, key=str)
        case Order.NEWEST:
            assert times == sorted(times, key=str, reverse=True)
        case Order.MOST_VIOLATIONS:
            assert certain == sorted(certain, reverse=True)
        case Order.FEWEST_VIOLATIONS:
            assert certain == sorted(certain)
