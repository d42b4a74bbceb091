"""What each action of the table does at a desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from moderator_app.gui.workbench import Workbench


def commands(bench: Workbench) -> dict[str, Callable[[], object]]:
    """The actions of `Mode.DESK`, `Mode.COMMENT`, `Mode.UNDO` and `Mode.REASONS`, by name."""
    deciding, view = bench.deciding, bench.queue.view
    reasons = {
        f"{name}_{number}": partial(deciding.reason, number, gather=name == "gather")
        for name in ("reason", "gather")
        for number in range(1, 10)
    }
    return reasons | {
        "approve": deciding.approve,
        "approve_stay": partial(deciding.approve, stay=True),
        "reject": deciding.ask_reasons,
        "reject_stay": partial(deciding.ask_reasons, stay=True),
        "send": deciding.send,
        "skip": deciding.skip,
        "undo": deciding.undo,
        "next": partial(view.step, 1),
        "previous": partial(view.step, -1),
        "violation": bench.comment.next_violation,
        "article_down": partial(bench.article.page, 1),
        "article_up": partial(bench.article.page, -1),
        "focus": bench.toggle_focus,
        "search": bench.search,
        "refresh": bench.refreshing.retry,
        "back": bench.go_back,
    }
