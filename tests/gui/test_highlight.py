"""A comment's text made ready for Qt: what is shown, where it is cut, and the positions that Qt counts."""

from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderator_app.gui.highlight import (
    MOST_MARKS_ON_A_LETTER,
    Stretch,
    from_utf16,
    letters,
    shown,
    stretches,
    to_utf16,
    utf16_length,
)
from moderator_app.model import Category
from tests.doubles import make_violation
from tests.gui.texts import TEXTS

LONG = 100_000
# Format characters that are seen: signs of Arabic, Syriac and Kaithi that stand over numbers and verses.
SEEN_FORMATS = set(map(chr, [*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD]))


def test_every_unseen_character_of_unicode_is_shown() -> None:
    """No control or format character stands between two letters without a sign in its place."""
    unseen = {
        char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")
    }
    honest = unseen - SEEN_FORMATS - {"\n", "\t"}
    assert [f"{ord(char):x}" for char in sorted(honest) if shown(f"a{char}b").hidden != (1,)] == []


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # a non-joiner within a word in Arabic script
        "👨\u200d👩\u200d👧",
        "❤\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "Ünïcödé e\u0301\u0323 tabs\tand\nlines\xa0",
        "",
    ],
)
def test_honest_writing_is_left_alone(text: str) -> None:
    """Joiners, selectors and marks that writing needs are not called hidden."""
    assert shown(text) == shown(text).__class__(text, ())


@pytest.mark.parametrize("text", ["a\u200db", "\u200d", "a\u200c", "x\ufe0f\ufe0f", "a\U000e0041", "\u202eevil\u202c"])
def test_what_hides_is_counted(text: str) -> None:
    """Joiners, selectors and tags that writing does not need are hidden characters."""
    assert shown(text).hidden


def test_a_pile_of_marks_is_cut_down() -> None:
    """A letter keeps a few combining marks; each further one is shown as a sign."""
    found = shown("a" + "\u0301" * 50)
    assert found.text == "a" + "\u0301" * MOST_MARKS_ON_A_LETTER + "◦" * (50 - MOST_MARKS_ON_A_LETTER)
    assert len(found.hidden) == 50 - MOST_MARKS_ON_A_LETTER


@given(text=TEXTS, data=st.data())
def test_pieces_are_shown_like_the_whole(text: str, data: st.DataObject) -> None:
    """Two pieces side by side show what the whole text shows, wherever it is cut."""
    cut = data.draw(st.integers(0, len(text)))
    whole, first, second = shown(text), shown(text, 0, cut), shown(text, cut)
    positions = set(first.hidden) | set(second.hidden)
    assert len(first.text + second.text) == len(text)
    differing = {at for at in range(len(text)) if (first.text + second.text)[at] != whole.text[at]}
    # a run of marks that the cut goes through may leave its first few marks as they are in the first piece
    assert all(cut - MOST_MARKS_ON_A_LETTER <= at < cut for at in differing)
    assert positions == set(whole.hidden) - differing


@given(text=TEXTS)
def test_shown_replaces_one_for_one(text: str) -> None:
    """Only hidden characters are replaced, each by one that is seen, so every position stays."""
    found = shown(text)
    assert len(found.text) == len(text)
    changed = tuple(at for at, (old, new) in enumerate(zip(text, found.text, strict=True)) if old != new)
    assert set(changed) <= set(found.hidden)
    assert all(found.text[at] != text[at] or text[at] == "◦" for at in found.hidden)


@given(text=TEXTS)
def test_positions_go_there_and_back(text: str) -> None:
    """Each code point has one position in UTF-16 and is found again by it."""
    places = [to_utf16(text, at) for at in range(len(text) + 1)]
    assert places == [len(text[:at].encode("utf-16-le", "surrogatepass")) // 2 for at in range(len(text) + 1)]
    assert [from_utf16(text, place) for place in places] == list(range(len(text) + 1))
    assert utf16_length(text) == places[-1]


SPANS = st.lists(
    st.tuples(st.integers(-20, 60), st.integers(-20, 60), st.sampled_from(list(Category))).map(
        lambda made: make_violation(made[2], start=made[0], end=made[1])
    ),
    max_size=12,
)


@given(length=st.integers(0, 40), spans=SPANS, hidden=st.lists(st.integers(-5, 45), max_size=8))
def test_stretches_cover_the_piece_exactly(length: int, spans: list[object], hidden: list[int]) -> None:
    """Whatever the spans, the stretches cover every code point once, in order, and no two neighbours are alike."""
    found = stretches(3, 3 + length, spans, hidden)  # type: ignore[arg-type]
    assert [at for each in found for at in range(each.start, each.end)] == list(range(3, 3 + length))
    assert all(each.start < each.end for each in found)
    settings_of = [(each.category, each.is_hidden) for each in found]
    assert all(one != other for one, other in pairwise(settings_of))


@given(length=st.integers(0, 40), spans=SPANS, hidden=st.lists(st.integers(-5, 45), max_size=8))
def test_each_code_point_has_its_most_severe_category(length: int, spans: list[object], hidden: list[int]) -> None:
    """A code point is set by the most severe violation on it, or as hidden; spans beyond the text are clipped."""
    order = [
        Category.THREAT,
        Category.ABUSE,
        Category.PERSONAL_ATTACK,
        Category.PROFANITY,
        Category.VULGARITY,
        Category.COMMERCIAL_PROMOTION,
        Category.PERSONAL_PROMOTION,
    ]
    for stretch in stretches(0, length, spans, hidden):  # type: ignore[arg-type]
        for at in range(stretch.start, stretch.end):
            here = [each.category for each in spans if each.start <= at < each.end]  # type: ignore[attr-defined]
            worst = min(here, key=order.index, default=None)
            assert (stretch.is_hidden, stretch.category) == ((True, None) if at in hidden else (False, worst))


class Counted(list[object]):
    """A list that counts how often its items are looked at."""

    looks = 0

    def __iter__(self):  # type: ignore[no-untyped-def]
        for each in super().__iter__():
            self.looks += 1
            yield each


@pytest.mark.parametrize("nested", [False, True])
def test_a_hundred_thousand_spans_are_bounded(nested: bool) -> None:
    """A hundred thousand spans, also one within another, are each looked at once, and the cuts stay exact."""
    made = [
        make_violation(list(Category)[at % 7], start=at if nested else 0, end=2 * LONG - at if nested else 2 * LONG)
        for at in range(LONG)
    ]
    spans = Counted(made)
    found = stretches(0, 4_000, spans)  # type: ignore[arg-type]
    assert spans.looks == LONG
    assert sum(each.end - each.start for each in found) == 4_000
    assert found[-1].category is Category.THREAT


def test_nothing_is_cut_from_nothing() -> None:
    """An empty text has no stretch, and a plain one has one."""
    assert stretches(0, 0, [make_violation()]) == []
    assert stretches(0, 5, []) == [Stretch(0, 5)]


def test_one_letter_stands_at_a_place() -> None:
    """Of violations that begin together the most severe gives the letter; those of other parts give none."""
    mild, severe = make_violation(start=5, end=9), make_violation(Category.THREAT, start=5, end=6)
    before = make_violation(Category.ABUSE, start=-3, end=2)
    assert letters(0, 10, [severe, mild, before]) == [(0, before), (5, severe)]
    assert letters(6, 10, [severe, mild]) == []


@settings(max_examples=50)
@given(text=st.text(max_size=30))
def test_a_text_of_any_letters_keeps_its_length(text: str) -> None:
    """Also letters that no list here names take one place each."""
    assert len(shown(text).text) == len(text)
