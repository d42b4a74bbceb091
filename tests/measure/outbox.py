"""One decision made durable, against one append with fsync on the same disk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from moderator_app.store.outbox import Outbox
from tests.doubles import SITE, make_comment, make_decision
from tests.measure.measuring import QUICK_ROUNDS, Figure, command, figure, in_turns, milliseconds

ROUNDS, DECISIONS = 11, 60
BODY = json.dumps({"comment": "c1234567", "action": "reject", "reason": "abuse", "by": "m1", "note": "x" * 100})


def measure(is_quick: bool) -> list[Figure]:
    """Medians of many decisions in each round. A folder in memory proves nothing: TMPDIR chooses the disk."""
    rounds, count = (QUICK_ROUNDS, 3) if is_quick else (ROUNDS, DECISIONS)
    with TemporaryDirectory() as folder:
        outbox = Outbox(Path(folder, "outbox.sqlite"), SITE)
        floor = os.open(Path(folder, "floor"), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        product = partial(_median, count, partial(_decide, outbox))
        found = in_turns(rounds, product, partial(_median, count, lambda: partial(_append, floor)))
        os.close(floor)
        outbox.close()
    return [figure("one decision on disk", found, most_ratio=2.5)]


def _median(count: int, prepare: Callable[[], Callable[[], object]]) -> float:
    """The median of so many calls; what they need is made before the clock starts."""
    return median(milliseconds(call) for call in [prepare() for _ in range(count)])


def _decide(outbox: Outbox) -> Callable[[], object]:
    decision = make_decision(make_comment(os.urandom(8).hex()), note="x" * 100)
    return partial(outbox.add, decision)


def _append(descriptor: int) -> None:
    os.write(descriptor, BODY.encode() + b"\n")
    os.fsync(descriptor)


if __name__ == "__main__":
    command(measure)
