"""Times and words, as the contract writes them and the database keeps them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from moderator_app.server.schema import Instant, Words
from moderator_app.server.wire import read_instant

ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES)
DIALECT = sqlite.dialect()


@given(MOMENTS)
def test_a_moment_is_read_in_any_zone_and_kept_to_the_microsecond(moment: datetime) -> None:
    """What RFC 3339 says in any zone is read as the same moment in UTC, and comes back from the database so."""
    read = read_instant(moment.isoformat())
    assert (read, read.tzinfo) == (moment, UTC)
    kept = Instant().process_bind_param(read, DIALECT)
    assert Instant().process_result_value(kept, DIALECT) == moment


@given(st.lists(MOMENTS, min_size=2))
def test_kept_moments_sort_as_moments_do(moments: list[datetime]) -> None:
    """The order of what the database keeps is the order of time, so that a cursor means something."""
    kept = [Instant().process_bind_param(moment, DIALECT) or 0 for moment in moments]
    assert sorted(kept) == [Instant().process_bind_param(moment, DIALECT) for moment in sorted(moments)]


@given(st.text())
def test_other_text_is_no_moment(text: str) -> None:
    """Text is a moment or a ValueError, and nothing else."""
    with suppress(ValueError):
        assert read_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "2026-01-31T09:00:00",
        "2026-01-31 09:00:00Z",
        "2026-02-30T09:00:00Z",
        "1772442000",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_what_lacks_a_part_is_no_moment(text: str) -> None:
    """A time without its zone, its day or a day that exists is refused."""
    with pytest.raises(ValueError, match="a time with its zone is needed"):
        read_instant(text)


@given(st.lists(st.from_regex(r"[a-z_]{1,20}", fullmatch=True)))
def test_words_come_back_in_order(words: list[str]) -> None:
    """A few words are kept in their order, each findable as a whole."""
    kept = Words().process_bind_param(tuple(words), DIALECT)
    assert Words().process_result_value(kept, DIALECT) == tuple(words)
    assert all(f" {word} " in kept for word in words)
