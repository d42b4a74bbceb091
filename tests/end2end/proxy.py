"""A wire between program and server that is cut once, right after the server has applied a decision."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_CHUNK = 65536  # bytes
_DECISION = b"PUT /v1/decisions/"


class CutWire:
    """Passes everything on, but the answer to the first decision is lost with its connection.

    `url` is where the program is to look for the server.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.decisions_seen = 0
        self.was_cut = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._go(self._accept)

    def __enter__(self) -> CutWire:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            sockets, threads = [self._listener, *self._sockets], list(self._threads)
        for each in sockets:
            _close(each)
        for thread in threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _address = self._listener.accept()
                wire = socket.create_connection(("127.0.0.1", self._port), 5)
                wire.settimeout(None)
                with self._lock:
                    self._sockets += [client, wire]
                to_be_cut = threading.Event()
                self._go(self._ask, client, wire, to_be_cut)
                self._go(self._answer, client, wire, to_be_cut)

    def _go(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)
        with self._lock:
            self._threads.append(thread)
        thread.start()

    def _ask(self, client: socket.socket, wire: socket.socket, to_be_cut: threading.Event) -> None:
        """From the program to the server."""
        with suppress(OSError):
            while data := client.recv(_CHUNK):
                if data.startswith(_DECISION):
                    self.decisions_seen += 1
                    if self.decisions_seen == 1:
                        to_be_cut.set()
                wire.sendall(data)
        _close(wire)

    def _answer(self, client: socket.socket, wire: socket.socket, to_be_cut: threading.Event) -> None:
        """From the server to the program; an answer that is to be lost shows that the decision was applied."""
        with suppress(OSError):
            while data := wire.recv(_CHUNK):
                if to_be_cut.is_set():
                    self.was_cut = True
                    break
                client.sendall(data)
        _close(client)


def _close(end: socket.socket) -> None:
    """Close, and wake whoever reads from it."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
