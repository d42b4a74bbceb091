"""A server's address as a person types it, made into the one form that everything else uses."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from moderator_app.errors import NotSupported

LONGEST = 500  # code points

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?\Z")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*\Z")
_EXAMPLE = "Type it like https://comments.news.example"


def normalise(typed: str) -> str:
    """The address with scheme, host, port and path prefix, without a slash at the end and without the contract's /v1.

    Without a scheme it is https, or http on this computer itself. Raises `errors.NotSupported` with the reason.
    """
    text = typed.strip()
    if not text or len(text) > LONGEST or not text.isprintable() or set(text) & set(' \\"<>'):
        raise NotSupported(f"This is not an address. {_EXAMPLE}")
    parts = _split(text if "://" in text else f"https://{text}")
    if parts.scheme not in ("http", "https"):
        raise NotSupported(f"An address begins with https:// here, and with nothing else. {_EXAMPLE}")
    if "@" in parts.netloc:
        raise NotSupported("Leave out the name and the secret before the @: there is a field for each.")
    host = _host(parts.hostname or "")
    scheme = "http" if "://" not in text and is_this_computer(host) else parts.scheme
    port = "" if parts.port in (None, {"http": 80, "https": 443}[scheme]) else f":{parts.port}"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}{port}{_prefix(parts.path)}"


def is_this_computer(host: str) -> bool:
    """Whether a host is the computer that the program runs on (`localhost`, 127.0.0.0/8 or ::1)."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def may_carry_a_secret(url: str) -> bool:
    """Whether a secret may go there: encrypted, or without leaving this computer."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and is_this_computer(parts.hostname or ""))


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname  # both are read only now
    except ValueError:
        raise NotSupported(f"This is not an address. {_EXAMPLE}") from None
    return parts


def _host(name: str) -> str:
    """The host in ASCII and lower case."""
    try:
        if ":" in name:
            return str(ipaddress.IPv6Address(name))
        host = name if name.isascii() else name.encode("idna").decode("ascii")
    except ValueError:  # UnicodeError is one
        host = ""
    if not _HOST.match(host):
        raise NotSupported(f"There is no server's name in this address. {_EXAMPLE}")
    return host


def _prefix(path: str) -> str:
    """The path below which the contract's calls are."""
    path = re.sub(r"/{2,}", "/", path).rstrip("/").removesuffix("/v1")
    if not _PATH.match(path) or {".", ".."} & set(path.split("/")):
        raise NotSupported(f"The part behind the server's name cannot be used. {_EXAMPLE}")
    return path
