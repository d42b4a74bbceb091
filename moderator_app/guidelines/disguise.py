"""Disguises of a single word: leetspeak, masks, look-alikes of other scripts, repeated letters, one split."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

from moderator_app.guidelines.language import Language
from moderator_app.guidelines.wordlist import Entry

LONGEST = 48  # code points of a word worth undoing a disguise in, runs of one letter counted as two
_LONG_RUN = re.compile(r"(.)\1{2,}")
_RUN = re.compile(r"(.)\1")
_MASK = "*#@$%"
_LEAST_MASKED = 4
_LEAST_SPLIT = 4
_SPLIT_IN = ("en", "tr")  # Kurdish and Arabic write particles apart, so that two words often look like one
_READINGS = 12

# What people type for a letter, after the habits described as leetspeak; the likeliest reading first.
_LEET: dict[str, str] = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "€": "e", "£": "l",
}  # fmt: skip

# Letters of Cyrillic, Greek, Armenian and Cherokee that look Latin, one row of pairs for each Latin letter; after
# Unicode's skeleton idea (UTS 39), chosen for letters of running text.
_ALIKE = str.maketrans(
    {
        letter: latin
        for latin, letters in {
            "a": "аαаɑ", "b": "вьβЬ", "c": "сϲςᴄ", "d": "ԁժɗ", "e": "еєεҽ", "f": "ғϝքſ", "g": "ԍցɡ", "h": "һнհҺ",
            "i": "іιїɩӏ", "j": "јյϳ", "k": "кκҝ", "l": "ӏⅼլ", "m": "мⅿʍ", "n": "пηոռиν", "o": "оοσօө๐ѳ", "p": "рρ",
            "q": "ԛզգ", "r": "гրяᴦ", "s": "ѕꜱʂ", "t": "тτե", "u": "υսцμ", "v": "ѵνᴠ", "w": "ԝωшաѡ", "x": "хχ×",
            "y": "уүγყʏ", "z": "ᴢʐ",
        }.items()
        for letter in letters
    }
)  # fmt: skip


def shorten(word: str) -> str:
    """Runs of three or more of one letter cut to two."""
    return _LONG_RUN.sub(r"\1\1", word)


def has_run(word: str, least: int) -> bool:
    """Whether a letter stands `least` (2 or 3) times in a row."""
    return bool((_LONG_RUN if least > 2 else _RUN).search(word))


def readings(word: str) -> Iterator[str]:
    """What a folded word may stand for, itself left out: look-alikes made Latin, leetspeak undone."""
    if not word.isascii():
        latin = word.translate(_ALIKE)
        if not latin.isascii():  # a word of another script, not a disguise
            return
        yield latin
        word = latin
    if any(c in _LEET for c in word) and any(c.isalpha() for c in word):
        choices = [_LEET.get(c, c) for c in word]
        for count, letters in enumerate(product(*choices)):
            if count >= _READINGS:
                return
            yield "".join(letters)


class Masks:
    """Words with letters replaced by `*`, `#`, `@`, `$` or `%`."""

    def __init__(self, words: Mapping[str, Entry]) -> None:
        self._words: dict[tuple[int, str, str], list[tuple[str, Entry]]] = defaultdict(list)
        for word, entry in words.items():
            if len(word) >= _LEAST_MASKED:
                self._words[len(word), word[0], word[-1]].append((word, entry))

    def find(self, word: str) -> Entry | None:
        """The entry a masked word stands for: first and last letter given, and at least half of the letters."""
        hidden = sum(letter in _MASK for letter in word)
        if not hidden or len(word) < _LEAST_MASKED or hidden * 2 > len(word):
            return None
        for form, entry in self._words.get((len(word), word[0], word[-1]), ()):
            if all(shown == letter or shown in _MASK for shown, letter in zip(word, form, strict=True)):
                return entry
        return None


class Splits:
    """Words cut in two by a space or a sign, found by their first part and then their second."""

    def __init__(self, words: Mapping[str, Entry], languages: Mapping[str, Language]) -> None:
        self._parts: dict[str, dict[str, Entry]] = defaultdict(dict)
        for word, entry in words.items():
            if len(word) < _LEAST_SPLIT or entry.lang not in _SPLIT_IN:
                continue
            known = languages[entry.lang].common | languages[entry.lang].fragments
            for cut in range(1, len(word)):
                first, second = word[:cut], word[cut:]
                if not {first, second} <= known and first not in words and second not in words:
                    self._parts[first].setdefault(second, entry)
        self._parts = dict(self._parts)

    def after(self, first: str) -> Mapping[str, Entry] | None:
        """The second parts that make a listed word with `first`."""
        return self._parts.get(first)
