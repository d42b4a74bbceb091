"""Folding makes disguises equal and keeps every position exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator_app.guidelines.fold import fold

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("FuCK", "fuck"),
        ("İIıi", "iiii"),
        ("ß", "ss"),
        ("ﬁt", "fit"),
        ("ｉｄｉｏｔ", "idiot"),
        ("𝓲𝓭𝓲𝓸𝓽", "idiot"),
        ("ⓘⓓⓘⓞⓣ", "idiot"),
        ("i\u0336d\u0308i\u0327o\u0332t\u0301", "idiot"),
        ("i\u200bd\u2060i\u00ado\u200et", "idiot"),
        ("خنــــزير", "خنزير"),
        ("خِنْزِير", "خنزير"),
        ("إأآٱ", "اااا"),
        ("ﺣﻤﺎﺭ", "حمار"),
        ("گەمژە", "كهمژه"),
        ("٠٧۵", "075"),
        ("ɓŧɨ", "bti"),
        ("don’t", "don't"),
    ],
)
def test_disguises_fold_to_one_form(written: str, folded: str) -> None:
    """Case, compatibility forms, marks, joiners and letter variants are made equal."""
    assert fold(written).text == folded


@pytest.mark.parametrize(
    ("text", "part", "covered"),
    [
        ("İ moron", "moron", "moron"),
        ("ßß idiot ß", "idiot", "idiot"),
        ("ﬁﬁ ﷲ idiot!", "idiot", "idiot"),
        ("👨‍👩‍👧 idiot 😀", "idiot", "idiot"),
        ("a\r\nidiot\r\n", "idiot", "idiot"),
        ("i\u200bd\u200bi\u200bo\u200bt.", "idiot", "i\u200bd\u200bi\u200bo\u200bt"),
        ("an idiot\u0301\u0302 !", "idiot", "idiot\u0301\u0302"),
        ("\ud800 idiot \udfff", "idiot", "idiot"),
    ],
)
def test_a_stretch_leads_back_to_its_own_characters(text: str, part: str, covered: str) -> None:
    """Positions hold past characters that fold to none or several, and take the marks that follow along."""
    folded = fold(text)
    start = folded.text.index(part)
    first, last = folded.span(start, start + len(part))
    assert text[first:last] == covered


@given(ANY_TEXT)
def test_the_map_is_monotone_and_inside_the_text(text: str) -> None:
    """Each folded character has a place in the original, and places never run backwards."""
    folded = fold(text)
    spans = [folded.span(place, place + 1) for place in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(ANY_TEXT)
def test_each_character_folds_as_it_does_alone(text: str) -> None:
    """The fast way by table equals folding one character at a time."""
    assert fold(text).text == "".join(fold(character).text for character in text)


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    """A folded text is its own folded form."""
    once = fold(text).text
    assert fold(once).text == once
