"""The few questions that stop the work: closing with decisions that wait, and opening a page outside."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_close(parent: QWidget, waiting: int) -> bool:
    """Ask whether to close although decisions wait; they are sent at the next start."""
    noun = "decision is" if waiting == 1 else "decisions are"
    box = _box(parent, "Close?", f"{waiting:,} {noun} waiting to be sent.")
    box.setInformativeText("They are saved on this computer and are sent when the program is started next.")
    close = box.addButton("Close", QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.exec()
    return box.clickedButton() is close


def ask_open(parent: QWidget, url: str, host: str) -> None:
    """Open an address in the browser after a question that shows its host."""
    box = _box(parent, "Open in the browser?", f"This opens a page of {host} in your browser.")
    box.setStandardButtons(QMessageBox.StandardButton.Open | QMessageBox.StandardButton.Cancel)
    if box.exec() == QMessageBox.StandardButton.Open:
        QDesktopServices.openUrl(QUrl(url, QUrl.ParsingMode.StrictMode))


def _box(parent: QWidget, title: str, words: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(words)
    return box
