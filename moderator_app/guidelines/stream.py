"""Checking JSON Lines of any length, one line at a time: the work behind `moderator-app check`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, TextIO

from moderator_app.guidelines.check import Checker
from moderator_app.model import Violation

LONGEST_LINE = 64 * 1024 * 1024  # bytes; 10 million characters, each written as \ud83d\ude00 at worst, fit


@dataclass(frozen=True, slots=True)
class Checked:
    """One comment of the input and what was found in it."""

    id: str | int
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that cannot be read; `line` counts from 1."""

    line: int
    problem: str


def run(source: BinaryIO, out: TextIO, problems: TextIO, checker: Checker, explain: bool) -> int:
    """Check every line of `source`, one answer a line to `out` and one sentence per bad line to `problems`.

    Returns 0, or 1 when a line could not be read. Memory does not grow with the number of lines.
    """
    failed = False
    for result in check_lines(_lines(source), checker):
        if isinstance(result, Malformed):
            failed = True
            problems.write(f"line {result.line}: {result.problem}\n")
        else:
            out.write(json.dumps(_answer(result, explain), ensure_ascii=True) + "\n")
    out.flush()
    return int(failed)


def check_lines(lines: Iterable[bytes], checker: Checker) -> Iterator[Checked | Malformed]:
    """What is found in each line, in order; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _row(line)
        except ValueError as error:
            yield Malformed(number, str(error))
        else:
            yield Checked(row["id"], checker.check(row["text"], row.get("lang") or ""))


def _row(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise ValueError("The line is too long.")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError("This is not JSON in UTF-8.") from error
    if not isinstance(row, dict):
        raise ValueError('Each line is an object with "id" and "text".')
    if not isinstance(row.get("id"), str | int) or isinstance(row.get("id"), bool):
        raise ValueError('"id" is missing, or neither text nor a whole number.')
    if not isinstance(row.get("text"), str):
        raise ValueError('"text" is missing or not text.')
    if not isinstance(row.get("lang") or "", str):
        raise ValueError('"lang" is not text.')
    return row


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """The lines of `source`; of one that is too long only the beginning, so that memory stays bounded."""
    while line := source.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = source.readline(LONGEST_LINE + 1)
        yield line


def _answer(result: Checked, explain: bool) -> dict[str, Any]:
    spans = [[v.start, v.end, v.category] for v in result.violations]
    answer: dict[str, Any] = {"id": result.id, "spans": spans}
    if explain:
        answer["violations"] = [asdict(violation) for violation in result.violations]
    return answer
