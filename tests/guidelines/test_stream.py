"""Checking JSON Lines: answers in order, bad lines reported by number, memory bounded."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

from moderator_app.guidelines.check import Checker
from moderator_app.guidelines.stream import Checked, Malformed, check_lines, run


def answers(checker: Checker, source: bytes, *, explain: bool = False) -> tuple[int, list[dict[str, object]], str]:
    """The exit code, the answers and the problems for one input."""
    out, problems = io.StringIO(), io.StringIO()
    code = run(io.BytesIO(source), out, problems, checker, explain)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], problems.getvalue()


def test_answers_come_in_order_with_spans(checker: Checker) -> None:
    """Each row is answered by its id and [start, end, category] spans."""
    source = b'{"id":"b","text":"you idiot"}\n\n{"id":2,"text":"fine"}'
    assert answers(checker, source) == (
        0,
        [{"id": "b", "spans": [[4, 9, "personal_attack"]]}, {"id": 2, "spans": []}],
        "",
    )


def test_explanations_say_rule_certainty_and_reason(checker: Checker) -> None:
    """With explain, each span has its rule, certainty and reason beside it."""
    _, [answer], _ = answers(checker, b'{"id":"a","text":"you idiot"}\n', explain=True)
    assert answer["violations"] == [
        {
            "start": 4,
            "end": 9,
            "category": "personal_attack",
            "rule": "en/personal_attack/idiot",
            "certainty": "certain",
            "why": "matches “idiot”",
            "kind": None,
        }
    ]


def test_bad_lines_are_reported_by_number_and_the_rest_goes_on(checker: Checker) -> None:
    """Every kind of bad line is one sentence with its number, and the exit code is 1."""
    bad = [b"{", b"[]", b'{"id":"a"}', b'{"text":"a"}', b'{"id":true,"text":""}', b"\xff", b"[" * 100_000]
    bad.append(b'{"id":"a","text":"b","lang":3}')
    code, rows, problems = answers(checker, b"\n".join([*bad, b'{"id":"last","text":"ok"}']))
    assert code == 1
    assert [row["id"] for row in rows] == ["last"]
    assert [line.split(":")[0] for line in problems.splitlines()] == [f"line {n}" for n in range(1, len(bad) + 1)]


def test_lone_surrogates_are_answered(checker: Checker) -> None:
    """A text with half a pair in it, and an id, come through."""
    code, rows, _ = answers(checker, b'{"id":"\\ud800","text":"\\udc00 idiot"}\n')
    assert (code, rows) == (0, [{"id": "\ud800", "spans": [[2, 7, "personal_attack"]]}])


def test_a_language_given_is_a_hint(checker: Checker) -> None:
    """A row may say its language."""
    [with_hint] = check_lines(['{"id":1,"text":"göt","lang":"tr"}'.encode()], checker)
    assert isinstance(with_hint, Checked)
    assert with_hint.violations


def test_lines_are_read_as_they_are_needed(checker: Checker) -> None:
    """The first answer comes before the second line is asked for."""
    asked: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(3):
            asked.append(number)
            yield b'{"id":1,"text":"a"}' if number else b"oops"

    results = check_lines(lines(), checker)
    assert isinstance(next(results), Malformed)
    assert asked == [0]
