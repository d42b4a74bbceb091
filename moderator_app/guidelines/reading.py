"""What one word of a text may stand for, learned once for each word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from moderator_app.guidelines.disguise import LONGEST, Masks, Splits, has_run, readings, shorten
from moderator_app.guidelines.language import Language
from moderator_app.guidelines.lexicon import Lexicon, forms, squeeze
from moderator_app.guidelines.wordlist import Entry

_EDGE = "'_@$*#!|+%€£"
_REMEMBERED = 50_000  # words whose result is kept; then all are forgotten, so that memory stays bounded
_LEAST_DOUBLED = 4  # letters of an English word, doubles cut, in which a wrongly doubled letter is forgiven


@dataclass(frozen=True, slots=True)
class Reading:
    """What one word of a text may be, with the place inside it."""

    entry: Entry
    start: int
    end: int
    disguised: bool


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one word as it stands in texts."""

    readings: tuple[Reading, ...]
    phrases: tuple[Entry, ...]
    rest: Mapping[str, Entry] | None

    def __bool__(self) -> bool:
        return bool(self.readings or self.phrases or self.rest)


class Reader:
    """Knows what words stand for: entries with their endings, disguises, first words of phrases, halves of words."""

    def __init__(self, entries: Iterable[Entry], languages: Mapping[str, Language]) -> None:
        every = tuple(entries)
        single = [entry for entry in every if len(entry.keys) == 1]
        self.lexicon = Lexicon(single, languages)
        self._squeezed = Lexicon(single, languages, squeezed=True)
        words = forms(single, languages)
        self._masks = Masks(words)
        self._splits = Splits(words, languages)
        self._phrases: dict[str, list[Entry]] = defaultdict(list)
        for entry in sorted(every, key=lambda one: -len(one.keys)):
            if len(entry.keys) > 1:
                self._phrases[entry.keys[0]].append(entry)
        self._learned: dict[str, Known] = {}

    def plain(self, word: str) -> list[Entry]:
        """The entries a folded word is, look-alikes and leetspeak undone."""
        found = self.lexicon.find(word)
        for reading in () if found else readings(word):
            found = self.lexicon.find(reading)
            if found:
                break
        return [entry for entry in found if not entry.exact]

    def known(self, word: str) -> Known:
        """All that is known of a folded word, signs in and around it included."""
        known = self._learned.get(word)
        if known is None:
            known = self._learn(word)
            if len(word) <= LONGEST:
                if len(self._learned) >= _REMEMBERED:
                    self._learned.clear()
                self._learned[word] = known
        return known

    def _learn(self, word: str) -> Known:
        short = shorten(word)
        if len(short) > LONGEST:
            return Known((), (), None)
        core = word.strip("'_")
        return Known(
            tuple(self._read(word)),
            tuple(self._phrases.get(core, ())),
            self._splits.after(core),
        )

    def _read(self, word: str) -> Iterator[Reading]:
        core = word.strip(_EDGE)
        start = word.find(core)
        plain = self.lexicon.find(core)
        if plain:
            yield from (Reading(entry, start, start + len(core), False) for entry in plain)
        elif core:
            yield from self._undisguised(word, core, start)

    def _undisguised(self, word: str, core: str, start: int) -> Iterator[Reading]:
        if "_" in core:
            yield from self._pieces(core, start)
        tail = word.rstrip(_EDGE)
        head = tail.lstrip("'_*#+%|")
        for text, place in {core: start, head: len(tail) - len(head), word: 0}.items():
            entries = [entry for entry in self._disguised(text) if not entry.exact]
            if entries:
                yield from (Reading(entry, place, place + len(text), True) for entry in entries)
                return

    def _pieces(self, core: str, start: int) -> Iterator[Reading]:
        for piece in re.finditer(r"[^_]+", core):
            for entry in self.lexicon.find(piece.group()):
                yield Reading(entry, start + piece.start(), start + piece.end(), False)

    def _disguised(self, text: str) -> list[Entry]:
        for candidate in (text, *readings(text)):
            found = self.lexicon.find(candidate) or self._repeated(candidate)
            if found:
                return found
        masked = self._masks.find(text)
        return [masked] if masked else []

    def _repeated(self, word: str) -> list[Entry]:
        if has_run(word, 3):
            return self.lexicon.find(shorten(word)) or self._squeezed.find(squeeze(word))
        least = _LEAST_DOUBLED if has_run(word, 2) else _LEAST_DOUBLED + 1  # or one was left out
        if not word.isascii() or len(squeezed := squeeze(word)) < least:
            return []
        return [entry for entry in self._squeezed.find(squeezed) if entry.lang == "en"]
