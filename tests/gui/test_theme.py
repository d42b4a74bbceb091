"""The colours can be read: contrasts by the formula of WCAG 2, in light and dark."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from moderator_app.gui.theme import DARK, LIGHT, Theme, apply_theme, chosen_theme
from moderator_app.model import Category

THEMES = [LIGHT, DARK]
READABLE, VISIBLE = 4.5, 3.0  # WCAG 2.2, criteria 1.4.3 and 1.4.11


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB" (WCAG 2.2, definition)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula() -> None:
    """Black on white has 21 to 1, and a known grey its known contrast."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_words_can_be_read(theme: Theme) -> None:
    """Words and faint words stand out from everything that they stand on."""
    for ground in (theme.page, theme.chrome, theme.raised, theme.accent_soft):
        assert contrast(theme.text, ground) >= READABLE
        assert contrast(theme.faint, ground) >= READABLE
    assert contrast(theme.text, theme.warning) >= READABLE
    assert contrast(theme.on_warning, theme.warning) >= READABLE


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_buttons_can_be_read(theme: Theme) -> None:
    """The words on coloured buttons stand out, and the buttons and the focus from what is around them."""
    for words, ground in (
        (theme.on_approve, theme.approve),
        (theme.on_reject, theme.reject),
        (theme.on_accent, theme.accent),
    ):
        assert contrast(words, ground) >= READABLE
    for edge in (theme.approve, theme.reject, theme.accent):
        assert contrast(edge, theme.chrome) >= VISIBLE


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_marks_can_be_read(theme: Theme, category: Category) -> None:
    """On every mark the words can be read, its line stands out, and so does its letter."""
    mark = theme.marks[category]
    assert contrast(theme.text, mark.fill) >= READABLE
    assert contrast(mark.stroke, mark.fill) >= VISIBLE
    assert contrast(theme.page, mark.stroke) >= VISIBLE


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_no_two_marks_are_the_same(theme: Theme) -> None:
    """Each guideline has its own letter and its own pair of line and fill."""
    marks = list(theme.marks.values())
    assert len({mark.letter for mark in marks}) == len(marks) == len(Category)
    assert len({mark.fill for mark in marks}) == len({(mark.stroke, mark.underline) for mark in marks}) == len(marks)


def test_the_setting_chooses(qapp: QApplication) -> None:
    """A setting gives its theme, and the program takes its colours."""
    assert chosen_theme("dark") is DARK
    assert chosen_theme("light") is LIGHT
    assert chosen_theme("system") in (LIGHT, DARK)
    apply_theme(qapp, DARK)
    assert qapp.palette().base().color().name().upper() == DARK.page
    assert DARK.approve in qapp.styleSheet()
