"""What this program is, its version and its licence."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QMessageBox, QWidget

from moderator_app import __version__


def show_about(parent: QWidget) -> None:
    """Show the version of the program and of what it stands on."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle("About")
    box.setText(f"moderator_app {__version__}")
    box.setInformativeText(
        "Read every comment before it is published.\n\n"
        "Licence: Apache-2.0. Qt is used under the LGPL, version 3.\n"
        f"Python {platform.python_version()}, PySide {PySide6.__version__}, Qt {qVersion()}"
    )
    box.exec()
