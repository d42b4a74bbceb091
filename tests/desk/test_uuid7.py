"""Ids of decisions are what RFC 9562 says of version 7."""

from __future__ import annotations

import time
from uuid import RFC_4122, UUID

from moderator_app.desk.uuid7 import uuid7


def test_id_is_a_version_7() -> None:
    """The version and variant are set, and the first 48 bits are the time in milliseconds."""
    before = time.time_ns() // 1_000_000
    found = UUID(uuid7())
    after = time.time_ns() // 1_000_000
    assert (found.version, found.variant) == (7, RFC_4122)
    assert before <= found.int >> 80 <= after


def test_ids_never_meet() -> None:
    """Ten thousand ids of one moment are ten thousand ids, and sort by their milliseconds."""
    made = [uuid7() for _ in range(10_000)]
    assert len(set(made)) == 10_000
    stamps = [UUID(each).int >> 80 for each in made]
    assert stamps == sorted(stamps)
