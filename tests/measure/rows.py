"""Comments for the benchmarks of the queue: words in two scripts, some with marks, the same at every run."""

from __future__ import annotations

import random
from functools import cached_property

from moderator_app.desk.queue import QueueItem, make_item
from moderator_app.guidelines.policy import Policy, builtin
from moderator_app.model import Category, Comment, Violation
from moderator_app.paths import resources
from tests.doubles import make_comment, make_violation

ENGLISH = "the government has said that people who comment here are wrong"
ARABIC = "الناس الذين يعلقون تحت هذا المقال"
WORDS = f"{ENGLISH} {ARABIC}".split()
MARKS = tuple(
    make_violation(category, start=37 * place + 3, end=37 * place + 9)
    for place, category in enumerate(list(Category)[:5])
)
ARTICLES = 5
BLOCK = 10  # comments in a row about one article


class FiveMarks:
    """A checker that marks the same five places in every text."""

    @cached_property
    def policy(self) -> Policy:
        """The policy that ships with the program."""
        return builtin(resources())

    def check(self, text: str, lang: str = "") -> tuple[Violation, ...]:
        """Five violations of five categories."""
        return MARKS


def make_comments(count: int) -> list[Comment]:
    """So many comments of 400 characters, the oldest first."""
    pick = random.Random(5)
    texts = [" ".join(pick.choices(WORDS, k=80))[:400] for _ in range(400)]
    return [
        make_comment(
            f"c{number:08d}",
            text=texts[number % 400],
            article=f"a{number // BLOCK % ARTICLES}",
            author=f"user{number % 300}",
            minutes=number,
        )
        for number in range(count)
    ]


def make_items(count: int) -> list[QueueItem]:
    """Rows of the queue; every third has marks."""
    return [make_item(each, () if number % 3 else MARKS) for number, each in enumerate(make_comments(count))]
