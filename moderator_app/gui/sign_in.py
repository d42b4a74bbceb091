"""The page that asks for a site's address, the account and its secret."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from moderator_app.gui.text import PlainLabel, one_line
from moderator_app.gui.theme import base_font
from moderator_app.model import Site

_WIDTH = 460  # pixels


@dataclass(frozen=True, slots=True, repr=False)
class SignInRequest:
    """What was typed. It has no repr, so that the secret does not get into a log."""

    url: str
    account: str
    secret: str
    keeps: bool  # whether the secret may go into the system's keyring


class SignInPage(QWidget):
    """Asks and waits; what the server makes of it is told back through `show_trouble`."""

    asked = Signal(object)  # SignInRequest
    demo_asked = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._trouble = PlainLabel("Sign in"), PlainLabel(wraps=True)
        self._known = QComboBox()
        self._url, self._account, self._secret = QLineEdit(), QLineEdit(), QLineEdit()
        self._keeps = QCheckBox("Keep the secret in this system's keyring")
        self._go, self._demo, self._cancel = QPushButton("Sign in"), QPushButton("Try the demo"), QPushButton("Back")
        self._sites: tuple[Site, ...] = ()
        self._build()
        self._go.clicked.connect(self._ask)
        self._demo.clicked.connect(self.demo_asked)
        self._cancel.clicked.connect(self.cancelled)
        self._known.activated.connect(self._choose)
        for field in (self._url, self._account, self._secret):
            field.returnPressed.connect(self._ask)

    def begin(self, sites: tuple[Site, ...], *, words: str = "", site: Site | None = None, can_cancel: bool) -> None:
        """Ask anew; `site` is the one to sign in to again, `words` say why."""
        self._sites = sites
        self._known.clear()
        self._known.addItem("Another site")
        for each in sites:
            self._known.addItem(one_line(f"{each.account} · {each.name or each.url}"))
        self._known.setVisible(bool(sites))
        chosen = sites.index(site) + 1 if site in sites else 0
        self._known.setCurrentIndex(chosen)
        self._choose(chosen)
        if site is not None:
            self._url.setText(site.url)
            self._account.setText(site.account)
        self._cancel.setVisible(can_cancel)
        self._set_busy(busy=False)
        self.show_trouble(words)
        (self._secret if self._url.text() else self._url).setFocus()

    def show_trouble(self, sentence: str) -> None:
        """Say why the sign-in did not work, and let it be tried again."""
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))
        self._set_busy(busy=False)

    def _ask(self) -> None:
        if not self._go.isEnabled():  # Enter in a field while the server is being asked
            return
        url, account, secret = (field.text().strip() for field in (self._url, self._account, self._secret))
        if not url or not secret:
            self.show_trouble("Fill in the address and the secret; the server's administrator gives you both.")
            return
        self._set_busy(busy=True)
        self.asked.emit(SignInRequest(url, account, secret, self._keeps.isChecked()))

    def _choose(self, row: int) -> None:
        site = self._sites[row - 1] if 0 < row <= len(self._sites) else None
        self._url.setText(site.url if site else "")
        self._account.setText(site.account if site else "")
        self._secret.clear()

    def _set_busy(self, *, busy: bool) -> None:
        self._go.setEnabled(not busy)
        self._go.setText("Asking the server…" if busy else "Sign in")

    def _build(self) -> None:
        self._title.setFont(base_font(18, bold=True))
        self._trouble.setProperty("notice", True)
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._keeps.setChecked(True)
        self._go.setProperty("primary", True)
        self._url.setPlaceholderText("https://news.example.org")
        self._account.setPlaceholderText("may be left empty")
        self._secret.setPlaceholderText("token or password")
        form = QFormLayout()
        form.setSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name, field in (("Address", self._url), ("Account", self._account), ("Secret", self._secret)):
            field.setAccessibleName(name)
            form.addRow(name, field)
        form.addRow("", self._keeps)
        buttons = QHBoxLayout()
        for button in (self._go, self._cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._demo)
        words = PlainLabel("Read every comment before it is published.")
        words.setProperty("faint", True)
        card = QFrame()
        card.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setSpacing(12)
        for part in (self._title, words, self._trouble, self._known):
            column.addWidget(part)
        column.addLayout(form)
        column.addLayout(buttons)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(card)
        outer.addLayout(row)
        outer.addStretch(2)
        outer.setAlignment(Qt.AlignmentFlag.AlignCenter)
