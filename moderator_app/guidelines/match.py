"""Finding the entries of the word lists in a folded text: as words, with endings, through disguises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from moderator_app.guidelines.fold import Folded
from moderator_app.guidelines.language import Language, Spoken
from moderator_app.guidelines.reading import Reader
from moderator_app.guidelines.wordlist import Entry
from moderator_app.model import Certainty

# Each is one class repeated, so none can be made to backtrack.
WORD = re.compile(r"[\w']+")
_SIGNED = re.compile(r"[\w'@$*#!|+%€£]+")
_SIGN = re.compile(r"[@$*#!|+%€£]")
_APART = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_'])){2,40}")
_JOINED = re.compile(r"[^\W_]")
_NEIGHBOURS = re.compile(r"[\s\-_]{1,3}")

_HOME = {"latin": "en", "arabic": "ar"}  # the language of a script when nothing tells
_LEAST_APART = 3  # letters of a word that is spaced apart
_LONGEST_APART = 14
_SHORT = 3  # letters of an entry that is another word without its marks
_LEAST_FOREIGN = 5  # letters of an entry that counts in a text of another language
_AROUND = 4  # words to each side in which an exception is looked for


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found: where in the folded text, and whether a disguise was undone."""

    start: int
    end: int
    entry: Entry
    disguised: bool


class Matcher:
    """Finds entries in folded texts; learns each word once."""

    def __init__(self, entries: Iterable[Entry], languages: Mapping[str, Language]) -> None:
        self._languages = languages
        self._reader = Reader(entries, languages)

    def find(self, folded: Folded, words: set[str], spoken: Spoken) -> Iterator[Hit]:
        """Every hit in `folded`, whose words (by `WORD`) are `words`, in the languages spoken; may overlap."""
        for hit in self._raw(folded.text, words):
            if self._counts(hit, folded, spoken):
                yield hit

    def _raw(self, text: str, words: set[str]) -> Iterator[Hit]:
        if any(map(self._reader.known, words)):
            yield from self._in_words(list(WORD.finditer(text)), text)
        if _SIGN.search(text):
            yield from self._in_signed(text)
        if "_" in text or "*" in text or sum(len(word) == 1 for word in words) > 1:
            yield from self._in_letters(text)

    def _in_words(self, found: Sequence[re.Match[str]], text: str) -> Iterator[Hit]:
        for at, match in enumerate(found):
            known = self._reader.known(match.group())
            if not known:
                continue
            start = match.start()
            for reading in known.readings:
                if not _excepted(reading.entry, found, at):
                    yield Hit(start + reading.start, start + reading.end, reading.entry, reading.disguised)
            yield from self._phrases_at(known.phrases, found, at)
            if known.rest and at + 1 < len(found):
                yield from _split_at(known.rest, match, found[at + 1], text)

    def _phrases_at(self, phrases: Sequence[Entry], found: Sequence[re.Match[str]], at: int) -> Iterator[Hit]:
        for entry in phrases:
            last = at + len(entry.keys) - 1
            if last < len(found) and self._same(entry, found[at : last + 1]):
                if not _excepted(entry, found, at):
                    yield Hit(found[at].start(), found[last].end(), entry, False)
                return

    def _same(self, entry: Entry, found: Sequence[re.Match[str]]) -> bool:
        *first, last = (match.group() for match in found)
        *keys, key = entry.keys
        if first != keys or (
            last != key and not (entry.endings and self._reader.lexicon.extends(last, key, entry.lang))
        ):
            return False
        text = found[0].string
        between = (text[one.end() : other.start()] for one, other in pairwise(found))
        return all(_NEIGHBOURS.fullmatch(gap) for gap in between)

    def _in_signed(self, text: str) -> Iterator[Hit]:
        for match in _SIGNED.finditer(text):
            if len(match.group()) > 1 and _SIGN.search(match.group()):
                for reading in self._reader.known(match.group()).readings:
                    if reading.disguised:  # the plain ones are found as words
                        yield Hit(match.start() + reading.start, match.start() + reading.end, reading.entry, True)

    def _in_letters(self, text: str) -> Iterator[Hit]:
        for run in _APART.finditer(text):
            places = [run.start() + letter.start() for letter in _JOINED.finditer(run.group())]
            letters = "".join(text[place] for place in places)
            at = 0
            while at <= len(letters) - _LEAST_APART:
                length, entry = self._spelled(letters, at)
                if entry:
                    yield Hit(places[at], places[at + length - 1] + 1, entry, True)
                at += length

    def _spelled(self, letters: str, at: int) -> tuple[int, Entry | None]:
        """The longest entry spelled from `at` on, with its length, else a step of one and None."""
        if not letters.isalpha():  # with digits in it only the whole is worth trying
            entries = self._reader.plain(letters) if at == 0 and len(letters) <= _LONGEST_APART else []
            return len(letters), entries[0] if entries else None
        if letters.isascii() and not self._reader.lexicon.starts(letters[at : at + 3]):
            return 1, None
        for length in range(min(_LONGEST_APART, len(letters) - at), _LEAST_APART - 1, -1):
            whole = length == len(letters) or not letters.isascii()
            entries = self._reader.plain(letters[at : at + length]) if whole or length > _LEAST_APART else []
            if entries:
                return length, entries[0]
        return 1, None

    def _counts(self, hit: Hit, folded: Folded, spoken: Spoken) -> bool:
        """Whether a hit is in a language of the text, and not another word by a letter that folding made equal."""
        entry = hit.entry
        own = self._languages[entry.lang]
        here = spoken.of(own.script)
        if not _is_spoken(hit, here, _HOME[own.script]):
            return False
        honest = own.letters | (self._languages[here].letters if here else frozenset())
        if not honest and not entry.exact:
            return True
        start, end = folded.span(hit.start, min(hit.end, hit.start + sum(map(len, entry.keys)) + len(entry.keys) - 1))
        seen = folded.original[start:end]
        if entry.exact and seen.casefold() != entry.written.casefold():
            return False
        if len(entry.keys[0]) <= _SHORT and own.lacks_letters(seen, entry.written):
            return False
        return not (honest.intersection(seen) - set(entry.written + entry.written.replace("i", "İ").upper()))


def _is_spoken(hit: Hit, here: str, home: str) -> bool:
    """Whether an entry counts in a text in language `here` ("": nothing tells); English is understood everywhere."""
    entry = hit.entry
    letters = sum(map(len, entry.keys))
    if entry.lang == (here or home):
        return True
    if entry.lang == "en" or not here:
        return letters > _SHORT
    certain = entry.certainty is Certainty.CERTAIN and not hit.disguised
    return certain and letters >= _LEAST_FOREIGN * len(entry.keys)


def _excepted(entry: Entry, found: Sequence[re.Match[str]], at: int) -> bool:
    if not entry.exceptions:
        return False
    around = [match.group() for match in found[max(0, at - _AROUND) : at + _AROUND + 1]]
    own = at - max(0, at - _AROUND)
    return any(
        tuple(around[first : first + len(phrase)]) == phrase
        for phrase in entry.exceptions
        for first in range(max(0, own - len(phrase) + 1), own + 1)
    )


def _split_at(rest: Mapping[str, Entry], first: re.Match[str], second: re.Match[str], text: str) -> Iterator[Hit]:
    entry = rest.get(second.group())
    between = text[first.end() : second.start()]
    if entry and len(between) == 1 and between not in ",;:!?\n":
        yield Hit(first.start(), second.end(), entry, True)
