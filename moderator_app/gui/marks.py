"""How each guideline is marked in a text: a colour, a line and a letter, so that none rests on colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QTextCharFormat

from moderator_app.model import Category

Underline = QTextCharFormat.UnderlineStyle


@dataclass(frozen=True, slots=True)
class Mark:
    """How a guideline is marked: a fill behind the text, a line under it in a stroke colour, and a letter."""

    letter: str
    fill: str
    stroke: str
    underline: Underline


_LETTERS = {
    Category.PROFANITY: ("P", Underline.DotLine),
    Category.THREAT: ("T", Underline.WaveUnderline),
    Category.PERSONAL_ATTACK: ("A", Underline.DashUnderline),
    Category.VULGARITY: ("V", Underline.DashDotLine),
    Category.ABUSE: ("H", Underline.SingleUnderline),
    Category.COMMERCIAL_PROMOTION: ("C", Underline.DashDotDotLine),
    Category.PERSONAL_PROMOTION: ("S", Underline.DotLine),
}

# Fill and stroke were chosen so that text on a fill has a contrast of 5 to 1 or more, a stroke on its fill 3 to 1 or
# more, and any two of them stay apart under protan, deutan and tritan sight (Machado et al. 2009).
_LIGHT = {
    Category.PROFANITY: ("#EFBE6B", "#825701"),
    Category.THREAT: ("#D098AE", "#430024"),
    Category.PERSONAL_ATTACK: ("#D4DEFE", "#0F2051"),
    Category.VULGARITY: ("#B893FE", "#7A107A"),
    Category.ABUSE: ("#F88571", "#5D2209"),
    Category.COMMERCIAL_PROMOTION: ("#65CCFA", "#0868BC"),
    Category.PERSONAL_PROMOTION: ("#9DEDC5", "#024342"),
}
_DARK = {
    Category.PROFANITY: ("#654302", "#F2A91D"),
    Category.THREAT: ("#8A4F54", "#FFE8EB"),
    Category.PERSONAL_ATTACK: ("#364C83", "#86A2FF"),
    Category.VULGARITY: ("#461E57", "#AE69CD"),
    Category.ABUSE: ("#562801", "#D76E2C"),
    Category.COMMERCIAL_PROMOTION: ("#2B6D82", "#14DAFF"),
    Category.PERSONAL_PROMOTION: ("#023D31", "#099B8B"),
}


def _marks(colours: dict[Category, tuple[str, str]]) -> dict[Category, Mark]:
    return {category: Mark(_LETTERS[category][0], *colours[category], _LETTERS[category][1]) for category in Category}


# By the name of the theme.
MARKS: Mapping[str, Mapping[Category, Mark]] = {"light": _marks(_LIGHT), "dark": _marks(_DARK)}
