"""One deadline for a whole request (name look-up, connection, headers and body), which requests' time-outs are not."""

# A time-out of requests begins again with every read, so a server that sends a byte now and then holds its caller for
# as long as it likes. Here every read of a socket waits no longer than what is left of the deadline that is set on
# its thread, so no timer and no second thread is needed. Names are looked up on a thread that is left behind when it
# is late, because the system's look-up cannot be ended.

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util import create_urllib3_context
from urllib3.util.connection import create_connection


class Deadline:
    """The seconds that are left; `sent` tells whether any byte of the current request has left this computer."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.sent = False

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end

    def left(self) -> float:
        """The seconds that are left, above 0; raises TimeoutError when there are none."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the deadline of the whole request")
        return seconds


_thread = threading.local()


def _current() -> Deadline | None:
    return getattr(_thread, "deadline", None)


@contextmanager
def within(seconds: float) -> Iterator[Deadline]:
    """Give this thread's requests a deadline; inside another `within`, the outer one holds."""
    if outer := _current():
        yield outer
        return
    _thread.deadline = Deadline(seconds)
    try:
        yield _thread.deadline
    finally:
        _thread.deadline = None


class _TimedSocket(socket.socket):
    """A socket whose every read waits no longer than the thread's deadline."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if deadline := _current():
            self.settimeout(deadline.left())
        return super().recv_into(*args, **kwargs)


class _TimedTLSSocket(ssl.SSLSocket):
    """The same over TLS; the handshake is one call, which the socket's time-out bounds as a whole."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if deadline := _current():
            self.settimeout(deadline.left())
        return super().recv_into(*args, **kwargs)


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a host; raises OSError (`socket.gaierror`, or TimeoutError when the look-up is late)."""
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put([str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            found.put(error if isinstance(error, OSError) else socket.gaierror(str(error)))

    threading.Thread(target=ask, name="name look-up", daemon=True).start()
    try:
        answer = found.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("name look-up") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _timed(plain: socket.socket, deadline: Deadline) -> socket.socket:
    """The same connection as a socket that knows the deadline."""
    timed = _TimedSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
    timed.settimeout(deadline.left())  # bounds the TLS handshake
    return timed


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        deadline = _current() or Deadline(10)
        host = self._dns_host  # the name without the brackets of an IPv6 address
        try:
            addresses = _look_up(host, self.port or self.default_port, deadline.left())
            return _timed(self._first_that_answers(addresses, deadline), deadline)
        except socket.gaierror as error:
            raise NameResolutionError(host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "the deadline passed before there was a connection") from error
        except OSError as error:
            raise NewConnectionError(self, type(error).__name__) from error

    def _first_that_answers(self, addresses: list[str], deadline: Deadline) -> socket.socket:
        problem: OSError = OSError("no address")
        for place, address in enumerate(addresses):
            share = deadline.left() / (len(addresses) - place)  # one dead address leaves time for the next
            try:
                return create_connection(
                    (address, self.port or self.default_port), share, socket_options=self.socket_options
                )
            except OSError as error:
                problem = error
        raise problem

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if deadline := _current():
            deadline.sent = True
            self.sock.settimeout(deadline.left())
        super().send(data)


class _SecureConnection(_PlainConnection, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class DeadlineAdapter(HTTPAdapter):
    """What a `requests.Session` sends with, so that `within` bounds its requests; it never tries twice."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools (called by `requests`), with sockets that know the deadline."""
        context = create_urllib3_context()
        context.sslsocket_class = _TimedTLSSocket
        super().init_poolmanager(*args, ssl_context=context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
