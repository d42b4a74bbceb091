"""A comment's text made ready for Qt: hidden characters visible, violations as stretches, positions in UTF-16."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtGui import QColor, QTextCharFormat

from moderator_app.gui.theme import Theme
from moderator_app.model import Category, Violation

MOST_MARKS_ON_A_LETTER = 4  # combining marks beyond these would cover the lines around

_SEVERITY = {
    category: rank
    for rank, category in enumerate(
        (
            Category.THREAT,
            Category.ABUSE,
            Category.PERSONAL_ATTACK,
            Category.PROFANITY,
            Category.VULGARITY,
            Category.COMMERCIAL_PROMOTION,
            Category.PERSONAL_PROMOTION,
        )
    )
}

# What is shown in place of a character that cannot be seen or that turns the direction of what follows. One for one, so
# that every position stays where it was.
_TURNS = {
    "\u061c": "←", "\u200e": "→", "\u200f": "←", "\u202a": "⇉", "\u202b": "⇇", "\u202c": "⇕", "\u202d": "⇒",
    "\u202e": "⇐", "\u2066": "⇉", "\u2067": "⇇", "\u2068": "⇆", "\u2069": "⇕",
}  # fmt: skip
_UNSEEN = dict.fromkeys(
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0", "◦"
)
_CONTROLS = {chr(code): chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
_CONTROLS |= {"\x7f": "␡", **{chr(code): "�" for code in range(0x80, 0xA0)}}
# Qt would break the line at these, or keep them for itself.
_BREAKS = {"\u2028": "↵", "\u2029": "¶", "\ufdd0": "�", "\ufdd1": "�", "\ufffc": "�"}
_SHOWN = _TURNS | _UNSEEN | _CONTROLS | _BREAKS
_JOINERS = "\u200c\u200d"  # honest in Kurdish, Persian and emoji; anywhere else they hide something

_ODD = re.compile("[" + "".join(map(re.escape, _SHOWN)) + _JOINERS + "]")
_COMBINING = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0730-\u074a\u0900-\u0903"
    "\u093a-\u094f\u0e31-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_MARK_RUN = re.compile(f"[{_COMBINING}]{{{MOST_MARKS_ON_A_LETTER + 1},}}")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as it is shown: as many code points as the original, with `hidden` ones replaced by visible signs."""

    text: str
    hidden: tuple[int, ...]  # positions, in order


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of text that is set alike; `violation` is the most severe one on it."""

    start: int
    end: int
    violation: Violation | None = None
    is_hidden: bool = False


def shown(text: str) -> Shown:
    """The text with every hidden character visible, one for one."""
    hidden = {match.start(): match.group() for match in _ODD.finditer(text)}
    hidden = {at: char for at, char in hidden.items() if char not in _JOINERS or not _joins_honestly(text, at)}
    replaced = {at: _SHOWN.get(char, "◦") for at, char in hidden.items()}
    for run in _MARK_RUN.finditer(text):
        replaced.update((at, "◦") for at in range(run.start() + MOST_MARKS_ON_A_LETTER, run.end()))
    if not replaced:
        return Shown(text, ())
    letters = list(text)
    for at, sign in replaced.items():
        letters[at] = sign
    return Shown("".join(letters), tuple(sorted(replaced)))


def _joins_honestly(text: str, at: int) -> bool:
    """Whether a joiner stands where writing needs it: after a letter of a joining script, or within an emoji."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not before or not after:
        return False
    if text[at] == "\u200d" and unicodedata.category(after) == "So":
        return True
    return unicodedata.bidirectional(before) in ("AL", "NSM") or "\u0900" <= before <= "\u0dff"


def stretches(length: int, violations: Iterable[Violation], hidden: Sequence[int]) -> list[Stretch]:
    """Cut a text of so many code points where its setting changes; violations outside of it are clipped."""
    inside = [violation for violation in violations if 0 <= violation.start < min(violation.end, length)]
    edges = {0, length}
    for violation in inside:
        edges.update((violation.start, min(violation.end, length)))
    for at in hidden:
        edges.update((at, at + 1))
    cuts = sorted(edge for edge in edges if edge <= length)
    over = _most_severe(inside, cuts)
    signs = set(hidden)
    return [Stretch(start, end, over.get(start), start in signs) for start, end in pairwise(cuts)]


def _most_severe(violations: Sequence[Violation], cuts: Sequence[int]) -> dict[int, Violation]:
    """For each cut, the most severe violation that lies over what follows it."""
    over: dict[int, Violation] = {}
    for violation in sorted(violations, key=lambda each: _SEVERITY[each.category], reverse=True):
        at = bisect_left(cuts, violation.start)
        while at < len(cuts) and cuts[at] < violation.end:
            over[cuts[at]] = violation
            at += 1
    return over


def utf16_length(text: str) -> int:
    """How many positions a text takes in a Qt document."""
    return len(text) + (len(_ASTRAL.findall(text)) if _ASTRAL.search(text) else 0)


def to_utf16(text: str, index: int) -> int:
    """The Qt position of a code point's index."""
    return utf16_length(text[:index])


def from_utf16(text: str, position: int) -> int:
    """The index of the code point at a Qt position."""
    if not _ASTRAL.search(text):
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
        if stretch.violation is None:
            return self.plain
        return self._marks[stretch.violation.category]

    def _mark(self, theme: Theme, category: Category) -> QTextCharFormat:
        mark = theme.marks[category]
        made = QTextCharFormat(self.plain)
        made.setBackground(QColor(mark.fill))
        made.setUnderlineStyle(mark.underline)
        made.setUnderlineColor(QColor(mark.stroke))
        return made
