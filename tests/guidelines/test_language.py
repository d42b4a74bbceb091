"""The language of a comment is guessed from its commonest words and its own letters."""

from __future__ import annotations

import re

import pytest

from moderator_app.guidelines.fold import fold
from moderator_app.guidelines.language import Guesser, Spoken
from moderator_app.guidelines.policy import Policy


def guess(policy: Policy, text: str, hint: str = "") -> Spoken:
    """What the policy's languages make of a text."""
    words = set(re.findall(r"[\w']+", fold(text).text))
    return Guesser(policy.languages.values()).guess(text, words, hint)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("this is what the party said", Spoken("en", "")),
        ("bu konu çok önemli ama kimse bilmiyor", Spoken("tr", "")),
        ("ew ji bo gelê xwe kar dike û li vir e", Spoken("kmr", "")),
        ("هذا الكلام غير صحيح في كل الأحوال", Spoken("", "ar")),
        ("ئەم قسەیە ڕاست نییە و کەس باوەڕی پێ ناکات", Spoken("", "ckb")),
        ("12345 !!", Spoken("", "")),
    ],
)
def test_each_language_is_told(policy: Policy, text: str, spoken: Spoken) -> None:
    """A sentence of each language is enough; figures tell nothing."""
    assert guess(policy, text) == spoken


def test_one_odd_letter_does_not_make_arabic_sorani(policy: Policy) -> None:
    """A single Sorani letter in an Arabic comment is a disguise, not a language."""
    assert guess(policy, "هذا ۆسخ وذاك").arabic == "ar"


def test_a_hint_decides_where_the_text_does_not(policy: Policy) -> None:
    """The article's language is taken for a comment of one word."""
    assert guess(policy, "xyz", "kmr").latin == "kmr"
