"""Writes the parts of the README that follow from the source: the map of the modules and the table of keys."""

from __future__ import annotations

from collections.abc import Callable

from moderator_app.gui.actions import key_table
from tests.source import ROOT, Module, product

README = ROOT / "README.md"


def module_map() -> str:
    """Every module with the sentence that it says of itself, one table for each room."""
    rooms: dict[str, list[Module]] = {}
    for module in product():
        rooms.setdefault(module.path.parent.relative_to(ROOT).as_posix(), []).append(module)
    return "\n\n".join(_room(room, modules) for room, modules in rooms.items())


def keys() -> str:
    """Every key with what it does."""
    lines = ["| key | what it does |", "| --- | --- |"]
    for entries in key_table().values():
        lines += [f"| {keys} | {words} |" for keys, words in entries]
    return "\n".join(lines)


PARTS: dict[str, Callable[[], str]] = {"keys": keys, "map": module_map}


def in_readme(part: str) -> str:
    """A part as it stands in the README. Raises ValueError when its marks are missing."""
    _before, found, _after = _split(README.read_text(encoding="utf-8"), part)
    return found.strip()


def put(part: str, words: str) -> None:
    """Put a part between its marks."""
    before, _found, after = _split(README.read_text(encoding="utf-8"), part)
    README.write_text(f"{before}\n{words}\n{after}", encoding="utf-8")


def _split(text: str, part: str) -> tuple[str, str, str]:
    begin, end = f"<!-- {part} -->", f"<!-- /{part} -->"
    first, last = text.index(begin) + len(begin), text.index(end)
    return text[:first], text[first:last], text[last:]


def _room(room: str, modules: list[Module]) -> str:
    lines = [f"**`{room}/`**", "", "| file | what it is |", "| --- | --- |"]
    lines += [f"| `{module.path.name}` | {module.sentence.replace('|', chr(92) + '|')} |" for module in modules]
    return "\n".join(lines)


if __name__ == "__main__":
    for name, write in PARTS.items():
        put(name, write())
