"""What the benchmarks share: rounds in turns, a figure with its floor, goal and spread, and the table of them."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles

Round = tuple[float, float]  # the product's time and the floor's, of one round
Measure = Callable[[bool], "list[Figure]"]
QUICK_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: medians over the rounds, and the middle half of the rounds' ratios.

    `most_ratio` and `most` are the goal, for the ratio or for the product itself; None for none.
    """

    name: str
    product: float
    floor: float
    ratio: float
    low: float
    high: float
    unit: str = "ms"
    most_ratio: float | None = None
    most: float | None = None

    @property
    def goal(self) -> str:
        """The goal in words; "" when there is none."""
        if self.most_ratio is not None:
            return f"≤ {self.most_ratio:g} ×"
        return f"< {self.most:g} {self.unit}" if self.most is not None else ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        if self.most_ratio is not None:
            return self.ratio <= self.most_ratio
        return self.product < self.most if self.most is not None else None


def figure(
    name: str,
    rounds: Sequence[Round],
    *,
    unit: str = "ms",
    most_ratio: float | None = None,
    most: float | None = None,
) -> Figure:
    """A figure from at least one round; the ratio is the median of the rounds' ratios."""
    ratios = [product / floor for product, floor in rounds]
    low, _, high = quantiles(ratios, n=4) if len(ratios) > 1 else (ratios[0],) * 3
    return Figure(
        name=name,
        product=median(product for product, _ in rounds),
        floor=median(floor for _, floor in rounds),
        ratio=median(ratios),
        low=low,
        high=high,
        unit=unit,
        most_ratio=most_ratio,
        most=most,
    )


def in_turns(rounds: int, product: Callable[[], float], floor: Callable[[], float]) -> list[Round]:
    """Measure both so many times, in turns, so that a busy machine slows both alike."""
    found: list[Round] = []
    for number in range(rounds):
        if number % 2:
            bare = floor()
            found.append((product(), bare))
        else:
            found.append((product(), floor()))
    return found


def milliseconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1e3


def percentile(taken: Iterable[float], share: float) -> float:
    """The value that so great a share of all are not above."""
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown."""
    lines = [
        "| what | product | floor | ratio | goal | met | middle half |",
        "| --- | ---: | ---: | ---: | --- | --- | --- |",
    ]
    for each in figures:
        met = {True: "yes", False: "no", None: ""}[each.is_met]
        lines.append(
            f"| {each.name} | {_number(each.product)} {each.unit} | {_number(each.floor)} {each.unit}"
            f" | {each.ratio:.2f} × | {each.goal} | {met} | {each.low:.2f}–{each.high:.2f} × |"
        )
    return "\n".join(lines)


def command(measure: Measure) -> None:
    """The command line of one benchmark."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--quick", action="store_true", help="tiny sizes, to see that it works; the figures say nothing"
    )
    parser.add_argument("--json", action="store_true", help="the figures as JSON, for the table of all")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    code = 1
    try:
        with tempfile.TemporaryDirectory(prefix="moderator_app-measure-") as tempfile.tempdir:
            figures = measure(given.quick)
        print(json.dumps([asdict(each) for each in figures]) if given.json else table(figures), flush=True)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)  # widgets and threads need no farewell


def _number(value: float) -> str:
    """Three digits that mean something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
