"""A comment's text made ready for Qt: hidden characters visible, violations as stretches, positions in UTF-16."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QTextCharFormat

from moderator_app.gui.theme import Theme
from moderator_app.model import Category, Violation

MOST_MARKS_ON_A_LETTER = 4  # combining marks beyond these would cover the lines around

_BY_SEVERITY = (  # the least severe first, so that those after it cover it
    Category.PERSONAL_PROMOTION,
    Category.COMMERCIAL_PROMOTION,
    Category.VULGARITY,
    Category.PROFANITY,
    Category.PERSONAL_ATTACK,
    Category.ABUSE,
    Category.THREAT,
)

# What is shown in place of a character that cannot be seen or that turns the direction of what follows. One for one, so
# that every position stays where it was.
_TURNS = {
    "\u061c": "←", "\u200e": "→", "\u200f": "←", "\u202a": "⇉", "\u202b": "⇇", "\u202c": "⇕", "\u202d": "⇒",
    "\u202e": "⇐", "\u2066": "⇉", "\u2067": "⇇", "\u2068": "⇆", "\u2069": "⇕",
}  # fmt: skip
# The rest of Unicode's Default_Ignorable_Code_Point and of its format controls; sign for sign they leave no trace.
_UNSEEN = (
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = {chr(code): chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
_CONTROLS |= {"\x7f": "␡", **{chr(code): "�" for code in range(0x80, 0xA0)}}
# Qt would break the line at these, or keep them for itself; U+FFFE would make it swap the bytes of all that follows.
_BREAKS = {"\u2028": "↵", "\u2029": "¶", "\ufffc": "�", "\ufffe": "�", "\uffff": "�"}
_BREAKS |= {chr(code): "�" for code in range(0xFDD0, 0xFDF0)}
_SHOWN = _TURNS | _CONTROLS | _BREAKS
_JOINERS = "\u200c\u200d"  # honest in Kurdish, Persian and emoji; anywhere else they hide something
_SELECTORS = "\ufe00-\ufe0f"  # honest after the character whose look they choose

_ODD = re.compile("[" + "".join(map(re.escape, _SHOWN)) + _UNSEEN + _JOINERS + _SELECTORS + "]")
_HONEST_SELECTOR = re.compile(f"[^{_SELECTORS}\\s]")
_OPEN_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e007a]{0,6}$")  # a region's flag is spelled in unseen letters
_COMBINING = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0730-\u074a\u0900-\u0903"
    "\u093a-\u094f\u0e31-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_MARK_RUN = re.compile(f"[{_COMBINING}]{{{MOST_MARKS_ON_A_LETTER + 1},}}")
_HIDDEN = 255  # a rank that no category has
_RUN = re.compile(rb"(.)\1*", re.DOTALL)  # of equal bytes
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as it is shown: as many code points as the original, with `hidden` ones replaced by visible signs."""

    text: str
    hidden: tuple[int, ...]  # positions in the original, in order


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of text that is set alike; `category` is the most severe one found on it."""

    start: int
    end: int
    category: Category | None = None
    is_hidden: bool = False


def shown(text: str, start: int = 0, end: int | None = None) -> Shown:
    """A piece of a text, or all of it, with every hidden character visible, one for one."""
    end = len(text) if end is None else min(end, len(text))
    odd = ((match.start(), match.group()) for match in _ODD.finditer(text, start, end))
    replaced = {at: _SHOWN.get(char, "◦") for at, char in odd if not _is_honest(text, at)}
    for run in _MARK_RUN.finditer(text, max(0, start - MOST_MARKS_ON_A_LETTER), end):
        replaced.update((at, "◦") for at in range(max(start, run.start() + MOST_MARKS_ON_A_LETTER), run.end()))
    if not replaced:
        return Shown(text[start:end], ())
    letters = list(text[start:end])
    for at, sign in replaced.items():
        letters[at - start] = sign
    return Shown("".join(letters), tuple(sorted(replaced)))


def _is_honest(text: str, at: int) -> bool:
    """Whether a character that is not seen stands where writing needs it."""
    char = text[at]
    if char in _JOINERS:
        return _joins_honestly(text, at)
    if "\ufe00" <= char <= "\ufe0f":
        return _HONEST_SELECTOR.match(text[at - 1 : at]) is not None
    if "\U000e0030" <= char <= "\U000e007f":
        return _OPEN_FLAG.search(text[max(0, at - 7) : at]) is not None
    return False


def _joins_honestly(text: str, at: int) -> bool:
    """Whether a joiner stands where writing needs it: after a letter of a joining script, or within an emoji."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not before or not after:
        return False
    if text[at] == "\u200d" and unicodedata.category(after) == "So":
        return True
    return unicodedata.bidirectional(before) in ("AL", "NSM") or "\u0900" <= before <= "\u0dff"


def stretches(start: int, end: int, violations: Iterable[Violation], hidden: Iterable[int] = ()) -> list[Stretch]:
    """Cut the code points from `start` to `end` where their setting changes; what is outside of them is clipped.

    The work grows with the number of violations and the length of the piece, never with their product.
    """
    cells = _most_severe(start, end, violations)
    for at in hidden:
        if start <= at < end:
            cells[at - start] = _HIDDEN
    found, at = [], start
    for run in _RUN.finditer(cells):
        cell, length = cells[run.start()], run.end() - run.start()
        category = _BY_SEVERITY[cell - 1] if 0 < cell < _HIDDEN else None
        found.append(Stretch(at, at + length, category, cell == _HIDDEN))
        at += length
    return found


def _most_severe(start: int, end: int, violations: Iterable[Violation]) -> bytearray:
    """For each code point the rank of the most severe violation on it, from 1; 0 for none."""
    by_category: dict[Category, list[tuple[int, int]]] = {category: [] for category in _BY_SEVERITY}
    for each in violations:
        by_category[each.category].append((max(each.start, start), min(each.end, end)))
    cells = bytearray(max(0, end - start))
    for rank, category in enumerate(_BY_SEVERITY, start=1):
        reached = start
        for first, last in sorted(by_category[category]):
            first = max(first, reached)
            if first < last:
                cells[first - start : last - start] = bytes([rank]) * (last - first)
                reached = last
    return cells


def letters(start: int, end: int, violations: Iterable[Violation]) -> list[tuple[int, Violation]]:
    """Where letters stand in a piece of a text, in order: at each place the most severe violation that begins there."""
    at = {max(0, each.start): each for each in sorted(violations, key=lambda each: _BY_SEVERITY.index(each.category))}
    return sorted(((place, each) for place, each in at.items() if start <= place < end), key=lambda found: found[0])


@lru_cache(maxsize=8)
def holds_astral(text: str) -> bool:
    """Whether a text has characters that take two positions; asked again and again for the one that is shown."""
    return not text.isascii() and _ASTRAL.search(text) is not None


def utf16_length(text: str) -> int:
    """How many positions a text takes in a Qt document."""
    return len(text) + (len(_ASTRAL.findall(text)) if _ASTRAL.search(text) else 0)


def to_utf16(text: str, index: int) -> int:
    """The Qt position of a code point's index."""
    if not holds_astral(text):
        return min(index, len(text))
    return utf16_length(text[:index])


def from_utf16(text: str, position: int) -> int:
    """The index of the code point at a Qt position."""
    if not holds_astral(text):
        return position
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * position].decode("utf-16-le", "ignore"))


class Formats:
    """The character formats of one theme, made once."""

    def __init__(self, theme: Theme) -> None:
        self.plain = QTextCharFormat()
        self.plain.setForeground(QColor(theme.text))
        self._hidden = QTextCharFormat(self.plain)
        self._hidden.setForeground(QColor(theme.on_warning))
        self._hidden.setBackground(QColor(theme.warning))
        self._marks = {category: self._mark(theme, category) for category in Category}

    def of(self, stretch: Stretch) -> QTextCharFormat:
        """How to set a stretch."""
        if stretch.is_hidden:
            return self._hidden
        return self.plain if stretch.category is None else self._marks[stretch.category]

    def _mark(self, theme: Theme, category: Category) -> QTextCharFormat:
        mark = theme.marks[category]
        made = QTextCharFormat(self.plain)
        made.setBackground(QColor(mark.fill))
        made.setUnderlineStyle(mark.underline)
        made.setUnderlineColor(QColor(mark.stroke))
        return made
