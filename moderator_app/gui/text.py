"""Words from servers and readers made safe to set: plain labels, isolated directions, short ages."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QWidget

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
# What changes the direction or cannot be seen has no business in a name or a title; nor has U+FFFE, at which Qt would
# swap the bytes of the whole text.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff]"
)
_LONGEST_LABEL = 500  # code points

RTL_LANGS = frozenset({"ar", "ckb", "fa", "he", "ur"})


class PlainLabel(QLabel):
    """A label that shows its text as it stands and never reads markup or a mnemonic from it."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wraps: bool = False) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self._align()
        self.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()
        super().changeEvent(event)

    def _align(self) -> None:
        """Stand at the reading edge of the layout; Qt would go by the direction of the words."""
        if not self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            edge = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
            self.setAlignment(edge | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)


def one_line(text: str) -> str:
    """A server's name or title for one place in the window: visible characters only, of bounded length."""
    return _UNSEEN.sub(" ", text[:_LONGEST_LABEL]).strip()


def isolated(text: str) -> str:
    """Text whose direction does not spill over into the sentence around it."""
    return f"{_FIRST_STRONG_ISOLATE}{one_line(text)}{_POP_ISOLATE}"


def plain_tooltip(text: str) -> str:
    """Text for a tooltip, which Qt would otherwise read as markup when it looks like it."""
    return f"<span>{html.escape(text)}</span>"


def escaped_mnemonic(text: str) -> str:
    """Text for a button or menu, where Qt would read "&" as a mnemonic."""
    return one_line(text).replace("&", "&&")


def direction_of(lang: str) -> Qt.LayoutDirection:
    """How a text in this language runs."""
    is_rtl = lang.partition("-")[0] in RTL_LANGS
    return Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight


def direction_of_text(text: str) -> Qt.LayoutDirection:
    """How a text runs by its first letter that has a direction."""
    for char in text:
        match unicodedata.bidirectional(char):
            case "L":
                break
            case "R" | "AL":
                return Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight


def draw_line(painter: QPainter, box: QRect, words: str, *, is_rtl: bool) -> None:
    """Draw one line at the reading edge of a box; within it the words run as their own letters do."""
    painter.setLayoutDirection(direction_of_text(words))
    edge = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, edge | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, words)


def age(then: datetime | None, now: datetime | None = None) -> str:
    """How long ago, in one short word: "now", "5 min", "3 h", "2 d", "1 y"; "" when that is not known."""
    if then is None:
        return ""
    seconds = ((now or datetime.now(UTC)) - then).total_seconds()
    for unit, length in (("y", 31_557_600), ("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return "now"


def moment(then: datetime | None) -> str:
    """Date and time of day in the local zone, as news sites write them; "" when that is not known."""
    if then is None or not 1 < then.year < 9999:  # beyond these a zone cannot be reckoned with
        return ""
    local = then.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


_LANG_NAMES = {"en": "English", "ckb": "Sorani", "kmr": "Kurmanji", "ku": "Kurmanji", "ar": "Arabic", "tr": "Turkish"}


def lang_name(lang: str) -> str:
    """The English name of a language of the desk, or its code."""
    return _LANG_NAMES.get(lang, lang or "unknown")
