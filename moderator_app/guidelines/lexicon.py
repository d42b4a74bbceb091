"""The entries of all word lists, found by a folded word with its endings, prefixes and disguises."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from moderator_app.guidelines.language import Language
from moderator_app.guidelines.wordlist import Entry
from moderator_app.model import Certainty

_HEAD = 3  # letters by which an entry with endings is looked up
_LONGEST_TAIL = 16  # letters that endings may add
_RUNS = re.compile(r"(.)\1+")


def squeeze(word: str) -> str:
    """Every run of one letter cut to one."""
    return _RUNS.sub(r"\1", word)


class Lexicon:
    """Single-word entries by their folded form; with `squeezed`, by that form without doubled letters."""

    def __init__(self, entries: Iterable[Entry], languages: Mapping[str, Language], *, squeezed: bool = False) -> None:
        self._languages = languages
        self._tails = {code: _tail(language, squeezed) for code, language in languages.items()}
        self._words: dict[str, list[Entry]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        self._prefixes = sorted({p for language in languages.values() for p in language.prefixes}, key=len)
        for entry in entries:
            if squeezed and entry.exact:
                continue
            key = squeeze(entry.keys[0]) if squeezed else entry.keys[0]
            self._words[key].append(entry)
            if entry.endings:
                self._stems[key[:_HEAD]].append((key, entry))
        self._words, self._stems = dict(self._words), dict(self._stems)
        self._heads = frozenset(word[:_HEAD] for word in self._words)

    def find(self, word: str) -> list[Entry]:
        """The entries that a folded word is a form of, the word itself before its stems."""
        found = list(self._words.get(word, ()))
        found += self._stemmed(word)
        if word[:1] > "\u0600":
            for prefix in self._prefixes:
                if word.startswith(prefix) and len(word) - len(prefix) >= _HEAD:
                    found += self._prefixed(word[len(prefix) :], prefix)
        return found

    def starts(self, letters: str) -> bool:
        """Whether an entry may begin with these letters; never False when one does."""
        return letters[:_HEAD] in self._heads

    def extends(self, word: str, stem: str, lang: str) -> bool:
        """Whether `word` is `stem` with endings of a language."""
        long = len(stem) + _LONGEST_TAIL
        return len(word) <= long and word.startswith(stem) and bool(self._tails[lang].fullmatch(word, len(stem)))

    def _stemmed(self, word: str) -> list[Entry]:
        return [entry for stem, entry in self._stems.get(word[:_HEAD], ()) if self.extends(word, stem, entry.lang)]

    def _prefixed(self, rest: str, prefix: str) -> list[Entry]:
        found = [entry for entry in self._words.get(rest, ()) if entry.endings] + self._stemmed(rest)
        return [entry for entry in found if prefix in self._languages[entry.lang].prefixes]


def _tail(language: Language, squeezed: bool) -> re.Pattern[str]:
    endings = {squeeze(ending) if squeezed else ending for ending in language.endings}
    choice = "|".join(map(re.escape, sorted(endings, key=len, reverse=True))) or "(?!)"
    return re.compile(f"(?:{choice}){{1,{language.chain}}}")


def forms(entries: Iterable[Entry], languages: Mapping[str, Language]) -> dict[str, Entry]:
    """Each entry's folded form, and with one ending in languages whose endings do not chain; certain entries first."""
    result: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda one: one.certainty is not Certainty.CERTAIN):
        if entry.exact:
            continue
        result.setdefault(entry.keys[0], entry)
        language = languages[entry.lang]
        if entry.endings and language.chain == 1 and language.script == "latin":
            for ending in language.endings:
                if ending.isalpha():
                    result.setdefault(entry.keys[0] + ending, entry)
    return result
