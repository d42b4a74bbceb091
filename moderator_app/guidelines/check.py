"""The checker: which stretches of a comment may break the policy, and why."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from moderator_app.guidelines.fold import Folded, fold
from moderator_app.guidelines.language import Guesser, Spoken
from moderator_app.guidelines.match import WORD, Hit, Matcher
from moderator_app.guidelines.patterns import SENTENCE, Pattern, PatternIndex
from moderator_app.guidelines.policy import Policy
from moderator_app.guidelines.promotion import Promotion
from moderator_app.model import Category, Certainty, Violation

_MATCHES = "matches"
_LOOK_ALIKE = frozenset(
    {"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK"}
)  # alphabets with letters like Latin ones
_QUOTED = 40  # code points of the comment that a reason quotes
_SHORT = 400  # code points of a text that is not worth cutting into sentences
_LONG = (60, 90)  # different words of a comment in which one mild word, or two, say little
_SPECIFIC = frozenset({Category.PERSONAL_ATTACK, Category.PROFANITY, Category.VULGARITY})  # a word beats a pattern


class Checker:
    """Marks texts by one policy.

    It learns words as it goes, in caches of bounded size; threads may share it, for each use of a cache is one step.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._marked = frozenset(policy.categories)
        self._matcher = Matcher(policy.entries, policy.languages)
        self._guesser = Guesser(policy.languages.values())
        self._promotion = Promotion(policy.welcome_sites)
        common = frozenset().union(*(language.common for language in policy.languages.values()))
        self._patterns = PatternIndex(policy.patterns, common)

    def check(self, text: str, lang: str = "") -> tuple[Violation, ...]:
        """The violations in `text`, sorted by start and not overlapping within a category.

        Takes any Unicode text, never raises, and its time is linear in the text's length. `lang` is a hint where the
        text does not tell its language.
        """
        folded = fold(text)
        words = set(WORD.findall(folded.text))
        spoken = self._guesser.guess(text, words, lang)
        found = [self._of_word(hit, folded) for hit in self._matcher.find(folded, words, spoken)]
        if len(words) > _LONG[0] and len(found) <= (2 if len(words) > _LONG[1] else 1):
            found = found if any(one.certainty is Certainty.CERTAIN for one in found) else []
        found += self._of_patterns(folded, words, spoken)
        for mark in self._promotion.find(folded.text):
            start, end = folded.span(mark.start, mark.end)
            found.append(Violation(start, end, mark.category, mark.rule, mark.certainty, mark.why))
        return _settled(violation for violation in found if violation.category in self._marked)

    def _of_word(self, hit: Hit, folded: Folded) -> Violation:
        start, end = folded.span(hit.start, hit.end)
        entry, seen = hit.entry, folded.original[start:end]
        why = f"{_MATCHES} “{entry.written}”"
        if hit.disguised and seen.casefold() != entry.written.casefold():
            why += f", written {seen[:_QUOTED]}{_borrowed(seen)}"
        plain = self.policy.languages[entry.lang].lacks_letters(seen, entry.written)
        certainty = Certainty.SUGGESTED if plain else entry.certainty
        return Violation(start, end, entry.category, entry.rule, certainty, why, entry.kind)

    def _of_patterns(self, folded: Folded, words: set[str], spoken: Spoken) -> Iterator[Violation]:
        languages = {"en", spoken.latin, spoken.arabic, *self._undecided(spoken)}
        for first, sentence in _sentences(folded.text):
            own = words if len(sentence) == len(folded.text) else set(WORD.findall(sentence))
            for lang in languages:
                for pattern in self._patterns.candidates(lang, own):
                    yield from self._of_pattern(pattern, folded, first, sentence)

    def _undecided(self, spoken: Spoken) -> Iterator[str]:
        for code, language in self.policy.languages.items():
            if not spoken.of(language.script):
                yield code

    @staticmethod
    def _of_pattern(pattern: Pattern, folded: Folded, place: int, sentence: str) -> Iterator[Violation]:
        for start, end in pattern.find(sentence):
            kind = pattern.kind_in(sentence[start:end]) if pattern.category is Category.ABUSE else None
            first, last = folded.span(place + start, place + end)
            yield Violation(first, last, pattern.category, pattern.rule, pattern.certainty, pattern.why, kind)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a long text with their places, for no pattern reaches past one; a short text as a whole."""
    if len(text) <= _SHORT:
        yield 0, text
        return
    for match in SENTENCE.finditer(text):
        yield match.start(), match.group()


def _borrowed(seen: str) -> str:
    """Which alphabets letters were borrowed from to look alike, for the eye cannot tell; "" for none."""
    alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in seen if letter.isalpha()}
    borrowed = sorted(name.capitalize() for name in alphabets & _LOOK_ALIKE) if "LATIN" in alphabets else []
    return f" with {' and '.join(borrowed)} letters" if borrowed else ""


def _settled(found: Iterable[Violation]) -> tuple[Violation, ...]:
    """One violation where several of a category overlap: words before patterns, certain before suggested, then long."""
    kept: list[Violation] = []
    settled: dict[Category, list[Violation]] = defaultdict(list)
    for violation in sorted(found, key=lambda v: (v.start, v.end, v.rule)):
        rivals = settled[violation.category]
        if rivals and violation.start < rivals[-1].end:
            if _rank(violation) < _rank(rivals[-1]):
                rivals[-1] = violation
        else:
            rivals.append(violation)
    for rivals in settled.values():
        kept += rivals
    return tuple(sorted(kept, key=lambda v: (v.start, v.end, v.category)))


def _rank(violation: Violation) -> tuple[bool, bool, int, int, str]:
    general = violation.category in _SPECIFIC and not violation.why.startswith(_MATCHES)
    doubtful = violation.certainty is not Certainty.CERTAIN
    return general, doubtful, violation.start - violation.end, violation.start, violation.rule
