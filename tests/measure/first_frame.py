"""From the start of the process to the first frame, against a bare main window's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.measure.measuring import QUICK_ROUNDS, Figure, command, figure, in_turns

PAIRS = 21
BARE = """
import os
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: os._exit(0))
app = QApplication([])
window = Window(); window.resize(1200, 800); window.show()
app.exec()
"""
# The command line as people start it; it ends where the program would go on after its first frame.
PRODUCT = """
import os, sys
from functools import partial
from moderator_app import app, cli
app.run = partial(app.run, after_first_frame=lambda: os._exit(0))
cli.main(["--data-dir", sys.argv[1]])
"""


def measure(is_quick: bool) -> list[Figure]:
    """Whole processes in pairs; both from compiled modules, as an installed program has them."""
    with TemporaryDirectory() as folder:
        fresh = iter(range(1000))
        bare = [sys.executable, "-c", BARE]

        def product() -> float:
            return timed([sys.executable, "-c", PRODUCT, str(Path(folder, f"data-{next(fresh)}"))], folder)

        product(), timed(bare, folder)  # compiles the modules and warms the file cache
        rounds = in_turns(QUICK_ROUNDS if is_quick else PAIRS, product, lambda: timed(bare, folder))
    return [figure("start to first frame", rounds, most_ratio=1.5)]


def timed(arguments: list[str], folder: str) -> float:
    """Milliseconds that a process takes; it has to end well."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": folder}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    subprocess.run(arguments, check=True, env=environment, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1e3


if __name__ == "__main__":
    command(measure)
