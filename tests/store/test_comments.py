"""What was last seen comes back as it was, for the same site and account alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from moderator_app.model import Article, Comment, Site
from moderator_app.store.comments import CommentStore
from tests.doubles import SITE, make_article, make_comment
from tests.store import words


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CommentStore]:
    """A store on disk."""
    made = CommentStore(tmp_path / "comments.db", SITE)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommentStore]:
    """One store for all examples of a property."""
    made = CommentStore(tmp_path_factory.mktemp("shared") / "comments.db", SITE)
    yield made
    made.close()


@given(st.lists(words.comments, max_size=4, unique_by=lambda comment: comment.id))
def test_comments_come_back_as_they_were(shared: CommentStore, comments: list[Comment]) -> None:
    """Whatever readers and servers write, what is recalled equals what was remembered."""
    shared.forget_all()
    shared.remember(comments)
    assert sorted(shared.recall(), key=str) == sorted(comments, key=str)


@given(words.articles)
def test_article_comes_back_as_it_was(shared: CommentStore, article: Article) -> None:
    """Whatever an article holds, the store gives back the same."""
    shared.remember_article(article)
    assert shared.article(article.id) == article


def test_remember_follows_the_list(store: CommentStore) -> None:
    """New comments are added, those that are gone are forgotten, and changed ones are replaced."""
    store.remember([make_comment("c1"), make_comment("c2")])
    changed = make_comment("c2", version=2, text="changed")
    store.remember([changed, make_comment("c3")])
    assert set(store.recall()) == {changed, make_comment("c3")}
    store.remember([])
    assert store.recall() == ()


def test_remember_writes_what_differs_alone(store: CommentStore) -> None:
    """A list that has not changed costs no write."""
    comments = [make_comment(f"c{number}") for number in range(1200)]
    store.remember(comments)
    changes = store._database.connection().total_changes
    store.remember(comments)
    assert store._database.connection().total_changes == changes
    assert len(store.recall()) == 1200


def test_article_that_was_never_seen_is_none(store: CommentStore) -> None:
    """An unknown article is None; a newer version takes the older one's place."""
    assert store.article("a1") is None
    store.remember_article(make_article(title="old"))
    store.remember_article(make_article(title="new"))
    assert store.article("a1") == make_article(title="new")


@pytest.mark.parametrize("other", [replace(SITE, account="rojin"), replace(SITE, url="https://other.example")])
def test_another_account_sees_nothing_and_forgets_nothing(store: CommentStore, tmp_path: Path, other: Site) -> None:
    """What one account saw is not another's, neither to read nor to forget."""
    store.remember([make_comment()])
    store.remember_article(make_article())
    theirs = CommentStore(tmp_path / "comments.db", other)
    assert theirs.recall() == ()
    assert theirs.article("a1") is None
    theirs.remember([])
    theirs.forget_all()
    assert store.recall() == (make_comment(),)
    assert store.article("a1") is not None
    theirs.close()


def test_forget_all_leaves_no_text_in_the_file(store: CommentStore, tmp_path: Path) -> None:
    """After signing out, no reader's text is left in the files, not even in what was deleted."""
    store.remember([make_comment(text="SECRETWORD " * 500)])
    store.remember_article(make_article(title="OTHERWORD"))
    store.forget_all()
    store.close()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"SECRETWORD" not in left
    assert b"OTHERWORD" not in left


@pytest.mark.parametrize("body", ["{}", "[]", "not JSON", '{"id": "c1", "later": 1}'])
def test_rows_of_another_version_are_forgotten(store: CommentStore, body: str) -> None:
    """What another version of the program wrote, and this one can't read, is nothing that was seen."""
    store.remember([make_comment("c1")])
    store.remember_article(make_article())
    with store._database.transaction() as connection:
        connection.execute("UPDATE comments SET body = ?", (body,))
        connection.execute("UPDATE articles SET body = ?", (body,))
    assert store.article("a1") is None
    assert store.recall() == ()
    store.remember([make_comment("c1")])
    assert store.recall() == (make_comment("c1"),)


def test_damaged_file_is_replaced(tmp_path: Path) -> None:
    """A damaged file costs what was last seen and nothing else."""
    (tmp_path / "comments.db").write_bytes(b"damaged" * 1000)
    store = CommentStore(tmp_path / "comments.db", SITE)
    assert store.recall() == ()
    store.close()
