"""Advertising is found by its marks, and harmless numbers and names are not."""

from __future__ import annotations

import pytest

from moderator_app.guidelines.fold import fold
from moderator_app.guidelines.promotion import Promotion


def marks(text: str, *welcome: str) -> list[tuple[str, str]]:
    """The stretches marked in a text, each with its rule."""
    return [(text[mark.start : mark.end], mark.rule) for mark in Promotion(welcome).find(fold(text).text)]


@pytest.mark.parametrize(
    ("text", "stretch", "rule"),
    [
        ("look: https://shop.example/a?b=1.", "https://shop.example/a?b=1", "promotion/link"),
        ("www.shop.example/x", "www.shop.example/x", "promotion/link"),
        ("buy at cheapstuff.com today", "cheapstuff.com", "promotion/domain"),
        ("write to sales.team@shop-one.com!", "sales.team@shop-one.com", "promotion/mail"),
        ("call 07501234567 now", "07501234567", "promotion/phone"),
        ("WhatsApp +964 750 123 4567", "+964 750 123 4567", "promotion/phone"),
        ("٠٧٥٠١٢٣٤٥٦٧", "٠٧٥٠١٢٣٤٥٦٧", "promotion/phone"),
        ("0532 123 45 67", "0532 123 45 67", "promotion/phone"),
        ("follow me on instagram @daily_truth", "@daily_truth", "promotion/handle"),
        ("all phones 50% off", "50%", "promotion/price"),
    ],
)
def test_marks_of_advertising_are_found(text: str, stretch: str, rule: str) -> None:
    """Links, domains, addresses, telephone numbers, handles and discounts are marked exactly."""
    assert (stretch, rule) in marks(text)


@pytest.mark.parametrize(
    "text",
    [
        "in 2019-2020 it was 1,200,000",
        "e.g. this and i.e. that...so what",
        "ISBN 0231130104",
        "the address 10.120.130.140",
        "growth of 5% last year",
        "@neighbour you are right",
        "on 12.05.2021 at 10:30",
    ],
)
def test_harmless_numbers_and_names_are_not(text: str) -> None:
    """Years, sums, dates, book numbers, shares and answers to readers are no advertising."""
    assert marks(text) == []


def test_welcome_sites_may_be_linked_to() -> None:
    """A site that the policy welcomes is not marked, and one that only ends alike is."""
    assert marks("https://www.example.org/a", "example.org") == []
    assert marks("https://badexample.org/a", "example.org")
