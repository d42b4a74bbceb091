"""What was on the screen, what was hashed and what the server has are the same text, in every script."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end2end.screen import Key
from tests.end2end.seat import Seat
from tests.end2end.site import check_once_each, log_of, texts_stored
from tests.server.newsroom import comment, newsroom
from tests.server.running import RunningServer

_TEXTS = (
    "Işık İstanbul'da söndü, ağır ağır… 👩‍👩‍👧‍👦 🇹🇷 ığüşöç İI",
    "مرحباً 👋🏽 هذا تعليقٌ بِتَشكيل ولا‌فاصل‌ظاهر ٣٤٥ 😂😂",
    "ئەمە زۆر باشە ❤️‍🔥 — \u202bڕاست\u202c و چەپ left ٪",
    "e\u0301 ≠ é, \u00a0hard space,\ttab,\r\nand a line end of two characters 🤷🏾‍♀️",
    "𝕱𝖗𝖊𝖊 \U0001f9d1‍🚀 \ufeff and a mark of byte order, \u200bno width",
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server with one comment for each text."""
    found = newsroom(comments=0)
    found["comments"] = [comment(number, content=text) for number, text in enumerate(_TEXTS)]
    with RunningServer(f"sqlite:///{tmp_path}/newsroom.sqlite", seed=found) as running:
        yield running


def test_hash_is_that_of_the_stored_text(prompt_seat: Seat, server: RunningServer) -> None:
    """Turkish, Arabic and Kurdish with emoji: each decision names the hash of the text that was written."""
    seat = prompt_seat
    seat.sign_in(server)
    for _ in _TEXTS:
        seat.decide(Key.A)
    seat.wait_until_sent(len(_TEXTS))
    check_once_each(server, seat.rows)
    stored = texts_stored(server)
    assert {text for text, _digest in stored.values()} == set(_TEXTS)
    assert {entry.text_sha256 for entry in log_of(server)} == {
        hashlib.sha256(text.encode()).hexdigest() for text in _TEXTS
    }
