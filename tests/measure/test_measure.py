"""The benchmarks run, and each prints what the product takes, what the floor takes, and the ratio."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.measure.__main__ import BENCHMARKS, write_into
from tests.measure.measuring import Figure, figure, percentile, table

ROW = re.compile(r"^\| .+ \| [\d.,]+ (?:ms|s) \| [\d.,]+ (?:ms|s) \| [\d.]+ × \|", re.MULTILINE)
SECONDS = 120


@pytest.mark.parametrize("name", BENCHMARKS)
@pytest.mark.timeout(SECONDS + 10)
def test_benchmark_prints_product_floor_and_ratio(name: str) -> None:
    """Each benchmark ends well at a tiny size and prints its figures."""
    command = [sys.executable, "-m", f"tests.measure.{name}", "--quick"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    rows = done.stdout.splitlines()[2:]
    assert rows
    assert all(ROW.match(row) for row in rows), done.stdout


def test_goal_is_held_against_the_ratio_or_the_product() -> None:
    """A figure says whether its goal is met, and nothing when it has none."""
    rounds = [(3.0, 2.0), (6.0, 4.0)]
    assert figure("ratio", rounds, most_ratio=1.5).is_met
    assert figure("ratio", rounds, most_ratio=1.4).is_met is False
    assert figure("time", rounds, most=4.6).is_met
    assert figure("time", rounds, most=4.5).is_met is False
    assert figure("none", rounds).is_met is None


def test_table_names_a_missed_goal() -> None:
    """A goal that is missed stands in the table as missed."""
    missed = Figure(name="slow", product=3, floor=1, ratio=3, low=2.9, high=3.1, most_ratio=2)
    assert "| slow | 3 ms | 1 ms | 3.00 × | ≤ 2 × | no | 2.90–3.10 × |" in table([missed])


def test_percentile_is_a_value_that_was_measured() -> None:
    """The hundredth part above the 99th percentile is left out, and few values give the largest."""
    assert percentile(range(100), 0.99) == 99
    assert percentile(range(1000), 0.99) == 990
    assert percentile([5.0, 1.0], 0.5) == 5.0


def test_readme_takes_the_table_between_its_marks_only() -> None:
    """What stands outside the marks is left as it was, and a README without them is not touched."""
    readme = "before\n<!-- speed -->\nold\n<!-- /speed -->\nafter\n"
    assert write_into(readme, "new") == "before\n<!-- speed -->\nnew\n<!-- /speed -->\nafter\n"
    assert write_into("no marks\n", "new") == "no marks\n"
