"""Every action of the window with its keys, in one table that menus, buttons and the key sheet are made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


class Group(StrEnum):
    """Where an action stands in the menus and on the key sheet."""

    DECIDE = "Decide"
    MOVE = "Move"
    VIEW = "View"
    DESK = "Desk"
    HELP = "Help"


class Mode(StrEnum):
    """When an action can be used."""

    ALWAYS = "always"  # also without a desk
    DESK = "desk"  # while a desk is open
    COMMENT = "comment"  # while there is a comment to decide
    UNDO = "undo"  # while there is a decision to take back
    REASONS = "reasons"  # while the reasons of a rejection are asked for


@dataclass(frozen=True, slots=True)
class Entry:
    """One action: its name in the program, its words, its keys, the first of which buttons show."""

    name: str
    words: str
    keys: tuple[str, ...]
    group: Group
    mode: Mode
    repeats: bool = False  # whether holding the key goes on doing it
    in_menu: bool = True


def _reason_entries(number: int) -> tuple[Entry, Entry]:
    """The key of a reason: alone it rejects, with Shift it gathers."""
    group, mode = Group.DECIDE, Mode.REASONS
    return (
        Entry(f"reason_{number}", f"Reject with reason {number}", (str(number),), group, mode, in_menu=False),
        Entry(f"gather_{number}", f"Gather reason {number}", (f"Shift+{number}",), group, mode, in_menu=False),
    )


_REASONS = tuple(entry for number in range(1, 10) for entry in _reason_entries(number))

ENTRIES = (
    Entry("approve", "Approve", ("A",), Group.DECIDE, Mode.COMMENT),
    Entry("reject", "Reject…", ("R",), Group.DECIDE, Mode.COMMENT),
    Entry("approve_stay", "Approve and stay", ("Shift+A",), Group.DECIDE, Mode.COMMENT),
    Entry("reject_stay", "Reject and stay…", ("Shift+R",), Group.DECIDE, Mode.COMMENT),
    Entry("skip", "Skip", ("S",), Group.DECIDE, Mode.COMMENT),
    Entry("undo", "Undo", ("U", "Ctrl+Z"), Group.DECIDE, Mode.UNDO),
    Entry("send", "Reject with the gathered reasons", ("Return", "Enter"), Group.DECIDE, Mode.REASONS, in_menu=False),
    *_REASONS,
    Entry("next", "Next comment", ("J",), Group.MOVE, Mode.DESK, repeats=True),
    Entry("previous", "Previous comment", ("K",), Group.MOVE, Mode.DESK, repeats=True),
    Entry("violation", "Next violation", ("N",), Group.MOVE, Mode.COMMENT),
    Entry("article_down", "Scroll the article", ("Space",), Group.MOVE, Mode.DESK, repeats=True),
    Entry("article_up", "Scroll the article back", ("Shift+Space",), Group.MOVE, Mode.DESK, repeats=True),
    Entry("focus", "Comment and article alone", ("Z",), Group.VIEW, Mode.DESK),
    Entry("larger", "Larger text", ("Ctrl++", "Ctrl+="), Group.VIEW, Mode.DESK, repeats=True),
    Entry("smaller", "Smaller text", ("Ctrl+-",), Group.VIEW, Mode.DESK, repeats=True),
    Entry("normal_size", "Normal text size", ("Ctrl+0",), Group.VIEW, Mode.DESK),
    Entry("search", "Search the queue", ("Ctrl+F",), Group.DESK, Mode.DESK),
    Entry("refresh", "Refresh", ("F5",), Group.DESK, Mode.DESK),
    Entry("back", "Back to the queue", ("Esc",), Group.DESK, Mode.DESK, in_menu=False),
    Entry("sign_in", "Sign in to another site…", (), Group.DESK, Mode.ALWAYS),
    Entry("sign_out", "Sign out", (), Group.DESK, Mode.DESK),
    Entry("quit", "Quit", ("Ctrl+Q",), Group.DESK, Mode.ALWAYS),
    Entry("keys", "Keys", ("?", "؟", "F1"), Group.HELP, Mode.ALWAYS),
    Entry("about", "About", (), Group.HELP, Mode.ALWAYS),
)

_ARROWS = {"next": ["↓"], "previous": ["↑"]}  # the queue's own, for they scroll where there is something to scroll


class Actions(QObject):
    """The QActions of one window, by name. Which of them can be used follows from the mode alone."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions = {entry.name: _action(entry, window) for entry in ENTRIES}
        window.addActions(list(self._actions.values()))
        self.set_modes(set())

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> list[QAction]:
        """Every action, in the order of the table."""
        return list(self._actions.values())

    def by_group(self) -> Iterator[tuple[Group, list[QAction]]]:
        """The actions of each menu."""
        for group in Group:
            yield group, [self._actions[entry.name] for entry in ENTRIES if entry.group is group and entry.in_menu]

    def set_modes(self, modes: set[Mode]) -> None:
        """Let those actions be used whose mode is on; those of `Mode.ALWAYS` always can."""
        for entry in ENTRIES:
            self._actions[entry.name].setEnabled(entry.mode is Mode.ALWAYS or entry.mode in modes)


def key_table() -> Mapping[Group, list[tuple[str, str]]]:
    """Keys and words for the key sheet and the README; the nine reasons stand as one line each."""
    table: dict[Group, list[tuple[str, str]]] = {group: [] for group in Group}
    for entry in ENTRIES:
        if entry.keys and not entry.name.startswith(("reason_", "gather_")):
            keys = [key for key in entry.keys if key not in ("؟", "Enter", "Ctrl+=")] + _ARROWS.get(entry.name, [])
            table[entry.group].append((" or ".join(keys), entry.words.rstrip("…")))
    table[Group.DECIDE].append(("R, then 1 to 9", "Reject with that reason"))
    table[Group.DECIDE].append(("Shift+1 to Shift+9", "Gather several reasons"))
    return table


def _action(entry: Entry, window: QWidget) -> QAction:
    action = QAction(entry.words, window)
    action.setObjectName(entry.name)
    action.setShortcuts([QKeySequence(key) for key in entry.keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setAutoRepeat(entry.repeats)
    return action
