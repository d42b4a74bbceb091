"""A screen and keyboard of the tests' own: an X server without a monitor, a window manager, and keys by their place."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from tests.end2end.waiting import wait_for
from tests.server.running import read_line

PROGRAMS = ("Xvfb", "openbox", "xdotool", "setxkbmap", "import")
SIZE = (1400, 920)  # pixels; the window and its decorations fit
_DESKTOP = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP")


class Key(StrEnum):
    """Keys by their place on the keyboard, as X11 numbers it, so that a layout decides what each gives."""

    A = "38"
    F = "41"
    J = "44"
    K = "45"
    Q = "24"
    R = "27"
    U = "30"
    ONE = "10"
    TWO = "11"
    EIGHT = "17"
    MINUS = "20"
    SLASH = "61"
    TAB = "23"
    SPACE = "65"
    RETURN = "36"
    CONTROL = "37"
    SHIFT = "50"
    ESCAPE = "Escape"  # its number is a digit, which would be taken for a character; every layout has it


def missing_programs() -> list[str]:
    """What has to be installed first."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class Screen:
    """A screen; `folder` becomes the home folder of whatever is started on it."""

    def __init__(self, folder: Path, *, size: tuple[int, int] = SIZE, decorated: bool = True) -> None:
        self._folder, self._size, self._decorated = folder, size, decorated
        self._display = ""
        self._server: subprocess.Popen[bytes] | None = None
        self._manager: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Screen:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the window manager and the screen."""
        for process in (self._manager, self._server):
            if process is not None:
                process.terminate()
                process.wait()
        self._manager = self._server = None

    def environment(self, home: Path | None = None) -> Mapping[str, str]:
        """What a program needs to show itself here, and nothing of the desktop that the tests run on."""
        kept = {
            name: value for name, value in os.environ.items() if name not in _DESKTOP and not name.startswith("XDG_")
        }
        own = {"DISPLAY": self._display, "HOME": str(home or self._folder), "TMPDIR": str(self._folder)}
        return {**kept, **own, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}

    def tap(self, *keys: Key, held: tuple[Key, ...] = ()) -> None:
        """Press and release keys one after the other while others are held."""
        down = [word for key in held for word in ("keydown", key)]
        up = [word for key in reversed(held) for word in ("keyup", key)]
        self._ask("xdotool", *down, *[word for key in keys for word in ("key", key)], *up)

    def hold(self, key: Key, seconds: float) -> None:
        """Hold a key down for a while."""
        self._ask("xdotool", "keydown", key, "sleep", str(seconds), "keyup", key)

    def write(self, text: str) -> None:
        """Type a text into whatever has the focus."""
        self._ask("xdotool", "type", "--delay", "8", text)

    def choose_layout(self, layout: str, variant: str = "") -> None:
        """Give the keyboard another layout."""
        self._ask("setxkbmap", "-layout", layout, "-variant", variant)

    def windows(self, pid: int, name: str = ".*") -> list[str]:
        """The visible windows of a process whose title fits a regular expression."""
        return self._words("xdotool", "search", "--all", "--onlyvisible", "--pid", str(pid), "--name", name)

    def active_window(self) -> str:
        """The window that hears the keys; "" when there is none."""
        return "".join(self._words("xdotool", "getactivewindow"))

    def title(self, window: str) -> str:
        """The title of a window."""
        return " ".join(self._words("xdotool", "getwindowname", window))

    def pixels(self, window: str, crop: str = "") -> bytes:
        """A picture of a window, three bytes for each pixel; `crop` is WIDTHxHEIGHT+X+Y."""
        cut = ["-crop", crop, "+repage"] if crop else []
        return self._ask("import", "-window", window, *cut, "-depth", "8", "rgb:-")

    def save_picture(self, window: str, path: Path) -> None:
        """Write a picture of a window as a PNG file with at most 256 colours."""
        self._ask("import", "-window", window, "+dither", "-colors", "256", "-strip", f"png8:{path}")

    def _start(self) -> None:
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{self._size[0]}x{self._size[1]}x24"]
        command += ["-dpi", "96", "-nolisten", "tcp", "-noreset"]
        with os.fdopen(reading, "rb", buffering=0) as told:
            try:
                self._server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
            finally:
                os.close(writing)
            number = read_line(told, seconds=30)
        assert number, "the X server did not start"
        self._display = f":{int(number)}"
        self._manager = subprocess.Popen(
            ["openbox", *self._manager_options()], env=self.environment(), stderr=subprocess.DEVNULL
        )
        wait_for(lambda: self._run("xdotool", "get_num_desktops").returncode == 0, "a window manager")

    def _manager_options(self) -> list[str]:
        """The manager's own settings, or ones by which only dialogs get a frame."""
        if self._decorated:
            return []
        settings = self._folder / "openbox.xml"
        settings.write_text(
            '<openbox_config xmlns="http://openbox.org/3.4/rc"><theme><keepBorder>no</keepBorder></theme><applications>'
            '<application class="*" type="normal"><decor>no</decor></application></applications></openbox_config>'
        )
        return ["--config-file", str(settings)]

    def _words(self, *command: str) -> list[str]:
        """What a question is answered; nothing when there is no such window."""
        return self._run(*command).stdout.decode(errors="replace").split()

    def _ask(self, *command: str) -> bytes:
        done = self._run(*command)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.decode(errors='replace')}"
        return done.stdout

    def _run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, env=self.environment(), capture_output=True, timeout=60, check=False)
