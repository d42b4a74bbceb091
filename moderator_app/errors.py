"""One tree of known trouble: each kind is a type that says, in one sentence, what happened and what to do next.

    KnownTrouble
    ├── ServerTrouble              the server or the way to it; the same request may work later
    │   ├── Unreachable            no connection; nothing was sent
    │   ├── TimedOut               no whole answer in time, or it was cut; what became of the request is unknown
    │   ├── Busy                   429 or 503: the server asks to wait (`retry_after` seconds, or None)
    │   ├── ServerFailed           5xx
    │   └── BadAnswer              not what the contract says: a web page, broken JSON, too large, a redirect
    ├── SignInNeeded               401: the secret is wrong, has expired, or was withdrawn
    ├── NotAllowed                 403
    ├── Refused                    400, 422: the server will never take this request
    ├── Overtaken                  the server knows better than this desk
    │   ├── AlreadyDecided         somebody else was first (`winner`)
    │   ├── TextChanged            the comment is not the one that was read
    │   └── Gone                   404, 410: the comment or article is no longer there
    ├── StorageTrouble             this computer's disk
    │   ├── StorageFull
    │   ├── StorageReadOnly
    │   ├── StorageBroken
    │   ├── StorageTooNew          written by a newer version
    │   └── StorageBusy
    ├── KeyringTrouble             the secret cannot be kept in the system's keyring
    ├── PolicyTrouble              a policy file or word list is wrong (`file`, `line`)
    ├── SettingsTrouble            the settings file is wrong (`file`)
    ├── NotSupported               a server of a kind that this version cannot talk to
    └── DemoTrouble                the demo's own server did not start

Anything else that is raised is a bug: it is logged with its traceback and shown as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moderator_app.model import LogEntry


class KnownTrouble(Exception):
    """Trouble that is nobody's bug. `sentence` is for people; `detail` is for the log and never holds a secret or a
    reader's text.
    """

    sentence = "Something went wrong. Try again."

    def __init__(self, sentence: str = "", *, detail: str = "") -> None:
        self.sentence = sentence or type(self).sentence
        self.detail = detail
        super().__init__(self.sentence)


class ServerTrouble(KnownTrouble):
    """The server or the way to it; the same request may work later."""

    sentence = "The server could not be used. It is tried again by itself."


class Unreachable(ServerTrouble):
    """No connection was made, so nothing was sent."""

    sentence = "The server cannot be reached. Check the network; it is tried again by itself."


class TimedOut(ServerTrouble):
    """No whole answer came in time, so what became of the request is unknown."""

    sentence = "The server did not answer in time. It is asked again by itself."


class Busy(ServerTrouble):
    """The server asks to wait; `retry_after` is in seconds, None when it does not say how long."""

    sentence = "The server is busy and asks to wait. It is tried again by itself."

    def __init__(self, sentence: str = "", *, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(sentence, detail=detail)
        self.retry_after = retry_after


class ServerFailed(ServerTrouble):
    """The server says that it failed (5xx)."""

    sentence = (
        "The server reports an error of its own. It is tried again by itself; if it stays, tell its administrator."
    )


class BadAnswer(ServerTrouble):
    """The answer is not what the contract says, and none of it was used."""

    sentence = "The server's answer cannot be read. Check the address, or tell the server's administrator."


class SignInNeeded(KnownTrouble):
    """The secret is wrong, has expired, or was withdrawn."""

    sentence = "The server does not accept this sign-in any more. Sign in again; waiting decisions are kept."


class NotAllowed(KnownTrouble):
    """The account may not do this."""

    sentence = "This account may not do that. Ask the shift lead for the right to it."


class Refused(KnownTrouble):
    """The server will never take this request as it is; `code` is the server's own name for the reason."""

    sentence = "The server refused this decision. It is set aside; decide the comment again."

    def __init__(self, sentence: str = "", *, detail: str = "", code: str = "") -> None:
        super().__init__(sentence, detail=detail)
        self.code = code


class Overtaken(KnownTrouble):
    """The server knows better than this desk; `winner` is the decision that stands, when the server names it."""

    sentence = "The comment has moved on at the server. Your decision was not applied."

    def __init__(self, sentence: str = "", *, detail: str = "", winner: LogEntry | None = None) -> None:
        super().__init__(sentence, detail=detail)
        self.winner = winner


class AlreadyDecided(Overtaken):
    """Somebody else decided the comment first."""

    sentence = "Somebody else decided this comment first. Their decision stands; yours was not applied."


class TextChanged(Overtaken):
    """The comment at the server is not the one that was read."""

    sentence = "The comment changed after you read it. Your decision was not applied; read it again."


class Gone(Overtaken):
    """The comment or article is no longer at the server."""

    sentence = "The comment is no longer at the server. Nothing is left to decide."


class StorageTrouble(KnownTrouble):
    """This computer's disk."""

    sentence = "The decision could not be saved on this computer, so it was not made. Try again."


class StorageFull(StorageTrouble):
    """The disk is full."""

    sentence = "The disk is full, so the decision was not saved. Make room, then decide again."


class StorageReadOnly(StorageTrouble):
    """The data folder cannot be written."""

    sentence = "The data folder cannot be written. Make it writable, or start with --data-dir and another folder."


class StorageBroken(StorageTrouble):
    """The database is damaged."""

    sentence = "The saved decisions are damaged. Restart the program: it puts the file aside and begins a new one."


class StorageTooNew(StorageTrouble):
    """The database was written by a newer version of the program and was left untouched."""

    sentence = "The saved decisions were written by a newer version. Start that version; nothing was changed."


class StorageBusy(StorageTrouble):
    """Another program holds the database."""

    sentence = "Another program is using the saved decisions. Wait a moment, then decide again."


class KeyringTrouble(KnownTrouble):
    """The secret cannot be kept in the system's keyring."""

    sentence = "The system's keyring cannot be used, so the secret is kept in memory only. Sign in again next time."


class PolicyTrouble(KnownTrouble):
    """A policy file or word list is wrong; `file` and `line` (from 1, 0 for the whole file) say where."""

    def __init__(self, problem: str, *, file: str, line: int = 0) -> None:
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {problem}")
        self.problem, self.file, self.line = problem, file, line


class SettingsTrouble(KnownTrouble):
    """The settings file is wrong and was put aside."""


class NotSupported(KnownTrouble):
    """A server of a kind that this version cannot talk to."""


class DemoTrouble(KnownTrouble):
    """The demo's own server did not start."""

    sentence = "The demo server did not start. Install it with: pip install 'moderator-app[server]'"
