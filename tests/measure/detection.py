"""Measures highlighting on a folder of labelled rows: `python -m tests.measure.detection --data FOLDER`."""

from __future__ import annotations

import argparse
import gzip
import json
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

from moderator_app.guidelines.check import Checker
from moderator_app.guidelines.policy import builtin
from moderator_app.paths import resources
from tests import readme

Row = dict[str, Any]
Spans = list[tuple[int, int, str]]
UNTOUCHED = ("none", "clean")


def read(path: Path) -> Iterator[Row]:
    """The rows of one file of JSON Lines, packed with gzip or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def half(row: Row) -> int:
    """0 (to tune on) or 1 (to report): the same for all rows of one template or pair."""
    return zlib.crc32(str(row.get("template") or row.get("pair") or row["id"]).encode()) & 1


def characters(spans: Iterable[Any]) -> set[int]:
    """The code points that spans cover."""
    return {place for span in spans for place in range(span[0], span[1])}


def f1(marked: set[int], gold: set[int]) -> float:
    """The score of one post after SemEval-2021 task 5: character F1, and 1 or 0 where there is no gold."""
    if not gold:
        return float(not marked)
    return 2 * len(marked & gold) / (len(marked) + len(gold))


def of_spans(rows: list[Row], found: list[Spans]) -> list[str]:
    """Mean F1 against both views of the gold, and how many gold spans of each category are touched."""
    marks = [characters(spans) for spans in found]
    gold = mean(f1(m, characters(row["spans"])) for m, row in zip(marks, rows, strict=True))
    typed = mean(f1(m, characters(row.get("typed", ()))) for m, row in zip(marks, rows, strict=True))
    seen: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    for mark, row in zip(marks, rows, strict=True):
        for start, end, category in row.get("typed", ()):
            seen[category] += 1
            touched[category] += not mark.isdisjoint(range(start, end))
    by_category = " ".join(f"{name} {touched[name] / count:.2f}" for name, count in seen.most_common())
    return [f"F1 {gold:.3f}, typed {typed:.3f}", f"touched: {by_category}"]


def of_detect(rows: list[Row], found: list[Spans]) -> list[str]:
    """The shares of violations caught, of harmless rows marked, and of rows marked in each group."""
    by_truth: dict[bool | None, list[bool]] = defaultdict(list)
    by_group: dict[str, list[bool]] = defaultdict(list)
    right: list[bool] = []
    wrong: list[bool] = []
    for row, spans in zip(rows, found, strict=True):
        by_truth[row["violation"]].append(bool(spans))
        by_group[row.get("group") or ""].append(bool(spans))
        if row.get("category"):
            same = any(span[2] in row["category"] for span in spans)
            (right if row["violation"] else wrong).append(same)
    first = f"caught {share(by_truth[True])}, false {share(by_truth[False])}"
    if right:
        first += f"; in the category: caught {share(right)}, false {share(wrong)}"
    return [first, *(f"    {name:38s} {share(flags)}" for name, flags in sorted(by_group.items()))]


def share(flags: list[bool]) -> str:
    """A share with the number it is of."""
    return f"{mean(flags):.3f} (n={len(flags)})" if flags else "-"


def of_obfuscation(rows: list[Row], found: list[Spans]) -> list[str]:
    """For each disguise: of the words found untouched, how many are still found, and how many exactly."""
    untouched = {
        row["pair"]: hits(row, spans)[0]
        for row, spans in zip(rows, found, strict=True)
        if row["transform"] in UNTOUCHED
    }
    kept: dict[str, list[bool]] = defaultdict(list)
    exact: dict[str, list[bool]] = defaultdict(list)
    for row, spans in zip(rows, found, strict=True):
        if row["transform"] in UNTOUCHED or not untouched.get(row["pair"]):
            continue
        near, same = hits(row, spans)
        for name in (row["transform"], "ALL"):
            kept[name].append(near)
            exact[name].append(same)
    lines = [f"found untouched {share(list(untouched.values()))}, kept {share(kept['ALL'])}"]
    return lines + [f"    {name:14s} kept {share(kept[name])} exact {share(exact[name])}" for name in sorted(kept)]


def hits(row: Row, spans: Spans) -> tuple[bool, bool]:
    """Whether a span touches the row's gold span, and whether one overlaps it by half of their union."""
    start, end, _ = row["spans"][0]
    near = [(a, b) for a, b, _ in spans if a < end and start < b]
    exact = any((min(b, end) - max(a, start)) * 2 >= max(b, end) - min(a, start) for a, b in near)
    return bool(near), exact


MEASURES: dict[str, Callable[[list[Row], list[Spans]], list[str]]] = {
    "spans": of_spans,
    "detect": of_detect,
    "obfuscation": of_obfuscation,
}


def measure(path: Path, checker: Checker, wanted: int | None, *, hint: bool) -> list[str]:
    """The figures of one file, the most important first; nothing for a file without rows."""
    rows = [row for row in read(path) if wanted is None or half(row) == wanted]
    if not rows:
        return []
    found: list[Spans] = []
    taken: list[float] = []
    for row in rows:
        began = time.perf_counter()
        violations = checker.check(row["text"], row["lang"] if hint else "")
        taken.append((time.perf_counter() - began) * 1e6)
        found.append([(v.start, v.end, v.category) for v in violations])
    cuts = quantiles(taken, n=100)
    lines = MEASURES[rows[0]["task"]](rows, found)
    return [f"{lines[0]}; p50 {cuts[49]:.0f} µs, p99 {cuts[98]:.0f} µs", *lines[1:]]


# What rules begin with, repeated: none of it may cost more than its length.
PIECES = (
    "a", "a ", "a.", "ab ", "f*", "*", "!", "'", "_", "a_", "fuck ", "fu ck ", "s h i t ", "a$5@1!", "1!|", "0a",
    "i will ", "i will kill ", "women are ", "all the women ", "check out my ", "you are a ", "http://", "www.", "a@",
    "a.a", "12-", "1", "5% ", " @abc", "\u0301", "\u200d", "\ufdfa", "و", "س ", "۱", "\n",
)  # fmt: skip


def processor_time(checker: Checker, text: str) -> float:
    """The seconds of processor time that one check takes."""
    began = time.process_time()
    checker.check(text)
    return time.process_time() - began


def measure_growth() -> None:
    """Print how time grows when texts made to backtrack double in length: about 2 is linear, 4 is square."""
    policy = builtin(resources())
    for piece in PIECES:
        taken = []
        for length in (100_000, 200_000, 400_000):
            checker = Checker(policy)
            text = (piece * (length // len(piece) + 1))[:length]
            taken.append(min(processor_time(checker, text) for _ in range(3)))
        growth = " ".join(f"x{later / sooner:.1f}" for sooner, later in pairwise(taken))
        print(f"{piece!r:18} {growth}   {taken[-1] * 1e3:.0f} ms for {length:,} code points")


def main() -> None:
    """Measure every file of the folder, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", type=Path, help="folder of .jsonl or .jsonl.gz files")
    what.add_argument("--growth", action="store_true", help="how time grows with texts made to backtrack")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only the half to tune on (0) or to report (1)")
    parser.add_argument("--hint", action="store_true", help="tell the checker each row's language")
    parser.add_argument("--readme", action="store_true", help="write the figures into the README too")
    parser.add_argument("files", nargs="*", help="names of files, without ending; all of them by default")
    wanted = parser.parse_args()
    if wanted.growth:
        measure_growth()
        return
    checker = Checker(builtin(resources()))
    table = ["| rows | figures |", "| --- | --- |"]
    for path in sorted(wanted.data.glob("*.jsonl*")):
        name = path.name.split(".")[0]
        if wanted.files and name not in wanted.files:
            continue
        if lines := measure(path, checker, wanted.half, hint=wanted.hint):
            print(f"{name}: {lines[0]}", *lines[1:], sep="\n  ")
            table.append(f"| {name} | {lines[0]} |")
    if wanted.readme:
        readme.put("detection", "\n".join(table))


if __name__ == "__main__":
    main()
