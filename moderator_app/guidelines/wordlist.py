"""The word lists that editors write: one word or phrase a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from moderator_app.errors import PolicyTrouble
from moderator_app.guidelines.fold import fold_word
from moderator_app.model import AbuseKind, Category, Certainty

_ENTRY = re.compile(r"(?P<signs>[?=-]*)\s*(?P<words>[^\[\]*]+?)(?P<endings>\*?)\s*(?:\[(?P<kind>[^\]]*)\])?")
_FILE = re.compile(r"(?P<lang>[a-z]{2,3})-(?P<category>[a-z_]+)\.txt")
_LONGEST = 80  # code points of one entry


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a word list."""

    lang: str
    category: Category
    written: str  # as the editor wrote it
    keys: tuple[str, ...]  # its words, folded
    certainty: Certainty
    kind: AbuseKind | None = None
    endings: bool = False  # takes the language's endings (and prefixes)
    exact: bool = False  # only as written: no disguise is undone
    exceptions: tuple[tuple[str, ...], ...] = ()  # folded word sequences in which it is harmless

    @property
    def rule(self) -> str:
        """The rule's name in a violation."""
        return f"{self.lang}/{self.category}/{self.written}"


@dataclass(frozen=True, slots=True)
class Removal:
    """A line of a publisher's list that takes an entry out."""

    lang: str
    category: Category
    keys: tuple[str, ...]


def words_of(text: str) -> tuple[str, ...]:
    """A phrase as folded words, split as comments are split."""
    return tuple(re.findall(r"[\w']+", fold_word(text)))


def read_lines(path: Path, name: str) -> Iterator[tuple[int, str]]:
    """The lines of a text file that say something, with their numbers from 1. Raises PolicyTrouble."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PolicyTrouble("The file cannot be read.", file=name) from error
    except UnicodeDecodeError as error:
        place = error.object.count(b"\n", 0, error.start) + 1
        raise PolicyTrouble("The file is not UTF-8 text.", file=name, line=place) from error
    for number, line in enumerate(text.splitlines(), 1):
        content = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if content:
            yield number, content


def read_words(path: Path, name: str) -> Iterator[Entry | Removal]:
    """The entries of one word list, whose file name says language and category. Raises PolicyTrouble."""
    lang, category = _of_name(path, name)
    seen: dict[tuple[str, ...], int] = {}
    for number, line in read_lines(path, name):
        item = _entry(line, lang, category, name, number)
        first = seen.setdefault(item.keys, number)
        if first != number:
            raise PolicyTrouble(f"“{line}” is already in line {first}.", file=name, line=number)
        yield item


def _of_name(path: Path, name: str) -> tuple[str, Category]:
    match = _FILE.fullmatch(path.name)
    if not match:
        raise PolicyTrouble("A word list is named language-category.txt, such as en-profanity.txt.", file=name)
    try:
        return match["lang"], Category(match["category"])
    except ValueError as error:
        raise PolicyTrouble(f"“{match['category']}” is not a category.", file=name) from error


def _entry(line: str, lang: str, category: Category, name: str, number: int) -> Entry | Removal:
    head, _, exceptions = line.partition("except:")
    match = _ENTRY.fullmatch(head.strip())
    keys = words_of(match["words"]) if match else ()
    if not match or not keys or len(line) > _LONGEST * 4 or len(match["words"]) > _LONGEST:
        raise PolicyTrouble(
            f"“{line[:_LONGEST]}” is not an entry; write a word or phrase, such as: ? word*", file=name, line=number
        )
    if "-" in match["signs"]:
        return Removal(lang, category, keys)
    return Entry(
        lang,
        category,
        match["words"].strip(),
        keys,
        Certainty.SUGGESTED if "?" in match["signs"] else Certainty.CERTAIN,
        kind_of(match["kind"], name, number),
        bool(match["endings"]),
        "=" in match["signs"],
        tuple(filter(None, (words_of(phrase) for phrase in exceptions.split(",")))),
    )


def kind_of(text: str | None, name: str, number: int) -> AbuseKind | None:
    """The kind of abuse in square brackets. Raises PolicyTrouble."""
    if not text:
        return None
    try:
        return AbuseKind(text.strip())
    except ValueError as error:
        known = ", ".join(AbuseKind)
        raise PolicyTrouble(f"“{text}” is not a kind of abuse ({known}).", file=name, line=number) from error
