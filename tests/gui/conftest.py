"""What the tests of the window share: no screen is needed, and every desk and window is closed."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.bench import OpenDesk

MakeDesk = Callable[..., OpenDesk]


@pytest.fixture(autouse=True)
def _the_program_is_as_it_was(qapp: QApplication) -> Iterator[None]:
    sheet, palette, direction = qapp.styleSheet(), qapp.palette(), qapp.layoutDirection()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    QGuiApplication.setLayoutDirection(direction if direction is not None else Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def open_desk(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeDesk]:
    """Opens windows with a desk on a server in memory; all are closed at the end."""
    opened: list[OpenDesk] = []

    def make(*arguments: object, **options: object) -> OpenDesk:
        made = OpenDesk(qtbot, tmp_path / f"desk{len(opened)}", *arguments, **options)  # type: ignore[arg-type]
        opened.append(made)
        return made

    yield make
    for each in opened:
        each.close()
