"""Slow work off the GUI thread; its result or its error always comes back on it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from moderator_app.errors import KnownTrouble

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T = TypeVar("T")
_log = logging.getLogger(__name__)
_WORKERS = 4


class Tasks(QObject):
    """A small pool of workers that never leaves the GUI thread itself.

    A `KnownTrouble` is handed to `failed`; any other exception is a bug and is raised on the GUI thread, where the
    hook for bugs finds it. Close it before Qt goes.
    """

    _posted = Signal(object)  # a call to make on the GUI thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers: ThreadPoolExecutor | None = None
        self._is_closed = False
        self._whole: Tasks | None = None
        self._posted.connect(self._call)

    def part(self) -> Tasks:
        """Tasks in the same pool that can be closed on their own, for what may go before the window does."""
        part = Tasks(self)
        part._whole = self
        return part

    def post(self, call: Callable[[], None]) -> None:
        """Make a call on the GUI thread soon; safe from any thread."""
        if self._delivers:
            self._posted.emit(call)

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[KnownTrouble], None]) -> None:
        """Do `work` in the pool, then call `done` or `failed` on the GUI thread."""
        if not self._delivers:
            return
        future = self._pool().submit(work)
        future.add_done_callback(lambda ended: self.post(lambda: _deliver(ended, done, failed)))

    def close(self) -> None:
        """Deliver nothing more; work that has begun ends by itself."""
        self._is_closed = True
        if self._workers is not None:
            self._workers.shutdown(wait=False, cancel_futures=True)

    @property
    def _delivers(self) -> bool:
        return not self._is_closed and (self._whole is None or self._whole._delivers)

    def _pool(self) -> ThreadPoolExecutor:
        if self._whole is not None:
            return self._whole._pool()
        if self._workers is None:
            from concurrent.futures import ThreadPoolExecutor  # the first frame can do without it

            self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="task")
        return self._workers

    def _call(self, call: Callable[[], None]) -> None:
        if self._delivers:
            call()


def _deliver(future: Future[Any], done: Callable[[Any], None], failed: Callable[[KnownTrouble], None]) -> None:
    if future.cancelled():
        return
    error = future.exception()
    if error is None:
        done(future.result())
    elif isinstance(error, KnownTrouble):
        if error.detail:
            _log.info("%s: %s", type(error).__name__, error.detail)
        failed(error)
    else:
        raise error
