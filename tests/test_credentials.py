"""Where secrets are kept: with keyrings that work, lie, refuse or never answer, and with the system's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moderator_app import credentials
from moderator_app.credentials import Credentials, Kept, Secret
from moderator_app.errors import KeyringTrouble

SITE, ACCOUNT, SECRET = "https://news.example", "mod1", "canary-5eCr3t"


class Memory:
    """A keyring that works."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Forgetful(Memory):
    """A keyring that takes a secret and does not keep it."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Locked(Memory):
    """A keyring that refuses, in words that a log must not repeat."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError(SECRET)

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(password)


class Hanging(Memory):
    """A keyring that waits for its owner until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.calls = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.calls += 1
        self.let_go.wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.get_password(service, username)


def test_a_secret_is_kept_in_the_keyring() -> None:
    """Another start of the program finds it, by site and account, until it is forgotten."""
    keyring = Memory()
    assert Credentials(open_keyring=lambda: keyring).remember(SITE, ACCOUNT, SECRET).kept is Kept.KEYRING
    assert keyring.kept == {("moderator_app:https://news.example", ACCOUNT): SECRET}
    later = Credentials(open_keyring=lambda: keyring)
    assert later.recall(SITE, ACCOUNT) == SECRET
    assert later.recall(SITE, "mod2") is later.recall("https://other.example", ACCOUNT) is None
    later.forget(SITE, ACCOUNT)
    later.forget(SITE, ACCOUNT)
    assert keyring.kept == {}
    assert later.recall(SITE, ACCOUNT) is None


@pytest.mark.parametrize("open_keyring", [lambda: None, Forgetful, Locked], ids=["none", "forgetful", "locked"])
def test_without_a_keyring_a_secret_is_kept_in_memory(open_keyring: Callable[[], Memory | None]) -> None:
    """The program can be used until it ends, and says so (E1, E2, E3, E7)."""
    kept = Credentials(open_keyring=open_keyring)
    remembered = kept.remember(SITE, ACCOUNT, SECRET)
    assert remembered.kept is Kept.MEMORY
    assert remembered.why
    assert kept.recall(SITE, ACCOUNT) == SECRET


def test_a_keyring_that_goes_away_costs_nobody_the_session() -> None:
    """What was remembered is still known when the keyring does not answer any more (E5)."""
    keyrings: list[Memory] = [Memory(), Locked()]
    kept = Credentials(open_keyring=lambda: keyrings.pop(0))
    assert kept.remember(SITE, ACCOUNT, SECRET).kept is Kept.KEYRING
    assert kept.recall(SITE, ACCOUNT) == SECRET


def test_a_keyring_that_refuses_is_told() -> None:
    """When it is not known whether there is a secret, that is not the same as none."""
    kept = Credentials(open_keyring=Locked)
    with pytest.raises(KeyringTrouble):
        kept.recall(SITE, ACCOUNT)
    with pytest.raises(KeyringTrouble, match="by hand"):
        kept.forget(SITE, ACCOUNT)


def test_a_keyring_that_never_answers_is_left_behind() -> None:
    """Each call comes back in its time, and only one thread waits (E4)."""
    keyring = Hanging()
    kept = Credentials(open_keyring=lambda: keyring, seconds=0.1)
    assert kept.remember(SITE, ACCOUNT, SECRET).kept is Kept.MEMORY
    assert kept.recall(SITE, ACCOUNT) == SECRET
    with pytest.raises(KeyringTrouble):
        kept.recall(SITE, "mod2")
    assert keyring.calls == 1
    keyring.let_go.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(10)
    assert kept.recall(SITE, "mod2") is None


def test_a_secret_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    """Neither a debugger nor the log nor trouble shows it (E9)."""
    caplog.set_level(0)
    kept = Credentials(open_keyring=Locked)
    remembered = kept.remember(SITE, ACCOUNT, SECRET)
    found = kept.recall(SITE, ACCOUNT)
    assert isinstance(found, Secret)
    assert SECRET not in f"{found!r} {remembered!r} {vars(kept)!r} {caplog.text}"
    assert str(found) == SECRET


def test_a_secret_that_is_too_long_for_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told before the keyring fails on it; a shorter one stays on this computer (E6)."""
    monkeypatch.setattr(credentials, "_WINDOWS", credentials.class_name(Memory))
    keyring = Memory()
    kept = Credentials(open_keyring=lambda: keyring)
    assert "too long" in kept.remember(SITE, ACCOUNT, "x" * 1281).why
    assert keyring.kept == {}
    assert kept.remember(SITE, ACCOUNT, "x" * 1280).kept is Kept.KEYRING
    assert vars(keyring)["persist"] == "local machine"


# The system's own keyring, in processes of their own with a home of their own.

PROBE = """
import json
from moderator_app.credentials import Credentials
from moderator_app.errors import KnownTrouble
site, account = "https://news.example", "mod1"
remembered = Credentials(seconds={seconds}).remember(site, account, "s3cr3t")
try:
    found = Credentials(seconds={seconds}).recall(site, account)
except KnownTrouble as trouble:
    found = "trouble"
if found == "s3cr3t":
    Credentials().forget(site, account)
    assert Credentials().recall(site, account) is None
print(json.dumps([remembered.kept.name, remembered.why, found]))
"""
DAEMON = "gnome-keyring-daemon --components=secrets"
READY = """
until dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets | grep -q true; do :; done
"""
STATES = {
    "unlocked": f"echo -n testpw | {DAEMON} --unlock >/dev/null; {READY}",
    "locked": f"{DAEMON} --start >/dev/null; {READY}",
}


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Surroundings with an empty home, no display and no session bus."""
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "PYTHON_KEYRING_BACKEND")
    kept = {name: value for name, value in os.environ.items() if name not in gone and not name.startswith("XDG_")}
    return kept | {"HOME": str(tmp_path)}


@pytest.fixture
def display() -> Iterator[str]:
    """A screen that nobody looks at."""
    needs("Xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with open(reading) as number:  # noqa: PTH123
        yield f":{number.readline().strip()}"
    screen.terminate()
    screen.wait(10)


def needs(*programs: str) -> None:
    """Skips the test when a program is missing, but where everything must run."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"not installed: {', '.join(missing)}")


def probe(surroundings: dict[str, str], *, state: str = "", seconds: float = 10) -> list[str | None]:
    """Where a secret is kept, why, and what is found again; with `state` in a session that it begins with."""
    command = [sys.executable, "-c", PROBE.format(seconds=seconds)]
    if state:
        needs("dbus-run-session", "dbus-send", "gnome-keyring-daemon")
        command = ["dbus-run-session", "--", "bash", "-c", f'{state}\n"$@"', "bash", *command]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    found: list[str | None] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_real_keyring_keeps_a_secret(home: dict[str, str]) -> None:
    """An unlocked Secret Service keeps it and lets it go."""
    assert probe(home, state=STATES["unlocked"]) == ["KEYRING", "", "s3cr3t"]


def test_a_real_keyring_that_is_locked(home: dict[str, str]) -> None:
    """Without a screen for its password box the secret stays in memory (E3)."""
    kept, why, found = probe(home, state=STATES["locked"])
    assert (kept, found) == ("MEMORY", "trouble")
    assert why


def test_a_real_keyring_whose_box_nobody_answers(home: dict[str, str], display: str) -> None:
    """The keyring waits for ever, the program does not, and ends although a thread is left behind (E4)."""
    kept, why, found = probe(home | {"DISPLAY": display}, state=STATES["locked"], seconds=2)
    assert (kept, why, found) == ("MEMORY", credentials._LATE, "trouble")


def test_no_session_bus(home: dict[str, str]) -> None:
    """A computer without a keyring is told apart from one whose keyring is in trouble (E1)."""
    assert probe(home) == ["MEMORY", credentials._NONE, None]


@pytest.mark.parametrize("name", ["keyring.backends.null.Keyring", "readable_file.Keyring", "no.such.Keyring"])
def test_a_keyring_that_is_not_trusted(home: dict[str, str], tmp_path: Path, name: str) -> None:
    """One that keeps nothing, or writes a readable file, is not used, even where a good one runs (E2)."""
    (tmp_path / "readable_file.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 99\n"
        "    def set_password(self, *entry): open(__file__ + '.txt', 'w').write(str(entry))\n"
        "    def get_password(self, *entry): return 's3cr3t'\n"
    )
    chosen = {"PYTHON_KEYRING_BACKEND": name, "PYTHONPATH": str(tmp_path)}
    kept, why, _found = probe(home | chosen, state=STATES["unlocked"])
    assert kept == "MEMORY"
    assert why
    assert not list(tmp_path.glob("*.txt"))
