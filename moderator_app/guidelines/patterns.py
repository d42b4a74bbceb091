"""Patterns of words for what no word list finds: threats, attacks, contempt for groups, advertising."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from moderator_app.errors import PolicyTrouble
from moderator_app.guidelines.fold import fold_word
from moderator_app.guidelines.wordlist import kind_of, read_lines
from moderator_app.model import AbuseKind, Category, Certainty

_CLASS = re.compile(r"<(?P<name>[a-z_]+)>\s*=\s*(?P<words>.+)")
_LINE = re.compile(
    r"(?P<sign>\??)\s*(?P<category>[a-z_]+)\s*(?:\[(?P<kind>[^\]]*)\])?\s*\|(?P<why>[^|]+)\|(?P<form>.+)"
)
_PART = re.compile(
    r"\.\.\.(?P<gap>[1-6])|<(?P<cls>[a-z_]+)>(?P<maybe>\??)|\((?P<alt>[^()]+)\)(?P<also>\??)|(?P<word>[^\s<>()]+)"
)
# Every repeat has a bound and its parts cannot match the same character, so time is linear in the text.
_BETWEEN = r"[^\w.!?\n]{1,3}"
SENTENCE = re.compile(r"[^.!?\n]+")  # what no pattern reaches past
_BEFORE = re.compile(r"[\w']+")
_BREAK = re.compile(r"[.!?,;:\n]|\bbut\b")  # a negation before it is about something else
_WINDOW = 50  # code points before a match in which a negation takes it back
_WORDS_BEFORE = 5


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a pattern file, ready to search folded text with."""

    lang: str
    category: Category
    certainty: Certainty
    kind: AbuseKind | None
    why: str
    rule: str
    regex: re.Pattern[str]
    needs: tuple[frozenset[str], ...]  # of each set, at least one word is in any text that matches
    negation: frozenset[str]
    kinds: tuple[tuple[AbuseKind, frozenset[str]], ...] = ()  # which group words tell the kind of abuse

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where folded `text` matches and no negation takes it back."""
        for match in self.regex.finditer(text):
            if not self._negated(match):
                yield match.span()

    def _negated(self, match: re.Match[str]) -> bool:
        start = match.start()
        before = _BREAK.split(match.string[max(0, start - _WINDOW) : start])[-1]
        words = set(_BEFORE.findall(before)[-_WORDS_BEFORE:])
        for gap in match.groups():
            words.update(_BEFORE.findall(gap or ""))
        return not self.negation.isdisjoint(words)

    def kind_in(self, stretch: str) -> AbuseKind | None:
        """The kind of abuse that the folded words of a match tell."""
        words = set(_BEFORE.findall(stretch))
        return next((kind for kind, group in self.kinds if not group.isdisjoint(words)), self.kind)


class PatternIndex:
    """The patterns of each language, found by the rarest word that a text must have."""

    def __init__(self, patterns: Iterable[Pattern], common: frozenset[str]) -> None:
        self._always: dict[str, list[Pattern]] = defaultdict(list)
        self._by_word: dict[str, dict[str, list[Pattern]]] = defaultdict(lambda: defaultdict(list))
        for pattern in patterns:
            if pattern.needs:
                rarest = min(pattern.needs, key=lambda need: (len(need & common), len(need)))
                for word in rarest:
                    self._by_word[pattern.lang][word].append(pattern)
            else:
                self._always[pattern.lang].append(pattern)

    def candidates(self, lang: str, words: set[str]) -> Iterator[Pattern]:
        """The patterns of a language that a text with these folded words may match, each once."""
        yield from self._always.get(lang, ())
        by_word = self._by_word.get(lang)
        if by_word is None:
            return
        seen: set[int] = set()
        for word in words & by_word.keys():
            for pattern in by_word[word]:
                if id(pattern) not in seen:
                    seen.add(id(pattern))
                    if all(not need.isdisjoint(words) for need in pattern.needs):
                        yield pattern


class PatternFile:
    """Reads one pattern file: classes of words in angle brackets, and lines of `category | why | words`."""

    def __init__(self, path: Path, name: str, negation: frozenset[str]) -> None:
        self._path, self._name, self._negation = path, name, negation
        self._lang = path.stem
        self._classes: dict[str, tuple[str, ...]] = {}

    def read(self) -> Iterator[Pattern]:
        """The file's patterns. Raises PolicyTrouble."""
        for number, line in read_lines(self._path, self._name):
            if line.startswith("<") and (match := _CLASS.fullmatch(line)):
                self._classes[match["name"]] = tuple(self._words(match["words"], number))
            elif match := _LINE.fullmatch(line):
                yield self._pattern(match, number)
            else:
                raise self._trouble(f"“{line[:60]}” is neither <class> = words nor category | why | pattern.", number)

    def _trouble(self, problem: str, number: int) -> PolicyTrouble:
        return PolicyTrouble(problem, file=self._name, line=number)

    def _words(self, text: str, number: int) -> Iterator[str]:
        for word in filter(None, (part.strip() for part in text.split(","))):
            if word.startswith("<"):
                yield from self._class(word.strip("<>"), number)
            else:
                yield word

    def _class(self, name: str, number: int) -> tuple[str, ...]:
        if name not in self._classes:
            raise self._trouble(f"<{name}> is not defined above this line.", number)
        return self._classes[name]

    def _pattern(self, match: re.Match[str], number: int) -> Pattern:
        try:
            category = Category(match["category"])
        except ValueError as error:
            raise self._trouble(f"“{match['category']}” is not a category.", number) from error
        regex, needs = self._compile(match["form"].strip(), number)
        why = match["why"].strip()
        return Pattern(
            self._lang,
            category,
            Certainty.SUGGESTED if match["sign"] else Certainty.CERTAIN,
            kind_of(match["kind"], self._name, number),
            why,
            f"{self._lang}/{category}/{why}",
            regex,
            needs,
            self._negation,
            self._kinds(),
        )

    def _kinds(self) -> tuple[tuple[AbuseKind, frozenset[str]], ...]:
        return tuple((kind, _first_words(self._classes[kind])) for kind in AbuseKind if kind in self._classes)

    def _compile(self, form: str, number: int) -> tuple[re.Pattern[str], tuple[frozenset[str], ...]]:
        parts = list(_PART.finditer(form))
        left = _PART.sub("", form).strip()
        if left or not parts or parts[-1]["gap"] or parts[-1]["maybe"] or parts[-1]["also"]:
            raise self._trouble(f"“{form[:60]}” is not a pattern that ends with a word.", number)
        needs: list[frozenset[str]] = []
        built = [self._part(part, number, needs) for part in parts]
        return re.compile(r"(?<![\w'])" + "".join(built).removesuffix(_BETWEEN)), tuple(needs)

    def _part(self, part: re.Match[str], number: int, needs: list[frozenset[str]]) -> str:
        if part["gap"]:
            return rf"((?:[\w']+{_BETWEEN}){{0,{part['gap']}}}?)"
        words = self._choices(part, number)
        choice = "(?:" + "|".join(map(_word, sorted(words, key=len, reverse=True))) + r")(?:'s?)?(?![\w'])"
        if part["maybe"] or part["also"]:
            return f"(?:{choice}{_BETWEEN})?"
        if not any("*" in word for word in words):
            needs.append(_first_words(words))
        return choice + _BETWEEN

    def _choices(self, part: re.Match[str], number: int) -> tuple[str, ...]:
        if part["cls"]:
            return self._class(part["cls"], number)
        if not part["alt"]:
            return (part["word"],)
        return tuple(self._words(part["alt"].replace("|", ","), number))


def _word(text: str) -> str:
    """A word or phrase as a regular expression; a star stands for any ending."""
    pieces = [fold_word(piece) for piece in text.rstrip("*").split()]
    return _BETWEEN.join(map(re.escape, pieces)) + (r"\w{0,12}" if text.endswith("*") else "")


def _first_words(words: tuple[str, ...]) -> frozenset[str]:
    first = {fold_word(word.split()[0]) for word in words}
    return frozenset(first | {f"{word}'s" for word in first} | {f"{word}'" for word in first})
