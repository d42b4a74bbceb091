"""What becomes of an address that a person types."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderator_app import errors
from moderator_app.backends.address import may_carry_a_secret, normalise

GOOD = {
    "news.example": "https://news.example",
    " https://News.Example/ ": "https://news.example",
    "https://news.example:443/v1/": "https://news.example",
    "news.example:8443/desk/v1": "https://news.example:8443/desk",
    "https://news.example/a//b/?x=1#y": "https://news.example/a/b",
    "localhost:8000": "http://localhost:8000",
    "127.0.0.1:8000/v1/": "http://127.0.0.1:8000",
    "https://localhost": "https://localhost",
    "http://news.example:80": "http://news.example",
    "[::1]:8000": "http://[::1]:8000",
    "haber.örnek.example": "https://haber.xn--rnek-4qa.example",
}


@pytest.mark.parametrize("typed", GOOD)
def test_is_put_into_one_form(typed: str) -> None:
    """Scheme added, host in lower case, the contract's own path and everything behind it gone."""
    assert normalise(typed) == GOOD[typed]


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "two words", "ftp://news.example", "javascript:alert(1)", "file:///etc/passwd", "https://",
        "https://me:secret@news.example", "news.example@evil.example", "https://news.example\\@evil.example",
        "https://news.example:99999", "https://[::1", "https://news.example/../admin", "https://news.example/%2e%2e/x",
        "https://-", "https://a..b", "news\n.example", "https://\u202egro.example", "x" * 600, "https://.", "//x",
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(typed: str) -> None:
    """What is no address, or hides where it leads, is refused in words and never sent to."""
    with pytest.raises(errors.NotSupported) as caught:
        normalise(typed)
    assert caught.value.sentence.endswith((".", "example"))
    assert "secret@" not in caught.value.sentence


@given(st.text(max_size=60) | st.from_regex(r"(https?://)?[a-zA-Z0-9.:@/\[\]-]{0,30}"))
@example("https://a/v1/v1")
def test_any_text_is_put_into_form_or_refused(typed: str) -> None:
    """Nothing else is raised, and an address that is in form stays as it is."""
    try:
        once = normalise(typed)
    except errors.NotSupported:
        return
    assert once.startswith(("https://", "http://"))
    assert not once.endswith("/")
    assert normalise(once) == once.removesuffix("/v1")


def test_a_secret_needs_encryption() -> None:
    """A secret goes over https anywhere, and over http to this computer alone."""
    assert may_carry_a_secret("https://news.example")
    assert may_carry_a_secret("http://127.9.9.9:1")
    assert not may_carry_a_secret("http://127.0.0.1.evil.example")
    assert not may_carry_a_secret("ftp://localhost")
