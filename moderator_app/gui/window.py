"""The main window: its menus, its status line, and the page that fits the moment."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from moderator_app.errors import StorageTrouble
from moderator_app.settings import SettingsFile

if TYPE_CHECKING:
    from moderator_app.desk.desk import Desk
    from moderator_app.gui.actions import Actions
    from moderator_app.gui.appearance import Appearance
    from moderator_app.gui.desk_status import DeskStatus
    from moderator_app.gui.keys import DecisionGuard, PhysicalKeys
    from moderator_app.gui.sign_in import SignInPage
    from moderator_app.gui.state_page import StatePage
    from moderator_app.gui.tasks import Tasks
    from moderator_app.gui.workbench import Workbench
    from moderator_app.model import Site

_SIZE = (1360, 860)  # pixels, at the first start
_HINT = 4_000  # milliseconds


class MainWindow(QMainWindow):
    """Shows one page at a time: a state, the sign-in, or the desk.

    The first frame is the bare window in its colours; what stands in it is made after that, or when it is first needed.
    """

    first_frame = Signal()  # the window has been painted for the first time
    sign_in_wanted = Signal(str)  # the page is to be shown, with words that say why
    sign_out_wanted = Signal()

    def __init__(
        self,
        settings: SettingsFile,
        tasks: Tasks,
        *,
        appearance: Appearance,
        may_close: Callable[[], bool],
        dwell: int | None = None,
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self.settings, self._tasks, self._may_close, self._dwell = settings, tasks, may_close, dwell
        self._is_painted = False
        self.bench: Workbench | None = None
        self._commands: dict[str, Callable[[], object]] = {}
        self._pages = QStackedWidget()
        self.setCentralWidget(self._pages)
        self.setWindowTitle("moderator_app")
        self.setMinimumSize(900, 560)
        self.resize(*_SIZE)
        self._restore()

    @cached_property
    def actions_(self) -> Actions:
        """Every action by its name, in the menus and connected to what it does."""
        from moderator_app.gui.actions import Actions

        actions = Actions(self)
        self._make_menus(actions)
        self._connect(actions)
        return actions

    @cached_property
    def _state(self) -> StatePage:
        from moderator_app.gui.state_page import StatePage

        page = StatePage()
        self._pages.addWidget(page)
        return page

    @cached_property
    def sign_in(self) -> SignInPage:
        """The page that asks for a sign-in."""
        from moderator_app.gui.sign_in import SignInPage

        page = SignInPage()
        page.cancelled.connect(self.back_to_desk)
        self._pages.addWidget(page)
        return page

    @cached_property
    def _status(self) -> DeskStatus:
        from moderator_app.gui.desk_status import DeskStatus

        status = DeskStatus()
        self.setStatusBar(status)
        return status

    @cached_property
    def _guard(self) -> DecisionGuard:
        from moderator_app.gui.keys import DWELL, DecisionGuard

        return DecisionGuard(self, DWELL if self._dwell is None else self._dwell)

    @cached_property
    def _keys(self) -> PhysicalKeys:
        from moderator_app.gui.keys import PhysicalKeys

        return PhysicalKeys(self, self.actions_.all)

    def furnish(self) -> None:
        """Add the menus and the status line, which the first frame does without."""
        self._set_modes()
        self._status.show()

    def install_filters(self, app: QApplication) -> None:
        """Let the window hear every key before anything else does."""
        app.installEventFilter(self._guard)
        app.installEventFilter(self._keys)

    def show_state(self, title: str, words: str, button: str = "", action: Callable[[], None] | None = None) -> None:
        """Show a state in the place of everything."""
        self._state.show_state(title, words, button, action)
        self._pages.setCurrentWidget(self._state)

    @property
    def is_asking(self) -> bool:
        """Whether the sign-in is on the screen."""
        return self._pages.currentWidget() is self.sign_in

    def show_sign_in(self, words: str = "") -> None:
        """Ask for a sign-in; the desk, if there is one, stays as it is behind it."""
        sites = self.settings.settings.sites
        site = self.bench.desk.site if self.bench else None
        self.show_sign_in_to(site or (sites[0] if sites else None), words)

    def show_sign_in_to(self, site: Site | None, words: str = "") -> None:
        """Ask for a sign-in to one site."""
        self.sign_in.begin(self.settings.settings.sites, words=words, site=site, can_cancel=bool(self.bench))
        self._pages.setCurrentWidget(self.sign_in)
        self._set_modes()

    def resume_desk(self) -> None:
        """The same account has signed in again: go on where it was."""
        if self.bench is not None:
            self.bench.refreshing.signed_in()
            self.back_to_desk()

    def show_desk(self, desk: Desk) -> Workbench:
        """Show a desk and begin to work at it."""
        from moderator_app.gui.commands import commands
        from moderator_app.gui.text import escaped_mnemonic
        from moderator_app.gui.workbench import Workbench

        self.drop_desk()
        settings = self.settings.settings
        bench = Workbench(
            desk,
            self._tasks,
            actions=self.actions_,
            guard=self._guard,
            theme=self._appearance.theme,
            order=settings.order,
        )
        self.bench, self._commands = bench, commands(bench)
        self._pages.addWidget(bench)
        self._connect_bench(bench)
        bench.set_text_size(settings.text_size)
        bench.restore_panes(settings.panes)
        self._status.show_site(desk.site, desk.service.me)
        self.setWindowTitle(f"{escaped_mnemonic(desk.site.name or desk.site.url)} — moderator_app")
        self.back_to_desk()
        bench.start()
        return bench

    def back_to_desk(self) -> None:
        """Show the desk again."""
        if self.bench is not None:
            self._pages.setCurrentWidget(self.bench)
            self.bench.queue.view.setFocus()
            self._set_modes()

    def drop_desk(self) -> None:
        """Take the desk off the screen."""
        if self.bench is not None:
            self.settings.change(panes=self.bench.panes_state())
            self.bench.stop()
            self._pages.removeWidget(self.bench)
            self.bench.deleteLater()
            self.bench, self._commands = None, {}
            self._status.clear_desk()
            self.setWindowTitle("moderator_app")
        self._set_modes()

    def tell(self, key: str, words: str) -> None:
        """Say something that should be read: over the desk, or as the state of the window."""
        if self.bench is not None:
            self.bench.notices.add(key, words)
        else:
            self.show_state("Attention", words)

    def raise_up(self) -> None:
        """Come forward, for the program was started a second time."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _restore(self) -> None:
        if state := self.settings.settings.window:
            self.restoreGeometry(QByteArray.fromBase64(state.encode("ascii", "ignore")))

    def _make_menus(self, made: Actions) -> None:
        for group, actions in made.by_group():
            menu = self.menuBar().addMenu(group.value)
            menu.addActions(actions)
            if group.value == "View":
                self._appearance.add_menus(menu)

    def _connect(self, act: Actions) -> None:
        act["quit"].triggered.connect(self.close)
        act["keys"].triggered.connect(self._show_keys)
        act["about"].triggered.connect(self._show_about)
        act["sign_in"].triggered.connect(lambda: self.sign_in_wanted.emit(""))
        act["sign_out"].triggered.connect(self.sign_out_wanted)
        for name in ("larger", "smaller", "normal_size"):
            act[name].triggered.connect(getattr(self._appearance, name))
        for action in act.all():
            action.triggered.connect(lambda _on=False, each=action: self._do(each.objectName()))
        self._appearance.follow_system()

    def _connect_bench(self, bench: Workbench) -> None:
        bench.article.larger.connect(self._appearance.larger)
        bench.article.smaller.connect(self._appearance.smaller)
        self._appearance.resized.connect(bench.set_text_size)
        self._appearance.themed.connect(bench.set_theme)
        bench.article.link_opened.connect(self._open_link)
        bench.modes_changed.connect(self._set_modes)
        bench.counts_changed.connect(self._show_counts)
        bench.deciding.hint.connect(lambda words: self._status.showMessage(words, _HINT))
        bench.queue.order_chosen.connect(lambda order: self.settings.change(order=order))
        bench.sign_in_asked.connect(lambda: self.sign_in_wanted.emit(""))

    def _do(self, name: str) -> None:
        """Carry out an action of the desk, while the desk is on the screen."""
        if self.bench is not None and self._pages.currentWidget() is self.bench and name in self._commands:
            self._commands[name]()

    def _set_modes(self) -> None:
        is_shown = self.bench is not None and self._pages.currentWidget() is self.bench
        self.actions_.set_modes(self.bench.modes() if self.bench is not None and is_shown else set())

    def _show_counts(self) -> None:
        if self.bench is not None:
            desk, refreshing = self.bench.desk, self.bench.refreshing
            with suppress(StorageTrouble):  # the count can wait; deciding will say what is wrong
                self._status.show_counts(desk.queue.pending(), desk.waiting())
            self._status.show_connection(refreshing.connection, desk.last_contact)
        self._set_modes()

    def _show_keys(self) -> None:
        from moderator_app.gui.key_sheet import KeySheet

        KeySheet(self).exec()

    def _show_about(self) -> None:
        from moderator_app.gui.about import show_about

        show_about(self)

    def _open_link(self, url: str) -> None:
        """Open an article's address after a question that shows where it leads."""
        from moderator_app.gui.dialogs import ask_open
        from moderator_app.gui.links import host_of

        host = host_of(url)
        if not host:
            self.tell("link", "The article's address is not one that can be opened safely.")
            return
        ask_open(self, url, host)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        self.settings.change(window=bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.first_frame.emit)
            QTimer.singleShot(0, self.furnish)
