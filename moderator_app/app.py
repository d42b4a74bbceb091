"""Puts the parts together: the window first, then everything that the first frame can do without."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from moderator_app import paths
from moderator_app.errors import KnownTrouble, ServerTrouble, SignInNeeded, StorageTrouble
from moderator_app.gui.appearance import Appearance
from moderator_app.gui.bugs import BugHooks
from moderator_app.gui.instance import Instance
from moderator_app.gui.tasks import Tasks
from moderator_app.gui.theme import base_font
from moderator_app.gui.window import MainWindow
from moderator_app.settings import SettingsFile

if TYPE_CHECKING:
    from moderator_app.backends.base import Backend
    from moderator_app.credentials import Credentials
    from moderator_app.demo import DemoServer
    from moderator_app.desk.desk import Desk
    from moderator_app.gui.sign_in import SignInRequest
    from moderator_app.model import Service, Site

_log = logging.getLogger(__name__)

SECRET_VARIABLE = "MODERATOR_APP_SECRET"  # noqa: S105 (a name, not a secret)
_RETRY = 10_000  # milliseconds until a server that was not there at the start is asked again
_END = 2.0  # seconds that the end waits for a request that is under way; what became of it is looked up later
_FLUSH = 2_000  # milliseconds that closing waits for the last decisions to be sent
SWITCH_INTERVAL = 0.0005  # seconds; a busy worker then delays the GUI thread by half a millisecond, not by five


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of the window."""

    data_dir: Path
    server: str = ""
    kind: str = ""
    account: str = ""
    demo_seed: Path | None = None


@dataclass(frozen=True, slots=True, repr=False)
class _Wanted:
    """A sign-in to try."""

    url: str
    kind: str
    account: str
    secret: str
    keeps: bool = False


class Program:
    """The running program: one window, at most one desk, and what both need."""

    def __init__(self, app: QApplication, options: Options) -> None:
        self._app, self._options, self.folder = app, options, options.data_dir
        self._tasks = Tasks()
        self._settings = SettingsFile(self.folder / "settings.json")
        self._credentials: Credentials | None = None
        self._demo: DemoServer | None = None
        self._demo_url = ""
        self._desk: Desk | None = None
        self._retry = QTimer(singleShot=True, interval=_RETRY)
        appearance = Appearance(app, self._settings)
        appearance.begin()
        app.setFont(base_font(10))
        self.window = MainWindow(self._settings, self._tasks, appearance=appearance, may_close=self._may_close)
        self.window.sign_in_wanted.connect(self.window.show_sign_in)
        self.window.sign_out_wanted.connect(self._sign_out)
        BugHooks(self._tell_bug).install()

    def begin(self) -> None:
        """Go on after the first frame."""
        self.window.install_filters(self._app)
        self.window.sign_in.asked.connect(self._sign_in)
        self.window.sign_in.demo_asked.connect(self._start_demo)
        if self._settings.trouble is not None:
            _log.warning("settings: %s", self._settings.trouble.sentence)
        if self._options.demo_seed is not None:
            self._start_demo()
        elif self._options.server:
            self._try(self._options.server, self._options.kind, self._options.account)
        elif self._settings.settings.sites:
            site = self._settings.settings.sites[0]
            self._try(site.url, site.kind, site.account)
        else:
            self.window.show_sign_in()

    def close(self) -> None:
        """Give everything back."""
        self._tasks.close()
        self.window.drop_desk()
        if self._desk is not None:
            self._desk.close(timeout=_END)
        if self._demo is not None:
            self._demo.stop()

    # Signing in

    def _try(self, url: str, kind: str, account: str) -> None:
        """Sign in with a secret that is known already, or ask for it."""
        self.window.show_state("Connecting…", url)

        def known_secret() -> str | None:
            from moderator_app.backends.address import normalise

            return os.environ.get(SECRET_VARIABLE) or self._keyring().recall(normalise(url), account)

        def found(secret: str | None) -> None:
            if secret:
                self._connect(_Wanted(url, kind, account, secret))
            else:
                self._ask(url, account)

        self._tasks.run(known_secret, found, lambda trouble: self._ask(url, account, trouble.sentence))

    def _ask(self, url: str, account: str, words: str = "") -> None:
        from moderator_app.model import Site

        if not any((site.url, site.account) == (url, account) for site in self._settings.settings.sites) and url:
            self.window.show_sign_in_to(Site(url, "", account), words)
        else:
            self.window.show_sign_in(words)

    def _sign_in(self, request: SignInRequest) -> None:
        self._connect(_Wanted(request.url, "", request.account, request.secret, request.keeps))

    def _connect(self, wanted: _Wanted) -> None:
        self._retry.stop()

        def work() -> tuple[Site, Service, Backend, str]:
            from moderator_app.backends.connect import connect

            site, service, backend = connect(wanted.url, token=wanted.secret, account=wanted.account, kind=wanted.kind)
            return site, service, backend, self._keep(wanted, site)

        self._tasks.run(work, lambda made: self._connected(*made), lambda trouble: self._not_connected(wanted, trouble))

    def _keep(self, wanted: _Wanted, site: Site) -> str:
        """Put the secret into the keyring when that is wished; what a person has to know about it."""
        if not wanted.keeps:
            return ""
        return self._keyring().remember(site.url, site.account, wanted.secret).why

    def _not_connected(self, wanted: _Wanted, trouble: KnownTrouble) -> None:
        is_asking = self.window.is_asking
        if is_asking:
            self.window.sign_in.show_trouble(trouble.sentence)
        elif isinstance(trouble, ServerTrouble):
            self._open_without_server(wanted, trouble)
        else:
            self._ask(wanted.url, wanted.account, trouble.sentence if isinstance(trouble, SignInNeeded) else "")
            self.window.sign_in.show_trouble(trouble.sentence)

    def _open_without_server(self, wanted: _Wanted, trouble: ServerTrouble) -> None:
        """Open the desk with what was last seen of the site, or wait for the server when that is nothing."""

        def wait(_trouble: KnownTrouble | None = None) -> None:
            self.window.show_state("No connection", trouble.sentence, "Try now", lambda: self._connect(wanted))
            self._retry = QTimer(singleShot=True, interval=_RETRY)
            self._retry.timeout.connect(lambda: self._connect(wanted))
            self._retry.start()

        known = [each for each in self._settings.settings.sites if each.account == wanted.account or not wanted.account]
        site = next((each for each in known if each.url == wanted.url.rstrip("/")), None)
        if site is None:
            wait()
            return

        def work() -> Desk | None:
            from moderator_app.backends.connect import reopen
            from moderator_app.store.comments import CommentStore

            store = CommentStore(self._home(site) / "seen.sqlite", site)
            service = store.service()
            store.close()
            return None if service is None else self._open_desk(site, service, reopen(site, token=wanted.secret))

        self._tasks.run(work, lambda desk: self._opened(desk, "") if desk else wait(), wait)

    def _connected(self, site: Site, service: Service, backend: Backend, kept: str) -> None:
        desk = self._desk
        if desk is not None and (desk.site.url, desk.site.account) == (site.url, site.account):
            desk.resume(backend, service)
            self.window.resume_desk()
            self._tell_kept(kept)
            return
        self._tasks.run(
            lambda: self._open_desk(site, service, backend),
            lambda opened: self._opened(opened, kept),
            lambda trouble: self.window.show_state("The desk cannot be opened", trouble.sentence),
        )

    def _open_desk(self, site: Site, service: Service, backend: Backend) -> Desk:
        import moderator_app.gui.workbench  # noqa: F401 (the window needs it next; here it does not hold it up)
        from moderator_app.desk.desk import Desk
        from moderator_app.guidelines import policy
        from moderator_app.guidelines.check import Checker
        from moderator_app.store.comments import CommentStore
        from moderator_app.store.outbox import Outbox

        store = CommentStore(self._home(site) / "seen.sqlite", site)
        store.remember_service(service)
        return Desk(
            site=site,
            service=service,
            backend=backend,
            outbox=Outbox(self._home(site) / "outbox.sqlite", site),
            store=store,
            checker=Checker(policy.builtin(paths.resources())),
            undo_seconds=self._settings.settings.undo_seconds,
        )

    def _home(self, site: Site) -> Path:
        """Where a site's decisions are kept; those of a demo that is only tried in between go with it."""
        is_in_between = site.url == self._demo_url and self._options.demo_seed is None
        return self.folder / "demo" if is_in_between else self.folder

    def _opened(self, desk: Desk, kept: str) -> None:
        old, self._desk = self._desk, desk
        if desk.site.url != self._demo_url:
            self._settings.change(sites=self._settings.settings.with_site(desk.site).sites)
        self.window.show_desk(desk)
        if old is not None:
            self._tasks.run(old.close, lambda _nothing: None, lambda _trouble: None)
        self._tell_start(desk, kept)

    def _tell_start(self, desk: Desk, kept: str) -> None:
        """What a person has to know at the start."""
        aside = desk.put_aside
        if aside is not None:
            words = f"The saved decisions were damaged. The file was put aside as {aside.name} and a new one begun."
            self.window.tell("aside", f"{words} Show it to your administrator.")
        if others := desk.waiting_for_others():
            self.window.tell("others", f"{others:,} decisions of other accounts wait here until those sign in again.")
        self._tell_kept(kept)
        if self._settings.trouble is not None:
            self.window.tell("settings", self._settings.trouble.sentence)

    def _tell_kept(self, why: str) -> None:
        """Say why a secret could not go into the keyring."""
        if why:
            self.window.tell("keyring", why)

    def _sign_out(self) -> None:
        desk, self._desk = self._desk, None
        if desk is None:
            return
        self.window.drop_desk()
        self.window.show_state("Signing out…", "")

        def work() -> None:
            desk.forget()
            desk.close()
            self._keyring().forget(desk.site.url, desk.site.account)

        self._tasks.run(work, lambda _nothing: self.window.show_sign_in(), self._signed_out_with)

    def _signed_out_with(self, trouble: KnownTrouble) -> None:
        self.window.show_sign_in(trouble.sentence)

    def _keyring(self) -> Credentials:
        if self._credentials is None:
            from moderator_app.credentials import Credentials

            self._credentials = Credentials()
        return self._credentials

    # The demo

    def _start_demo(self) -> None:
        from moderator_app.demo import DemoServer, DemoSite

        self.window.show_state("Starting the demo newsroom…", "A server of its own begins on this computer.")
        seed = self._options.demo_seed or paths.resources() / "demo" / "newsroom.json"
        if self._demo is not None:
            self._demo.stop()
        demo = self._demo = DemoServer(self.folder / "demo", seed)

        def started(site: DemoSite) -> None:
            self._demo_url = site.url
            self._connect(_Wanted(site.url, "native", site.account, site.token))

        self._tasks.run(demo.start, started, lambda trouble: self.window.show_state("No demo", trouble.sentence))

    # The end

    def _may_close(self) -> bool:
        """Send what can be sent at once, and ask when something is left."""
        from moderator_app.gui.dialogs import ask_close

        desk = self._desk
        try:
            if desk is None or desk.waiting() == 0:
                return True
            desk.courier.release()
            self._wait_for(lambda: desk.waiting() == 0, _FLUSH)
            waiting = desk.waiting()
        except StorageTrouble:
            return True
        return waiting == 0 or ask_close(self.window, waiting)

    def _wait_for(self, is_done: Callable[[], bool], milliseconds: int) -> None:
        """Let the window live until something is done or the time is over."""
        loop = QEventLoop()
        looking, ending = QTimer(interval=20), QTimer(singleShot=True, interval=milliseconds)
        looking.timeout.connect(lambda: loop.quit() if is_done() else None)
        ending.timeout.connect(loop.quit)
        looking.start()
        ending.start()
        loop.exec()
        looking.stop()
        ending.stop()

    def _tell_bug(self, sentence: str) -> None:
        self._tasks.post(lambda: self.window.tell("bug", sentence))


def run(options: Options, *, after_first_frame: Callable[[], None] | None = None) -> int:
    """Show the window until it is closed; the exit code. `after_first_frame` is for measuring the start."""
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what waits is on disk, so an end at any moment is harmless
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("moderator_app")
    app.setApplicationDisplayName("moderator_app")
    app.setDesktopFileName("moderator_app")
    instance = Instance(options.data_dir)
    try:
        if not instance.is_first():
            return 0 if instance.raise_first() else _say("The program is running already but does not answer.")
    except StorageTrouble as trouble:
        return _say(trouble.sentence)
    program = Program(app, options)
    program.window.first_frame.connect(after_first_frame or (lambda: _go_on(program, instance)))
    program.window.show()
    code = app.exec()
    program.close()
    instance.close()
    return code


def _go_on(program: Program, instance: Instance) -> None:
    from moderator_app import logs

    logs.begin(program.folder / "log")
    program.window.setWindowIcon(QIcon(str(paths.resources() / "icons" / "moderator_app.svg")))
    instance.listen(program.window.raise_up)
    program.begin()


def _say(sentence: str) -> int:
    """Say on the terminal why the program does not start."""
    with suppress(OSError, AttributeError):
        sys.stderr.write(f"{sentence}\n")
    return 1
