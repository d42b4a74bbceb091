"""A server on loopback that answers each path with whatever a test gives it, byte by byte if need be."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self

DRIP = 0.05  # seconds between two pieces: far below every time-out, so that only a total deadline ends a drip


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the server saw it; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class HangUp(Exception):
    """Close the connection now."""


class Line:
    """The server's end of one connection."""

    def __init__(self, connection: socket.socket, ended: threading.Event) -> None:
        self._connection, self._ended = connection, ended

    def send(self, data: bytes) -> None:
        """Send all of it at once."""
        self._connection.sendall(data)

    def drip(self, data: bytes, size: int = 1) -> None:
        """Send it in pieces of `size` bytes with `DRIP` seconds between them."""
        for start in range(0, len(data), size):
            if self._ended.wait(DRIP):
                raise HangUp
            self.send(data[start : start + size])

    def hang(self) -> None:
        """Say nothing until the server ends."""
        self._ended.wait()
        raise HangUp

    def reset(self) -> None:
        """End the connection as a crash does, with RST."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise HangUp


Act = Callable[[Line, Seen], None]


@dataclass
class HostileServer:
    """`with HostileServer() as server: server.answers["/path"] = act`; `seen` lists what came in."""

    context: ssl.SSLContext | None = None
    greeting: Act | None = None  # instead of waiting for a request
    answers: dict[str, Act] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []
        self._connections: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if self.context else 'http'}://localhost:{self.port}"
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for open_one in (self._listener, *self._connections):
            with contextlib.suppress(OSError):
                open_one.shutdown(socket.SHUT_RDWR)  # a close alone does not wake who reads
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            self._start(self._serve, connection)

    def _serve(self, raw: socket.socket) -> None:
        raw.settimeout(60)
        with raw, contextlib.suppress(OSError, HangUp):
            connection = self.context.wrap_socket(raw, server_side=True) if self.context else raw
            with connection, connection.makefile("rb") as stream:
                if self.greeting:
                    self.greeting(Line(connection, self._ended), Seen("", "", {}, b""))
                while request := _request(stream):
                    self.seen.append(request)
                    act = self.answers.get(request.path.partition("?")[0], status(404))
                    act(Line(connection, self._ended), request)


def _request(stream: BinaryIO) -> Seen | None:
    line = stream.readline().decode("latin-1")
    if not line:
        return None
    method, path, _ = line.split(" ", 2)
    headers = {}
    while header := stream.readline().decode("latin-1").strip():
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    return Seen(method, path, headers, stream.read(int(headers.get("content-length", 0))))


def head(*lines: str, code: int = 200, kind: str = "application/json") -> bytes:
    """The beginning of an answer, without its length."""
    return "\r\n".join((f"HTTP/1.1 {code} Word", f"Content-Type: {kind}", *lines, "", "")).encode("latin-1")


def whole(body: bytes, *lines: str, code: int = 200, kind: str = "application/json") -> bytes:
    """A whole answer with its length."""
    return head(f"Content-Length: {len(body)}", *lines, code=code, kind=kind) + body


def says(data: bytes) -> Act:
    """Send these bytes and keep the connection."""
    return lambda line, _: line.send(data)


def cut(data: bytes) -> Act:
    """Send these bytes and close."""

    def act(line: Line, _: Seen) -> None:
        line.send(data)
        raise HangUp

    return act


def stalls(data: bytes) -> Act:
    """Send these bytes and then nothing."""

    def act(line: Line, _: Seen) -> None:
        line.send(data)
        line.hang()

    return act


def crashes(data: bytes) -> Act:
    """Send these bytes and end with RST."""

    def act(line: Line, _: Seen) -> None:
        line.send(data)
        line.reset()

    return act


def drips(data: bytes) -> Act:
    """Send these bytes one by one."""
    return lambda line, _: line.drip(data)


def status(code: int, body: bytes = b"{}", *lines: str, kind: str = "application/problem+json") -> Act:
    """Answer with a status code."""
    return says(whole(body, *lines, code=code, kind=kind))


def endless(line: Line, _: Seen) -> None:
    """Chunks without end."""
    line.send(head("Transfer-Encoding: chunked"))
    while True:
        line.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")
