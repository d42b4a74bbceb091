"""The page that asks for a sign-in: what it asks, what it says, and what it never tells."""

from __future__ import annotations

import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from moderator_app.gui.sign_in import SignInPage, SignInRequest
from moderator_app.model import Site
from tests.gui.bench import visible_words

SITES = (Site("https://one.example", "native", "ana", "One"), Site("https://two.example", "native", "ben"))
SECRET = "s3cret-never-shown"


@pytest.fixture
def page(qtbot: QtBot) -> SignInPage:
    """The page on the screen."""
    made = SignInPage()
    qtbot.addWidget(made)
    made.show()
    return made


def fill(page: SignInPage, *, url: str = "https://one.example", account: str = "ana", secret: str = SECRET) -> None:
    """Write into the fields."""
    for field, words in ((page._url, url), (page._account, account), (page._secret, secret)):
        field.setText(words)


@pytest.mark.parametrize(("url", "secret"), [("", SECRET), ("https://one.example", ""), ("  ", "  ")])
def test_empty_fields_are_not_sent(page: SignInPage, qtbot: QtBot, url: str, secret: str) -> None:
    """Without an address or a secret nothing is asked, and words say what is missing."""
    page.begin((), can_cancel=False)
    fill(page, url=url, secret=secret)
    with qtbot.assertNotEmitted(page.asked):
        page._go.click()
    assert "Fill in the address and the secret" in visible_words(page)


def test_what_was_typed_is_asked_once(page: SignInPage) -> None:
    """Enter in a field asks with what was typed; while the server is asked, it is not asked again."""
    asked: list[SignInRequest] = []
    page.asked.connect(asked.append)
    page.begin((), can_cancel=False)
    fill(page, url=" https://one.example ")
    QTest.keyClick(page._secret, Qt.Key.Key_Return)
    page._go.click()
    QTest.keyClick(page._secret, Qt.Key.Key_Return)
    assert [(each.url, each.account, each.secret, each.keeps) for each in asked] == [
        ("https://one.example", "ana", SECRET, True)
    ]
    assert page._go.text() == "Asking the server…"


def test_trouble_is_said_and_it_can_be_tried_again(page: SignInPage) -> None:
    """A sentence of trouble is shown as it is, and the button works again."""
    page.begin((), can_cancel=False)
    fill(page)
    page._go.click()
    page.show_trouble("<b>The server</b> does not accept this.")
    assert "<b>The server</b> does not accept this." in visible_words(page)
    assert page._go.isEnabled()
    assert page._go.text() == "Sign in"


def test_known_sites_can_be_chosen(page: SignInPage) -> None:
    """Sites used before are offered, the last one first, and choosing one fills in all but the secret."""
    page.begin(SITES, site=SITES[0], can_cancel=True)
    assert (page._url.text(), page._account.text()) == ("https://one.example", "ana")
    page._secret.setText(SECRET)
    page._known.setCurrentIndex(2)
    page._known.activated.emit(2)
    assert (page._url.text(), page._account.text(), page._secret.text()) == ("https://two.example", "ben", "")
    page._known.activated.emit(0)
    assert page._url.text() == ""


def test_without_sites_there_is_no_choice(page: SignInPage) -> None:
    """At the first start there is nothing to choose from and nothing to go back to."""
    page.begin((), can_cancel=False)
    assert page._known.isHidden()
    assert page._cancel.isHidden()


def test_the_secret_is_never_told(page: SignInPage, caplog: pytest.LogCaptureFixture) -> None:
    """The secret is hidden while it is typed, and is in no representation and no log line."""
    asked: list[SignInRequest] = []
    page.asked.connect(asked.append)
    page.begin((), can_cancel=False)
    fill(page)
    with caplog.at_level(logging.DEBUG):
        page._go.click()
        logging.getLogger("x").info("%r %s", asked[0], asked[0])
    assert SECRET not in caplog.text
    assert SECRET not in page._secret.displayText()
    assert page._secret.echoMode() is QLineEdit.EchoMode.Password
    page.begin((), can_cancel=False)
    assert page._secret.text() == ""
