"""The colours, the typeface and the direction of the window, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from moderator_app.gui.marks import Mark
    from moderator_app.model import Category

FONTS = ["Noto Sans", "Noto Sans Arabic", "Segoe UI", "SF Pro Text", "DejaVu Sans"]


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one appearance, as "#RRGGBB"."""

    name: str
    page: str
    chrome: str
    raised: str
    line: str
    text: str
    faint: str
    accent: str
    on_accent: str
    accent_soft: str
    approve: str
    on_approve: str
    reject: str
    on_reject: str
    warning: str
    on_warning: str

    @property
    def marks(self) -> Mapping[Category, Mark]:
        """How each guideline is marked."""
        from moderator_app.gui.marks import MARKS  # the first frame does without

        return MARKS[self.name]


LIGHT = Theme(
    name="light",
    page="#FFFFFF",
    chrome="#F3F4F6",
    raised="#FFFFFF",
    line="#D5D8DD",
    text="#1A1A1A",
    faint="#5F6368",
    accent="#0B57D0",
    on_accent="#FFFFFF",
    accent_soft="#E3ECFB",
    approve="#1B6E3C",
    on_approve="#FFFFFF",
    reject="#B3261E",
    on_reject="#FFFFFF",
    warning="#FFF1C9",
    on_warning="#4A3500",
)
DARK = Theme(
    name="dark",
    page="#1E1E1E",
    chrome="#161718",
    raised="#242526",
    line="#3A3C3F",
    text="#F2F2F2",
    faint="#BDC1C6",
    accent="#A8C7FA",
    on_accent="#0A1B36",
    accent_soft="#24364F",
    approve="#7FD6A0",
    on_approve="#0B1F12",
    reject="#FFB4AB",
    on_reject="#2A0B09",
    warning="#3D3113",
    on_warning="#FFE7A8",
)


def chosen_theme(setting: str) -> Theme:
    """The theme for a setting of "light", "dark" or "system"; where the system does not say, light."""
    if setting == "system":
        is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if is_dark else LIGHT
    return DARK if setting == "dark" else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program this theme; Fusion looks the same everywhere and heeds the palette."""
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    app.setStyleSheet(_sheet(theme))


def apply_direction(setting: str) -> None:
    """Lay the whole program out for a setting of "ltr", "rtl" or "auto", which leaves it to Qt."""
    if setting != "auto":
        is_rtl = setting == "rtl"
        direction = Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight
        QGuiApplication.setLayoutDirection(direction)


def base_font(points: float, *, bold: bool = False) -> QFont:
    """The program's typeface; families are tried in turn for each letter."""
    font = QFont()
    font.setFamilies(FONTS)
    font.setPointSizeF(points)
    font.setBold(bold)
    return font


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.chrome,
        role.WindowText: theme.text,
        role.Base: theme.page,
        role.AlternateBase: theme.chrome,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.reject,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.faint,
        role.Mid: theme.line,
        role.Midlight: theme.line,
        role.Light: theme.raised,
        role.Dark: theme.line,
        role.Accent: theme.accent,
    }
    for each, colour in colours.items():
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.faint))
    return palette


def _sheet(theme: Theme) -> str:
    """The few things that a palette cannot say."""
    return f"""
    QToolTip {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.line}; padding: 4px; }}
    QSplitter::handle {{ background: {theme.line}; }}
    QLabel[faint="true"] {{ color: {theme.faint}; }}
    QLabel[trouble="true"] {{ color: {theme.reject}; font-weight: 600; }}
    QLabel[notice="true"] {{ background: {theme.warning}; color: {theme.on_warning}; padding: 4px 8px;
        border-radius: 4px; }}
    QLabel[switch="true"] {{ background: {theme.accent_soft}; color: {theme.text}; padding: 4px 8px;
        border-radius: 4px; font-weight: 600; }}
    QFrame[card="true"] {{ background: {theme.page}; }}
    QFrame[quote="true"] {{ border: 0; border-left: 3px solid {theme.line}; background: {theme.chrome}; }}
    QFrame[bar="true"] {{ background: {theme.chrome}; border: 0; border-top: 1px solid {theme.line}; }}
    QFrame[undo="filled"] {{ background: {theme.accent_soft}; border: 0; }}
    QFrame[undo="empty"] {{ background: {theme.page}; border: 0; }}
    QFrame[warning="true"] {{ background: {theme.warning}; border: 0; }}
    QFrame[warning="true"] QLabel {{ color: {theme.on_warning}; }}
    QPushButton {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.line};
        border-radius: 6px; padding: 5px 12px; }}
    QPushButton:hover {{ border-color: {theme.accent}; }}
    QPushButton:focus {{ border: 2px solid {theme.accent}; padding: 4px 11px; }}
    QPushButton:disabled {{ color: {theme.faint}; background: {theme.chrome}; }}
    QPushButton:checked {{ background: {theme.accent_soft}; border-color: {theme.accent}; }}
    QPushButton[verdict="approve"]:enabled {{ background: {theme.approve}; color: {theme.on_approve};
        border-color: {theme.approve}; font-weight: 600; }}
    QPushButton[verdict="reject"]:enabled {{ background: {theme.reject}; color: {theme.on_reject};
        border-color: {theme.reject}; font-weight: 600; }}
    QPushButton[primary="true"]:enabled {{ background: {theme.accent}; color: {theme.on_accent};
        border-color: {theme.accent}; font-weight: 600; }}
    QPushButton[primary="true"]:focus, QPushButton[verdict]:focus {{ border: 2px solid {theme.text};
        padding: 4px 11px; }}
    QLineEdit {{ background: {theme.page}; color: {theme.text}; border: 1px solid {theme.line};
        border-radius: 6px; padding: 4px 8px; min-height: 20px; }}
    QLineEdit:focus {{ border: 2px solid {theme.accent}; padding: 3px 7px; }}
    QStatusBar {{ background: {theme.chrome}; border-top: 1px solid {theme.line}; }}
    QStatusBar::item {{ border: 0; }}
    """
