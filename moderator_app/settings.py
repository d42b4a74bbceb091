"""What the program remembers of a person's choices, in one small file without secrets."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moderator_app.errors import SettingsTrouble

if TYPE_CHECKING:
    from moderator_app.model import Site

TEXT_SIZES = range(70, 260, 10)  # per cent
MOST_UNDO_SECONDS = 30.0
THEMES = ("system", "light", "dark")
DIRECTIONS = ("auto", "ltr", "rtl")
ORDERS = ("oldest", "newest", "most_violations", "fewest_violations")  # as in desk.queue.Order
_LARGEST_FILE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Settings:
    """A person's choices."""

    theme: str = "system"  # one of THEMES
    direction: str = "auto"  # of the window, one of DIRECTIONS; "auto" follows the language
    text_size: int = 100  # per cent, of the article and the comment
    undo_seconds: float = 5.0  # 0 to 30
    order: str = "oldest"  # of the queue, one of ORDERS
    sites: tuple[Site, ...] = field(default=())  # newest first
    window: str = ""  # place and size, as Qt writes them, in base64
    panes: str = ""  # widths, likewise

    def with_site(self, site: Site) -> Settings:
        """The same with this site as the last one used."""
        others = (known for known in self.sites if (known.url, known.account) != (site.url, site.account))
        return replace(self, sites=(site, *others))


class SettingsFile:
    """The settings on disk. A broken file is put aside and the defaults are used: `trouble` then says so."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.trouble: SettingsTrouble | None = None
        self.settings = self._load()

    def change(self, **changes: Any) -> None:
        """Take over new values and write them down; a disk that cannot be written does not stop anybody's work."""
        self.settings = replace(self.settings, **changes)
        try:
            self._save()
        except OSError as error:
            self.trouble = SettingsTrouble(
                f"The settings could not be saved in {self._path}. Make the folder writable.", detail=str(error)
            )

    def _load(self) -> Settings:
        try:
            with self._path.open("rb") as file:
                return parse(file.read(_LARGEST_FILE), self._path.name)
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            self.trouble = SettingsTrouble(
                f"The settings in {self._path} cannot be read; the defaults are used. Check the file's rights.",
                detail=str(error),
            )
        except SettingsTrouble as trouble:
            self.trouble = trouble
            self._put_aside()
        return Settings()

    def _put_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".broken.json"))
        except OSError as error:
            self.trouble = SettingsTrouble(
                f"The settings file {self._path} is wrong and cannot be put aside; the defaults are used. Delete it.",
                detail=f"{self.trouble}; {error}",
            )

    def _save(self) -> None:
        """Write a new file and put it in the old one's place, so that there is never half a file."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(asdict(self.settings), file, indent=1)
            file.flush()
            os.fsync(file.fileno())  # else a power cut may leave an empty file in the old one's place
        new.replace(self._path)


def parse(data: bytes, name: str) -> Settings:
    """Settings from a file's bytes; `SettingsTrouble` names the file and the key that is wrong."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _wrong(name, "it is not a JSON object")
    known = {each.name for each in fields(Settings)}
    for key in found:
        if key not in known:
            raise _wrong(name, f"there is no setting “{key[:40]}”")
    return Settings(**{key: _value(name, key, value) for key, value in found.items()})


def _value(name: str, key: str, value: Any) -> Any:
    if key == "sites":
        return _sites(name, value)
    wanted = type(getattr(Settings(), key))
    kinds = (int, float) if wanted is float else (wanted,)
    if type(value) not in kinds or not _is_allowed(key, value):
        raise _wrong(name, f"the value of “{key}” is not possible")
    return wanted(value)


def _is_allowed(key: str, value: Any) -> bool:
    match key:
        case "theme":
            return value in THEMES
        case "direction":
            return value in DIRECTIONS
        case "order":
            return value in ORDERS
        case "text_size":
            return value in TEXT_SIZES
        case "undo_seconds":
            return bool(0.0 <= value <= MOST_UNDO_SECONDS)
        case _:
            return True


def _sites(name: str, value: Any) -> tuple[Site, ...]:
    from moderator_app.model import Site

    wanted = {each.name for each in fields(Site)}
    if not isinstance(value, list) or not all(
        isinstance(site, dict) and site.keys() == wanted and all(isinstance(part, str) for part in site.values())
        for site in value
    ):
        raise _wrong(name, "the value of “sites” is not possible")
    return tuple(Site(**site) for site in value)


def _wrong(name: str, problem: str) -> SettingsTrouble:
    return SettingsTrouble(f"The settings file {name} is wrong: {problem}. It was put aside and the defaults are used.")
