"""Strategies for the product's words, with every text that a reader or server can send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import hypothesis.strategies as st

from moderator_app.model import (
    Action,
    Article,
    Author,
    Block,
    BlockKind,
    Comment,
    Decision,
    Reason,
    Status,
)

HARD = [
    "",
    "\0",
    "a\0b",
    "\u202eabc",
    "👩‍👩‍👧",
    "سڵاو، چۆنی؟",
    "ünlü İıŞş",
    "'; DROP TABLE outbox; --",
    "\ufffd",
    "\n\t ",
    "null",
]
texts = st.sampled_from(HARD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
versions = st.integers(0, 2**63 - 1)
zones = st.sampled_from([UTC, timezone(timedelta(hours=3)), timezone(timedelta(hours=-9, minutes=-30))])
times = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=zones)
statuses = st.sampled_from(Status)

decisions = st.builds(
    Decision,
    id=st.uuids().map(str),
    comment=texts,
    article=texts,
    action=st.sampled_from(Action),
    comment_version=versions,
    text_sha256=texts,
    reasons=st.lists(st.sampled_from(Reason), max_size=9).map(tuple),
    note=texts,
    reverses=st.none() | texts,
    made_at=times,
)
counts = st.none() | st.integers(0, 10**6)
authors = st.builds(Author, id=texts, name=texts, since=st.none() | times, approved=counts, rejected=counts)
comments = st.builds(
    Comment,
    id=texts,
    version=versions,
    article=texts,
    parent=st.none() | texts,
    author=authors,
    created_at=st.none() | times,
    queued_at=st.none() | times,
    status=statuses,
    text=texts,
    text_sha256=texts,
    lang=texts,
    link=texts,
)
blocks = st.builds(Block, kind=st.sampled_from(BlockKind), text=texts)
articles = st.builds(
    Article,
    id=texts,
    version=versions,
    title=texts,
    byline=texts,
    place=texts,
    published_at=st.none() | times,
    updated_at=st.none() | times,
    lang=texts,
    url=texts,
    blocks=st.lists(blocks, max_size=4).map(tuple),
)
