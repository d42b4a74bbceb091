"""Runs every speed benchmark and prints one table: `python -m tests.measure`; `--readme` writes it into the README."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.measure.measuring import Figure, table

BENCHMARKS = ("first_frame", "queue_list", "decision_key", "comment_text", "outbox", "serving", "stall")
README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- speed -->", "<!-- /speed -->"


def run(name: str, *, is_quick: bool) -> list[Figure]:
    """The figures of one benchmark, which has a process of its own."""
    command = [sys.executable, "-m", f"tests.measure.{name}", "--json", *(["--quick"] if is_quick else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=README.parent)
    return [Figure(**each) for each in json.loads(done.stdout)]


def circumstances(load: float) -> str:
    """On what, and beside what, the figures were measured."""
    from PySide6 import __version__ as qt

    return (
        f"Measured on {datetime.now(UTC):%d %B %Y} with Python {platform.python_version()} and PySide6 {qt}, offscreen,"
        f" on {os.cpu_count()} cores with a load of {load:.1f} before. Product and floor ran in turns; figures are"
        " medians, ratios are medians of the rounds' ratios."
    )


def write_into(readme: str, words: str) -> str:
    """The README with the words between its marks; the same when it has none."""
    before, found_begin, rest = readme.partition(BEGIN)
    _old, found_end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{words}\n{END}{after}" if found_begin and found_end else readme


def main() -> None:
    """Run what is named, or all, and say which goals are missed by the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument(
        "--quick", action="store_true", help="tiny sizes, to see that it works; the figures say nothing"
    )
    parser.add_argument("--readme", action="store_true", help="write the table between the marks of the README")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    load = os.getloadavg()[0]
    figures = [each for name in given.names or BENCHMARKS for each in run(name, is_quick=given.quick)]
    words = f"{table(figures)}\n\n{circumstances(load)}"
    print(words)
    if given.readme:
        README.write_text(write_into(README.read_text(encoding="utf-8"), words), encoding="utf-8")
    raise SystemExit(any(each.is_met is False for each in figures))


if __name__ == "__main__":
    main()
