"""Which addresses may be opened in a browser, and the host that a person has to see before."""

from __future__ import annotations

from PySide6.QtCore import QUrl


def host_of(address: str) -> str:
    """The host of a web address in ASCII, as "xn--…" where it has other letters; "" when it must not be opened."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme() not in ("http", "https") or url.userInfo():
        return ""
    return url.host(QUrl.ComponentFormattingOption.FullyEncoded)
