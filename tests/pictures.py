"""Takes the README's pictures of the real window: `python -m tests.pictures [--out DIR] [NAME ...]`."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from moderator_app import paths
from tests.end2end.screen import Key, Screen, missing_programs
from tests.end2end.seat import Seat
from tests.end2end.waiting import wait_for

SIZE = (1360, 860)  # pixels, of the window at its first start
_OUT = Path(__file__).resolve().parent.parent / "resources" / "pictures"
_LOOKS = 4  # pictures in a row that are the same, when nothing moves any more
_BELOW = 6  # rows of the queue that are to be seen below the chosen one
_ROOT = "root"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: what the settings are, which comment of the demo is on the screen, and which keys are pressed."""

    name: str
    comment: str = ""  # its key in the demo's newsroom; without one the program starts as it does the first time
    settings: dict[str, str] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    held: tuple[Key, ...] = ()  # while those are pressed


PICTURES = (
    Picture("desk-light", "en-19"),
    Picture("desk-dark", "ckb-21", {"theme": "dark"}),
    Picture("desk-rtl", "ckb-21", {"direction": "rtl"}),
    Picture("reasons", "en-19", keys=(Key.R,)),
    Picture("sign-in"),
    Picture("keys", "en-19", keys=(Key.SLASH,), held=(Key.SHIFT,)),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures that are named, or all."""
    names = [picture.name for picture in PICTURES]
    parser = argparse.ArgumentParser(description="Take the README's pictures.")
    parser.add_argument("--out", type=Path, default=_OUT, metavar="DIR", help="where the pictures go")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(names):
        parser.error(f"there is no picture {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    if missing := missing_programs():
        sys.stderr.write(f"Install these first: {', '.join(missing)}.\n")
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        if not given.names or picture.name in given.names:
            print(take(picture, given.out / f"{picture.name}.png"))
    return 0


def take(picture: Picture, path: Path) -> Path:
    """Take one picture of a program that was started for it."""
    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as name,
        Screen(Path(name), size=SIZE, decorated=False) as screen,
    ):
        seat = Seat(screen, Path(name) / "seat")
        try:
            seat.settle(**picture.settings)
            _start(seat, picture)
            if picture.keys:
                screen.tap(*picture.keys, held=picture.held)
                _wait_until_still(screen)
            screen.save_picture(_ROOT, path)
        finally:
            seat.close()
    return path


def _start(seat: Seat, picture: Picture) -> None:
    """Start the program and wait until everything is on the screen."""
    if picture.comment:
        seat.start("demo")
        seat.program.wait_for_desk()
        wait_for(lambda: _has_loaded(seat.data / "seen.sqlite"), "the queue")
        _wait_until_still(seat.screen)
        seat.screen.tap(*[Key.J] * (_place(picture.comment) + _BELOW), *[Key.K] * _BELOW)
    else:
        seat.start()
        seat.program.wait_for_window()
    _wait_until_still(seat.screen)


def _place(key: str) -> int:
    """How many pending comments of the demo are older than this one."""
    newsroom = json.loads((paths.resources() / "demo" / "newsroom.json").read_text("utf-8"))
    dates = {comment["key"]: comment["date"] for comment in newsroom["comments"] if comment["status"] == "hold"}
    return sum((date, other) < (dates[key], key) for other, date in dates.items())


def _has_loaded(seen: Path) -> bool:
    """Whether the server's queue has been read; the program remembers it then."""
    if not seen.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{seen.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM comments LIMIT 1").fetchone() is not None
    except sqlite3.OperationalError:
        return False


def _wait_until_still(screen: Screen) -> None:
    """Wait until several pictures in a row are the same."""
    looks: list[bytes] = []

    def is_still() -> bool:
        looks.append(screen.pixels(_ROOT))
        return len(looks) >= _LOOKS and len(set(looks[-_LOOKS:])) == 1

    wait_for(is_still, "a picture in which nothing moves")


if __name__ == "__main__":
    sys.exit(main())
