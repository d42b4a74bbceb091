"""One value of a server's JSON each: checked for its type, bounded in size, made harmless to show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from moderator_app.backends.strict_json import Doubtful

LINE = 200  # code points of a name or title
ADDRESS = 2000  # code points of a link
LARGEST = 2**53  # the whole numbers that every JSON reader agrees on

_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~:-]{1,100}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,6})?\d*([Zz]|[+-]\d\d:\d\d)\Z", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,8}(-[a-z]{1,8})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NOT_IN_ADDRESS = re.compile(r'[\x00-\x20\x7f-\xa0\u2028-\u202e\u2066-\u2069\ud800-\udfff\\"<>]')


class Unfit(ValueError):
    """A value is not what the contract says. The message completes "The comment cannot be read: ..." and never
    repeats the value.
    """


def members(value: object) -> Mapping[str, object]:
    """A JSON object's members; raises `Unfit` for anything else."""
    if isinstance(value, dict):
        return value
    raise Unfit(value.problem if isinstance(value, Doubtful) else "it is not an object")


def unfit(name: str, problem: str, value: object) -> Unfit:
    """What to raise for the member `name`, in the words of what is doubtful about its value if that is known."""
    return Unfit(f"{name}: {value.problem if isinstance(value, Doubtful) else problem}")


def identifier(value: object, name: str) -> str:
    """An id as a string that means nothing special in a path; whole numbers become strings."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return str(value)
    if isinstance(value, str) and _ID.match(value):
        return value
    raise unfit(name, "not an id", value)


def identifier_or_none(value: object, name: str) -> str | None:
    """An id, or None for null and for no member at all."""
    return None if value is None else identifier(value, name)


def whole(value: object, name: str, *, least: int = 0) -> int:
    """A whole number from `least` to `LARGEST`; neither true nor 1.0 is one."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= LARGEST:
        return value
    raise unfit(name, "not a whole number", value)


def whole_or_none(value: object, name: str) -> int | None:
    """A whole number, or None for null and for no member at all."""
    return None if value is None else whole(value, name)


def string(value: object, name: str) -> str:
    """A string as it came."""
    if isinstance(value, str):
        return value
    raise unfit(name, "not a text", value)


def sha256(value: object, name: str) -> str:
    """A hash of 64 lower-case hexadecimal digits."""
    if isinstance(value, str) and _HASH.match(value):
        return value
    raise unfit(name, "not a SHA-256 hash", value)


def line(value: object, name: str, limit: int = LINE) -> str:
    """A name or title on one line of at most `limit` code points, cut with an ellipsis; "" for null."""
    if value is None:
        return ""
    text = string(value, name)[: 4 * limit]  # what is behind that would be cut anyway
    text = without_surrogates(_CONTROL.sub(" ", text)).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain_text(text: str) -> str:
    """A text of several lines: line ends as "\\n", U+FFFD for lone surrogates, all else untouched."""
    return without_surrogates(text.replace("\r\n", "\n").replace("\r", "\n"))


def without_surrogates(text: str) -> str:
    """The text with U+FFFD in place of each lone surrogate, which can be neither encoded nor hashed."""
    return _SURROGATE.sub("\ufffd", text)


def has_surrogates(text: str) -> bool:
    """Whether there is a lone surrogate in the text."""
    return _SURROGATE.search(text) is not None


def instant(value: object) -> datetime | None:
    """A moment in UTC from RFC 3339 text with its zone; None for everything that cannot be read as one."""
    found = _TIME.match(value) if isinstance(value, str) else None
    if not found:
        return None
    day, time, fraction, zone = found.groups()
    try:
        return datetime.fromisoformat(f"{day}T{time}{fraction or ''}{zone.upper()}").astimezone(UTC)
    except (ValueError, OverflowError):  # month 13, a leap second, the year 0 or an hour before the year 1
        return None


def language(value: object) -> str:
    """A language tag of lower-case letters and hyphens, at most 16 of them; "" when there is none."""
    if not isinstance(value, str):
        return ""
    found = _LANGUAGE.match(value[:16].lower().replace("_", "-"))
    return found[0] if found else ""


def web_address(value: object) -> str:
    """An http or https address with a host and without a user's name; "" for everything else."""
    if not isinstance(value, str) or len(value) > ADDRESS or _NOT_IN_ADDRESS.search(value):
        return ""
    try:
        parts = urlsplit(value)
        fit = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        return ""
    return value if fit else ""
