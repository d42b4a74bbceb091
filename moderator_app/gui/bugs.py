"""What happens with a bug: it goes into the log, and the window says so in plain words."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger("moderator_app.bug")
_PAUSE = 60.0  # seconds between two notices; the log has every one

SENTENCE = "Something in the program went wrong. Your decisions are saved; the log file has the details."


class BugHooks:
    """Hears the exceptions that nobody expected, from every thread, and Qt's own warnings."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell  # called from any thread
        self._told_at = -_PAUSE

    def install(self) -> None:
        """Listen from now on."""
        sys.excepthook = self._heard
        threading.excepthook = self._heard_in_thread
        qInstallMessageHandler(_qt_said)

    def _heard(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("a bug", exc_info=(kind, error, trace))
        if time.monotonic() - self._told_at >= _PAUSE:
            self._told_at = time.monotonic()
            self._tell(SENTENCE)

    def _heard_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._heard(args.exc_type, args.exc_value, args.exc_traceback)


def _qt_said(kind: QtMsgType, _context: QMessageLogContext, words: str | None) -> None:
    level = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }.get(kind, logging.ERROR)
    logging.getLogger("qt").log(level, "%s", words)
