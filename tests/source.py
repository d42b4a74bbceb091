"""The product's own source as trees, for the tests of the rules of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "moderator_app"


@dataclass(frozen=True)
class Module:
    """One file of source."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its dotted name."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def place(self) -> str:
        """Its path from the root, for messages."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        """The folder below the package, or the module itself where it stands in none."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    @property
    def sentence(self) -> str:
        """The first paragraph of its docstring, on one line."""
        return " ".join((ast.get_docstring(self.tree) or "").split("\n\n")[0].split())

    @property
    def docstring(self) -> str:
        """What it says of itself, on one line."""
        return " ".join((ast.get_docstring(self.tree) or "").split())

    def imports(self) -> Iterator[str]:
        """The full name of everything imported, inside functions and for type checkers too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                dots = "." * node.level
                yield from (f"{dots}{node.module or ''}.{alias.name}" for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """All functions and methods."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def names(self) -> Iterator[tuple[str, int]]:
        """Every name and attribute that is spoken, with its line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name):
                yield node.id, node.lineno
            elif isinstance(node, ast.Attribute):
                yield node.attr, node.lineno
            elif isinstance(node, ast.alias):
                yield node.name, node.lineno

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call, with the called thing as it is written."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node


@cache
def modules_below(folder: Path) -> tuple[Module, ...]:
    """The modules of a folder, by path."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Module(path, text, ast.parse(text)))
    return tuple(found)


def product() -> tuple[Module, ...]:
    """The modules of the product."""
    return modules_below(PACKAGE)


def tests() -> tuple[Module, ...]:
    """The modules of the tests."""
    return modules_below(ROOT / "tests")
