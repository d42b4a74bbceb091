"""One running window for each data folder; a second start asks the first to come forward."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile

from moderator_app.errors import StorageReadOnly

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_PATIENCE = 500  # milliseconds for the first one to answer


class Instance:
    """Holds the lock of a data folder for as long as the program runs; the system frees it when the program dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = QLockFile(str(folder / "instance.lock"))
        self._lock.setStaleLockTime(0)  # a lock is only stale when its process is gone
        self._server: QLocalServer | None = None

    def is_first(self) -> bool:
        """Whether this is the only one. Raises `StorageReadOnly` when the folder cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StorageReadOnly(detail=str(error)) from error
        if self._lock.tryLock(0):
            return True
        if self._lock.error() == QLockFile.LockError.LockFailedError:
            return False
        raise StorageReadOnly(detail=f"lock file: {self._lock.error()}")

    def raise_first(self) -> bool:
        """Ask the first one to come forward; True when it heard."""
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE):
            return False
        socket.write(b"raise\n")
        return bool(socket.waitForBytesWritten(_PATIENCE))

    def listen(self, raised: Callable[[], None]) -> None:
        """Hear later starts; to be called after the first frame, for it loads Qt's network."""
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._name)
        self._server = QLocalServer()
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(lambda: self._heard(raised))
        self._server.listen(self._name)

    def close(self) -> None:
        """Let another one start."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @property
    def _name(self) -> str:
        import hashlib  # loads OpenSSL, which the first frame can do without

        digest = hashlib.sha256(str(self._folder).encode("utf-8", "surrogateescape")).hexdigest()
        return f"moderator_app-{digest[:16]}"

    def _heard(self, raised: Callable[[], None]) -> None:
        if self._server is not None and (connection := self._server.nextPendingConnection()) is not None:
            connection.disconnected.connect(connection.deleteLater)
            raised()
