"""The rules of the house, read from the source: who may import whom, what is banned, and how long things are."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass

import pytest
from packaging.requirements import Requirement
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from moderator_app import errors
from tests import readme, source
from tests.source import ROOT, Module, product

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50


@dataclass(frozen=True)
class Rule:
    """What a room may import beside the standard library and itself."""

    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


MODEL_AND_ERRORS = ("moderator_app.model", "moderator_app.errors")
RULES = {
    "model": Rule(),
    "errors": Rule(("moderator_app.model",)),
    "paths": Rule(theirs=("platformdirs",)),
    "logs": Rule(MODEL_AND_ERRORS),
    "settings": Rule(MODEL_AND_ERRORS),
    "credentials": Rule(MODEL_AND_ERRORS, ("keyring",)),
    "demo": Rule((*MODEL_AND_ERRORS, "moderator_app.paths")),
    "guidelines": Rule(MODEL_AND_ERRORS),
    "backends": Rule(MODEL_AND_ERRORS, ("requests", "urllib3")),
    "store": Rule(MODEL_AND_ERRORS),
    "desk": Rule((*MODEL_AND_ERRORS, "moderator_app.guidelines", "moderator_app.store", "moderator_app.backends.base")),
    "gui": Rule(
        (*MODEL_AND_ERRORS, "moderator_app.desk", "moderator_app.settings", "moderator_app.__version__"), ("PySide6",)
    ),
    "server": Rule(theirs=("fastapi", "pydantic", "sqlalchemy", "starlette", "uvicorn")),
}
EVERYTHING = {"", "__main__", "app", "cli"}  # these put the parts together
ONLY_IN = {
    "sqlite3": {"store", "server"},
    "PySide6": {"gui", "app"},
    "requests": {"backends"},
    "keyring": {"credentials"},
}
NOWHERE_IN_THE_CLIENT = {"asyncio", "pickle", "shelve", "marshal"}


def within(name: str, allowed: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of these or inside one of them."""
    return any(name == each or name.startswith(f"{each}.") for each in allowed)


def offences(module: Module) -> list[str]:
    """What a module imports and may not."""
    rule = RULES[module.room]
    ours = (*rule.ours, f"moderator_app.{module.room}")
    found = []
    for name in module.imports():
        top = name.split(".")[0]
        if top == "moderator_app":
            is_allowed = within(name, ours)
        else:
            is_allowed = top in sys.stdlib_module_names or top in rule.theirs
        if not is_allowed:
            found.append(f"{module.place} imports {name}")
    return found


# Who may import whom


def test_every_room_has_a_rule() -> None:
    """A new room or a new module beside the rooms is given its rule before it's used."""
    assert {module.room for module in product()} <= RULES.keys() | EVERYTHING


def test_rooms_import_what_they_may() -> None:
    """No module knows more of the house than its room may, not inside a function and not for the type checker."""
    found = [offence for module in product() if module.room in RULES for offence in offences(module)]
    assert found == []


def test_libraries_stay_in_their_rooms() -> None:
    """SQLite, Qt, HTTP and the keyring are each spoken to from one place; the rest of the client has none of them."""
    found = [
        f"{module.place} imports {name}"
        for module in product()
        for name in module.imports()
        if name.split(".")[0] in ONLY_IN and module.room not in ONLY_IN[name.split(".")[0]]
    ]
    assert found == []


def test_client_has_no_event_loop_and_no_pickles() -> None:
    """The client has four kinds of thread and no event loop, and never reads objects that could be code."""
    found = [
        f"{module.place} imports {name}"
        for module in product()
        if module.room != "server"
        for name in module.imports()
        if name.split(".")[0] in NOWHERE_IN_THE_CLIENT
    ]
    assert found == []


CORE = """
import sys
sys.modules["PySide6"] = None
import importlib
for name in sys.argv[1:]:
    importlib.import_module(name)
assert not [name for name in sys.modules if name.startswith("PySide6.")]
"""


def test_core_starts_without_qt() -> None:
    """Every room but the window's imports on a computer that has no PySide6."""
    names = [module.name for module in product() if module.room not in {"gui", "app", "__main__", ""}]
    assert "moderator_app.desk.desk" in names
    done = subprocess.run([sys.executable, "-c", CORE, *names], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


# How things are named and how long they are


def test_no_room_for_odds_and_ends() -> None:
    """No module has a name that says nothing of what is in it."""
    stems = {module.path.stem.strip("_") for module in (*product(), *source.tests())}
    stems |= {module.path.parent.name for module in product()}
    banned = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc)($|_)")
    assert [stem for stem in stems if banned.search(stem)] == []


def test_files_are_not_too_long() -> None:
    """A file that grows beyond this has two things in it."""
    found = {module.place: len(module.text.splitlines()) for module in product()}
    assert {place: lines for place, lines in found.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_functions_are_not_too_long() -> None:
    """A function that grows beyond this does two things."""
    found = {
        f"{module.place}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in product()
        for function in module.functions()
    }
    assert {name: lines for name, lines in found.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    """A module's docstring is one sentence, for it's the module's line in the map."""
    found = [module.place for module in product() if not is_one_sentence(module.sentence)]
    assert found == []
    # The tree of known trouble is drawn in its module, below the sentence.
    longer = [module.place for module in product() if module.sentence != module.docstring]
    assert longer == ["moderator_app/errors.py"]


def is_one_sentence(text: str) -> bool:
    """Whether a text ends where its first sentence does."""
    return bool(text) and text.endswith(".") and re.search(r"[.!?]\s+\S", text) is None


def test_every_test_says_what_holds() -> None:
    """A test's docstring is the sentence that is true while it passes."""
    found = [
        f"{module.place}:{function.name}"
        for module in source.tests()
        for function in module.functions()
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert found == []


# Errors


def test_tree_of_trouble_is_drawn_as_it_is() -> None:
    """The tree in the docstring of `errors` names every class of trouble below the one that it inherits from."""
    drawn, path = {}, ["KnownTrouble"]
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r" {4}((?:│ {3}| {4})*)[├└]── (\w+)", line):
            path = [*path[: len(match[1]) // 4 + 1], match[2]]
            drawn[match[2]] = path[-2]
    classes = inspect.getmembers(errors, lambda each: inspect.isclass(each) and issubclass(each, errors.KnownTrouble))
    real = {name: each.__mro__[1].__name__ for name, each in classes if each is not errors.KnownTrouble}
    assert drawn == real


# What is banned

BANNED_QT = {
    "QTextBrowser", "setHtml", "insertHtml", "appendHtml", "toHtml", "setMarkdown", "insertMarkdown",
    "QThread", "moveToThread", "QWebEngineView",
}  # fmt: skip
STATIC_BOX = re.compile(r"QMessageBox\.(information|warning|critical|question|about)$")


def test_qt_interprets_nothing_and_starts_no_threads_of_its_own() -> None:
    """No call that reads text as markup, and no second way to have threads, is spoken in the window's room."""
    found = [
        f"{module.place}:{line} {name}" for module in product() for name, line in module.names() if name in BANNED_QT
    ]
    assert found == []


def test_boxes_are_made_with_their_text_format() -> None:
    """A message box is never opened by the calls that guess whether its text is markup."""
    found = [
        f"{module.place}:{call.lineno} {name}"
        for module in product()
        for name, call in module.calls()
        if STATIC_BOX.search(name)
    ]
    assert found == []


def test_labels_are_plain_text() -> None:
    """Where a label, a box or a text field is made, its module says that it's plain text."""
    makers = {"QLabel": "PlainText", "QMessageBox": "PlainText", "QTextEdit": "setAcceptRichText(False)"}
    found = [
        f"{module.place}:{call.lineno} {name}"
        for module in product()
        for name, call in module.calls()
        if name in makers and makers[name] not in module.text
    ]
    assert found == []


def test_sql_is_never_put_together_from_values() -> None:
    """What is given to `execute` is a constant, or an f-string of names from the module itself; never % or format."""
    found = [
        f"{module.place}:{call.lineno}"
        for module in product()
        for name, call in module.calls()
        if name.rpartition(".")[2] in {"execute", "executemany", "executescript"} and call.args
        for part in ast.walk(call.args[0])
        if (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mod))
        or (isinstance(part, ast.Attribute) and part.attr in {"format", "format_map"})
    ]
    assert found == []


def test_nothing_evaluates_text_or_starts_a_shell() -> None:
    """No text is ever run as code or by a shell."""
    found = [
        f"{module.place}:{call.lineno} {name}"
        for module in product()
        for name, call in module.calls()
        if name in {"eval", "exec", "os.system", "os.popen", "__import__"}
        or any(keyword.arg == "shell" for keyword in call.keywords)
    ]
    assert found == []


# Qt's version


def qt_requirements() -> list[Requirement]:
    """What the product asks of Qt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    return [Requirement(each) for each in (*project["dependencies"], *extras) if each.startswith("PySide6")]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_broken_qt_is_never_installed(python: str) -> None:
    """No Python gets PySide6 6.12.0, those below 3.12 nothing of 6.12, and nobody the add-ons."""
    asked = [
        each for each in qt_requirements() if each.marker is None or each.marker.evaluate({"python_version": python})
    ]
    assert [each.name for each in asked] == ["PySide6-Essentials"]
    wanted = asked[0].specifier
    assert wanted.contains("6.11.3")
    assert not wanted.contains("6.12.0")
    assert wanted.contains("6.12.1") == (python != "3.11")


def test_qt_loses_no_references_to_none(qtbot: QtBot) -> None:
    """Calls that return nothing leave the count of references to None where it was (always so from Python 3.12 on)."""
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(200):
        widget.setEnabled(True)
    assert sys.getrefcount(None) > before - 100


# The map


@pytest.mark.parametrize("part", readme.PARTS)
def test_parts_of_the_readme_are_up_to_date(part: str) -> None:
    """The README's map and keys are those of the source; `python -m tests.readme` writes them anew."""
    assert readme.in_readme(part) == readme.PARTS[part]()


def test_map_has_every_module() -> None:
    """No module is left out of the map."""
    assert readme.module_map().count("| `") == len(product())
