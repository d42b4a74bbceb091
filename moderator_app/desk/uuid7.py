"""Ids for decisions: UUID version 7, which sort by the time they were made (RFC 9562, section 5.7)."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_VERSION, _VARIANT = 0x7, 0b10


def uuid7() -> str:
    """A new id: 48 bits of Unix time in milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= _VERSION << 76 | secrets.randbits(12) << 64
    value |= _VARIANT << 62 | secrets.randbits(62)
    return str(UUID(int=value))
