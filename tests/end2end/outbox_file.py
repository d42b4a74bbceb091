"""Looks into the outbox of a program that runs, without touching it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """A decision as it is on disk."""

    id: str
    comment: str
    action: str
    reasons: tuple[str, ...]
    text_sha256: str
    state: str


def rows(path: Path) -> list[Row]:
    """All decisions in the order in which they were made; none while there is no file."""
    if not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            found = connection.execute(
                "SELECT id, comment, action, reasons, text_sha256, state FROM outbox ORDER BY seq"
            )
            return [
                Row(each, comment, action, tuple(json.loads(reasons)), digest, state)
                for each, comment, action, reasons, digest, state in found
            ]
    except sqlite3.OperationalError:  # the program is only just making the file
        return []
