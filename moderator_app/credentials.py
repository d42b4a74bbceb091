"""One secret per site and account, kept in the system's keyring or in memory, and nowhere else."""

# Which keyring is taken goes by its class, not by its rank: among the keyrings that a Python environment may offer
# are ones that write secrets into a readable file, or nowhere. A locked keyring may wait for ever for its owner, so
# each call runs on a thread of its own, which is left behind when it is late. The facts behind these rules are in
# keyring's own documentation ("Third-Party Backends", "null keyring") and its issue 540 for the length on Windows.

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol, TypeVar

from moderator_app.errors import KeyringTrouble

SECONDS = 10.0  # the longest that a call waits for the keyring
WINDOWS_BYTES = 2560  # of UTF-16, the most that one entry of the Windows Credential Manager holds

_WINDOWS = "keyring.backends.Windows.WinVaultKeyring"
_TRUSTED = frozenset(
    {
        _WINDOWS,
        "keyring.backends.macOS.Keyring",
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
    }
)
_NONE = "This computer has no keyring that is safe to use, so the secret is kept until the program ends."
_LATE = "The system's keyring does not answer; it may be waiting for its password. The secret is kept in memory only."
_LOST = "The system's keyring did not keep the secret, so it is kept until the program ends. Sign in again next time."
_TOO_LONG = "The secret is too long for the system's keyring, so it is kept until the program ends."
_STAYS = "The secret could not be taken out of the system's keyring. Delete it there by hand."
_LOG = logging.getLogger(__name__)

Result = TypeVar("Result")


class Secret(str):
    """A secret, which is not shown by a debugger, a traceback or a log."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Stars, however long it is."""
        return "'***'"


class Kept(Enum):
    """Where a secret is."""

    KEYRING = auto()  # until it is forgotten
    MEMORY = auto()  # until the program ends


@dataclass(frozen=True, slots=True)
class Remembered:
    """Where a secret is kept, and in one sentence for people why it is in memory only ("" when it is not)."""

    kept: Kept
    why: str = ""


class Keyring(Protocol):
    """The part of a `keyring.backend.KeyringBackend` that is used here."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Take the secret out."""


def system_keyring() -> Keyring | None:
    """The keyring that this system and its user chose, if it is one that is trusted; it may block.

    A keyring that the user chose by name and that is not trusted is not replaced by another.
    """
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    for kind in map(type, chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]):
        if class_name(kind) in _TRUSTED:
            trusted: Keyring = kind()
            return trusted
    return None


def class_name(kind: type) -> str:
    """The full name of a class."""
    return f"{kind.__module__}.{kind.__qualname__}"


class Credentials:
    """The secrets of this user's accounts; each call waits up to `seconds`, so none belongs on the GUI thread.

    `open_keyring` gives the keyring to use, None when there is none, and may be as slow as any of its calls. What is
    remembered is in memory as well, so that a keyring that goes away costs nobody the session.
    """

    def __init__(
        self, *, open_keyring: Callable[[], Keyring | None] = system_keyring, seconds: float = SECONDS
    ) -> None:
        self._open_keyring = open_keyring
        self._seconds = seconds
        self._lock = threading.Lock()
        self._memory: dict[tuple[str, str], Secret] = {}
        self._waiting: threading.Thread | None = None  # the call that the keyring did not answer in time

    def remember(self, site: str, account: str, secret: str) -> Remembered:
        """Keep the secret for the account on the site (its URL); in the keyring only if it reads back the same."""
        with self._lock:
            self._memory[site, account] = Secret(secret)
        try:
            return self._limited(lambda: self._keep(site, account, secret))
        except KeyringTrouble as trouble:
            return Remembered(Kept.MEMORY, trouble.sentence)

    def recall(self, site: str, account: str) -> Secret | None:
        """The secret, None when none is kept. Raises `errors.KeyringTrouble` when the keyring cannot tell."""
        with self._lock:
            known = self._memory.get((site, account))
        return known or self._limited(lambda: self._read(site, account))

    def forget(self, site: str, account: str) -> None:
        """Take the secret out of memory and keyring. Raises `errors.KeyringTrouble` when it may still be there."""
        with self._lock:
            self._memory.pop((site, account), None)
        try:
            self._limited(lambda: self._remove(site, account))
        except KeyringTrouble as trouble:
            raise KeyringTrouble(_STAYS, detail=trouble.detail) from None

    def _keep(self, site: str, account: str, secret: str) -> Remembered:
        keyring = self._open_keyring()
        if keyring is None:
            return Remembered(Kept.MEMORY, _NONE)
        if class_name(type(keyring)) == _WINDOWS:
            if len(secret.encode("utf-16-le")) > WINDOWS_BYTES:
                return Remembered(Kept.MEMORY, _TOO_LONG)
            keyring.persist = "local machine"  # type: ignore[attr-defined]  # else it roams with the user's profile
        keyring.set_password(_service(site), account, secret)
        if keyring.get_password(_service(site), account) != secret:
            return Remembered(Kept.MEMORY, _LOST)
        return Remembered(Kept.KEYRING)

    def _read(self, site: str, account: str) -> Secret | None:
        keyring = self._open_keyring()
        found = keyring.get_password(_service(site), account) if keyring else None
        return Secret(found) if found else None

    def _remove(self, site: str, account: str) -> None:
        keyring = self._open_keyring()
        if keyring and keyring.get_password(_service(site), account) is not None:
            keyring.delete_password(_service(site), account)

    def _limited(self, call: Callable[[], Result]) -> Result:
        """The result of a call to the keyring on a thread of its own; raises `errors.KeyringTrouble` and nothing else.

        While a late call is still waiting, no other is made: it would only wait as well.
        """
        if self._waiting and self._waiting.is_alive():
            raise KeyringTrouble(_LATE, detail="an earlier call is still waiting")
        done: queue.SimpleQueue[Result | KeyringTrouble] = queue.SimpleQueue()
        thread = threading.Thread(target=lambda: done.put(_outcome(call)), name="keyring", daemon=True)
        thread.start()
        try:
            result = done.get(timeout=self._seconds)
        except queue.Empty:
            self._waiting = thread
            raise KeyringTrouble(_LATE, detail="no answer in time") from None
        if isinstance(result, KeyringTrouble):
            raise result
        return result


def _outcome(call: Callable[[], Result]) -> Result | KeyringTrouble:
    """What the call returns, or its exception as known trouble: keyrings raise whatever the libraries below them do."""
    try:
        return call()
    except Exception as trouble:
        _LOG.warning("The keyring raised %s.", class_name(type(trouble)))  # its words may hold anything
        return KeyringTrouble(detail=class_name(type(trouble)))


def _service(site: str) -> str:
    return f"moderator_app:{site}"
