"""JSON read from bytes the strict way: what is doubtful is refused by name instead of guessed."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass

DIGITS = 19  # of a whole number: enough for 64 bits


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Stands where a value was that can be read in more than one way, so that the values around it stay usable.

    It is no JSON type, so every type check refuses it. `members` holds what an object said once and clearly.
    """

    problem: str
    members: tuple[tuple[str, object], ...] = ()


def loads(data: bytes) -> object:
    """The value of UTF-8 JSON; a byte order mark is allowed.

    An object with a key twice, NaN, Infinity, a number beyond a double and a whole number of more than `DIGITS` digits
    become `Doubtful`. Raises ValueError for everything that is not JSON, and for nesting beyond Python's own recursion
    limit (about 1,000 levels).
    """
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=lambda constant: Doubtful(f"{constant} is not a number"),
            parse_int=_whole,
            parse_float=_finite,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeDecodeError as error:  # it carries the document along, which may not get into a log
        raise ValueError(f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:  # and so does this one
        raise ValueError(f"{error.msg} at character {error.pos}") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object] | Doubtful:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    times = Counter(name for name, _ in pairs)
    return Doubtful("a key is there twice", tuple(pair for pair in pairs if times[pair[0]] == 1))


def _whole(digits: str) -> int | Doubtful:
    return int(digits) if len(digits) <= DIGITS + 1 else Doubtful("a number is too long")


def _finite(digits: str) -> float | Doubtful:
    number = float(digits)
    return number if math.isfinite(number) else Doubtful("a number is too large")
