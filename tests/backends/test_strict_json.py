"""What counts as JSON, and what stands in place of a value that can be read in two ways."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator_app.backends.strict_json import Doubtful, loads

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_reads_all_that_is_json(value: object) -> None:
    """Whatever is written as JSON is read back as it was."""
    assert loads(json.dumps(value).encode()) == value


@pytest.mark.parametrize("data", [b"NaN", b"-Infinity", b"1e999", b"-1e999", b"9" * 5000, b"-" + b"9" * 21])
def test_doubtful_numbers_stay_apart(data: bytes) -> None:
    """A number that cannot be meant spoils itself, not what stands beside it (C2, C3)."""
    value = loads(b'[1, {"a": ' + data + b"}]")
    assert isinstance(value, list)
    assert isinstance(value[1]["a"], Doubtful)
    assert value[0] == 1


def test_a_key_twice_spoils_its_object_alone() -> None:
    """An object that says two things under one key is set apart, with what it said once (C1)."""
    value = loads(b'[1, {"id": "7", "status": "pending", "status": "approved"}]')
    assert value == [1, Doubtful("a key is there twice", (("id", "7"),))]


@pytest.mark.parametrize("data", [b"", b"{", b"{} {}", b"<html>", b"\xff", b"[" * 100_000, b'{"a":' * 100_000])
def test_refuses_what_is_not_json_without_repeating_it(data: bytes) -> None:
    """The problem is told by its place; the document is not in it, so it cannot get into a log."""
    with pytest.raises(ValueError, match=r"at (character|byte) \d+|nested") as caught:
        loads(data)
    assert type(caught.value) is ValueError


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No bytes raise anything but ValueError."""
    with contextlib.suppress(ValueError):
        loads(data)
