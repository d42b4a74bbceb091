"""What a person chooses of the window's looks: colours, direction and text size; remembered and applied at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from moderator_app.gui.theme import Theme, apply_direction, apply_theme, chosen_theme
from moderator_app.settings import TEXT_SIZES, THEMES, SettingsFile

_NORMAL = 100  # per cent
_DIRECTIONS = (("ltr", "Left to right"), ("rtl", "Right to left"))


class Appearance(QObject):
    """Applies the choices to the whole program and tells those that paint for themselves."""

    themed = Signal(object)  # the Theme that holds now
    resized = Signal(int)  # the text size that holds now, in per cent

    def __init__(self, app: QApplication, settings: SettingsFile) -> None:
        super().__init__()
        self._app, self._settings = app, settings

    @property
    def theme(self) -> Theme:
        """The colours that hold now."""
        return chosen_theme(self._settings.settings.theme)

    def begin(self) -> None:
        """Apply what was chosen before."""
        apply_theme(self._app, self.theme)
        apply_direction(self._settings.settings.direction)

    def follow_system(self) -> None:
        """Take over the system's colours when they change, if that was chosen."""
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: self._apply())

    def add_menus(self, menu: QMenu) -> None:
        """Offer the choices."""
        themes = menu.addMenu("Appearance")
        for theme in THEMES:
            themes.addAction(theme.capitalize(), partial(self._choose_theme, theme))
        directions = menu.addMenu("Direction")
        for direction, words in _DIRECTIONS:
            directions.addAction(words, partial(self._choose_direction, direction))

    def larger(self) -> None:
        """One step up."""
        self._resize(self._settings.settings.text_size + TEXT_SIZES.step)

    def smaller(self) -> None:
        """One step down."""
        self._resize(self._settings.settings.text_size - TEXT_SIZES.step)

    def normal_size(self) -> None:
        """Back to the size it began with."""
        self._resize(_NORMAL)

    def _resize(self, percent: int) -> None:
        if percent in TEXT_SIZES:
            self._settings.change(text_size=percent)
            self.resized.emit(percent)

    def _choose_theme(self, theme: str) -> None:
        self._settings.change(theme=theme)
        self._apply()

    def _choose_direction(self, direction: str) -> None:
        self._settings.change(direction=direction)
        apply_direction(direction)

    def _apply(self) -> None:
        apply_theme(self._app, self.theme)
        self.themed.emit(self.theme)
