"""Where the program's own files are, and where what it remembers is kept."""

from __future__ import annotations

import os
from pathlib import Path


def resources() -> Path:
    """The folder of what ships with the program: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent
    for candidate in (package.parent / "resources", package / "resources"):
        if (candidate / "guidelines").is_dir():
            return candidate
    raise FileNotFoundError("the resources folder that ships with the program")


def data_folder(chosen: str | None = None) -> Path:
    """The folder for everything that is remembered: `chosen`, or the system's place for this user's data."""
    if chosen:
        return Path(os.path.expanduser(chosen)).resolve()  # noqa: PTH111 (pathlib's raises on an unknown user)
    from platformdirs import user_data_path

    return user_data_path("moderator_app", appauthor=False)
