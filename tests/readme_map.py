"""Writes the map of the README: every module with the sentence that it says of itself."""

from __future__ import annotations

from tests.source import ROOT, Module, product

BEGIN, END = "<!-- map -->", "<!-- /map -->"
README = ROOT / "README.md"


def block() -> str:
    """The map as Markdown, one table for each room."""
    rooms: dict[str, list[Module]] = {}
    for module in product():
        rooms.setdefault(module.path.parent.relative_to(ROOT).as_posix(), []).append(module)
    return "\n\n".join(_table(room, modules) for room, modules in rooms.items())


def in_readme() -> str:
    """The map as it stands in the README. Raises ValueError when the marks are missing."""
    text = README.read_text(encoding="utf-8")
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip()


def _table(room: str, modules: list[Module]) -> str:
    lines = [f"**`{room}/`**", "", "| file | what it is |", "| --- | --- |"]
    lines += [f"| `{module.path.name}` | {module.sentence.replace('|', chr(92) + '|')} |" for module in modules]
    return "\n".join(lines)


def main() -> None:
    """Put the map between its marks."""
    text = README.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    README.write_text(f"{before}\n{block()}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
