"""The log file: small, private, one line for each event whatever a server puts into it."""

from __future__ import annotations

import logging
import logging.handlers
import re
from pathlib import Path

LARGEST, KEPT = 1 << 20, 5  # bytes of one file; older files kept
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class OneLine(logging.Formatter):
    """Writes control characters, line ends and direction marks as \\uXXXX, so that no line can be forged."""

    def format(self, record: logging.LogRecord) -> str:
        lines = super().format(record).split("\n")  # those of a traceback are ours and stay apart
        return "\n    ".join(_UNSAFE.sub(_escaped, line) for line in lines)


def begin(folder: Path) -> Path | None:
    """Log to a file in `folder`; its path, or None when it cannot be written and nothing is logged."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    logging.raiseExceptions = False  # a log that cannot be written must not fill the terminal with tracebacks
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # below that it writes whole addresses
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "moderator_app.log"
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
        path.chmod(0o600)
    except OSError:
        root.addHandler(logging.NullHandler())
        return None
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    return path


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
