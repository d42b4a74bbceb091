"""Which of the policy's languages a comment is written in, guessed from its commonest words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """What matching needs to know of a language; all words but `letters` are folded."""

    code: str
    script: str  # "latin" or "arabic"
    letters: frozenset[str] = frozenset()  # letters of its own alphabet that folding merges with others
    common: frozenset[str] = frozenset()  # its commonest words
    fragments: frozenset[str] = frozenset()  # further short words and parts of words that stand alone by chance
    prefixes: tuple[str, ...] = ()  # what may stand before an entry with endings
    endings: tuple[str, ...] = ()  # what may follow one
    chain: int = 1  # how many endings may follow one another
    negation: frozenset[str] = frozenset()

    def lacks_letters(self, seen: str, written: str) -> bool:
        """Whether `seen` may be `written` typed without the letters that are this language's own."""
        return not self.letters.isdisjoint(written) and self.letters.isdisjoint(seen)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The language of a comment's words in each script; "" where nothing tells."""

    latin: str
    arabic: str

    def of(self, script: str) -> str:
        """The language that words in `script` are taken to be in."""
        return self.latin if script == "latin" else self.arabic


@dataclass(frozen=True, slots=True)
class _Signs:
    """By what one language is told from the others of its script."""

    code: str
    common: frozenset[str]
    letters: frozenset[str]


class Guesser:
    """Guesses languages by counting common words and letters that only one language of a script has."""

    def __init__(self, languages: Iterable[Language]) -> None:
        every = tuple(languages)
        self._scripts: dict[str, list[_Signs]] = {"latin": [], "arabic": []}
        for one in every:
            others = [other for other in every if other is not one and other.script == one.script]
            common = one.common.difference(*(other.common for other in others))
            letters = one.letters.difference(*(other.letters for other in others))
            self._scripts[one.script].append(_Signs(one.code, common, letters))

    def guess(self, text: str, words: set[str], hint: str = "") -> Spoken:
        """The languages of `text`, whose folded words are `words`; `hint` decides where they do not."""
        if text.isascii():
            return Spoken(self._best("latin", "", words, hint), "")
        return Spoken(self._best("latin", text, words, hint), self._best("arabic", text, words, hint))

    def _best(self, script: str, text: str, words: set[str], hint: str) -> str:
        scores = [(self._score(signs, text, words, hint), signs.code) for signs in self._scripts[script]]
        scores.sort(reverse=True)
        tie = len(scores) > 1 and scores[0][0] == scores[1][0]
        return scores[0][1] if scores and not tie else ""

    @staticmethod
    def _score(signs: _Signs, text: str, words: set[str], hint: str) -> float:
        score: float = len(signs.common & words)
        if text:
            score += min(len(signs.letters.intersection(text)), 2) * 0.75  # one odd letter may be a disguise
        return score + (signs.code == hint)
