"""Folding: odd spellings made equal, with exact positions in the original text."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from itertools import accumulate

# Zero-width and direction characters, soft hyphen, tatweel. U+200C is an honest letter joiner in Sorani; it is dropped
# in the folded text only.
_DROPPED = frozenset("\u00ad\u034f\u061c\u0640\u115f\u1160\u17b4\u17b5\u180e\u2060\u2061\u2062\u2063\u2064\ufeff") | {
    chr(code) for start, stop in ((0x200B, 0x2010), (0x202A, 0x202F), (0x2066, 0x2070)) for code in range(start, stop)
}

# One letter for each family of variants, in Arabic script and Turkish.
_ALIKE = {
    "ı": "i", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ێ": "ي", "ک": "ك", "گ": "ك", "ڪ": "ك", "ڭ": "ك", "ة": "ه",
    "ە": "ه", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ۆ": "و", "ۇ": "و", "ڕ": "ر", "ڵ": "ل", "ð": "d", "ø": "o", "æ": "ae",
    "œ": "oe", "’": "'", "‘": "'", "ʼ": "'", "＇": "'", "´": "'", "¡": "!", "ⅼ": "l", "ſ": "s", "ϲ": "c", "Ϲ": "c",
}  # fmt: skip

# LATIN SMALL LETTER B WITH STROKE, NEGATIVE CIRCLED LATIN CAPITAL LETTER B, REGIONAL INDICATOR SYMBOL LETTER B, ...
_NAMED_LATIN = re.compile(
    r"(?:LATIN|REGIONAL INDICATOR) .*LETTER (?:SMALL CAPITAL |SCRIPT |TURNED )?([A-Z])(?: WITH .*)?"
)
_CACHED = 1 << 16  # characters kept in the table; a text of more different ones is still folded, only slower


def _fold_one(character: str) -> str:
    """One character to none, one or several. Everything exact rests on this being a function of one character."""
    if character in _DROPPED:
        return ""
    if "\U000e0000" <= character <= "\U000e0fff":  # tags and variation selectors
        return ""
    if character in _ALIKE:
        return _ALIKE[character]
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    letters = (c for c in unicodedata.normalize("NFKD", decomposed) if not unicodedata.category(c).startswith("M"))
    return "".join(_ALIKE.get(c) or _plain(c) for c in letters)


def _plain(character: str) -> str:
    """The ASCII digit or Latin letter that a character stands for by its Unicode name, else the character."""
    if character.isascii():
        return character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    named = _NAMED_LATIN.fullmatch(unicodedata.name(character, ""))
    return named.group(1).lower() if named else character


class _Table(dict[int, str]):
    """For str.translate: fills itself as characters turn up, and knows which do not fold to exactly one."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = _fold_one(chr(code))
        if len(folded) != 1:
            self.uneven.add(chr(code))
        if len(self) < _CACHED:
            self[code] = folded
        return folded


_TABLE = _Table()


class Folded:
    """A text folded for matching, and the way back to the original's code points."""

    __slots__ = ("_ends", "_even", "original", "text")

    def __init__(self, original: str, text: str, *, even: bool) -> None:
        self.original = original
        self.text = text
        self._even = even
        self._ends: array[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded stretch `start` to `end` (end exclusive, not empty) came from, in code points of the
        original; marks that follow its last character belong to it.
        """
        if self._even:
            return start, end
        if self._ends is None:  # only a text with a hit pays for the map
            self._ends = array("Q", accumulate(len(_TABLE[ord(c)]) for c in self.original))
        last = bisect_right(self._ends, end - 1)
        while last + 1 < len(self.original) and unicodedata.category(self.original[last + 1]).startswith("M"):
            last += 1
        return bisect_right(self._ends, start), last + 1


def fold(text: str) -> Folded:
    """Fold any Unicode text, lone surrogates included, in time linear in its length.

    Case, compatibility forms, marks, tatweel, zero-width and direction characters, Turkish dotted and dotless i, and
    the Arabic and Kurdish letter variants are made equal. Look-alikes of other scripts are not: they need the word.
    """
    if text.isascii():
        return Folded(text, text.lower(), even=True)
    folded = text.translate(_TABLE)
    return Folded(text, folded, even=_TABLE.uneven.isdisjoint(text))


def fold_word(word: str) -> str:
    """The folded form of an entry of a word list."""
    return fold(word).text
