"""Tests of what is told when somebody else was first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from moderator_app.desk.conflict import told
from moderator_app.errors import AlreadyDecided, Gone
from moderator_app.model import Action, Reason
from tests.doubles import ROJIN, make_decision, make_entry


def test_the_winner_and_what_they_did_are_named() -> None:
    """Who was first, what they did and why stands in the sentence."""
    rejected = replace(make_decision(), action=Action.REJECT, reasons=(Reason.PERSONAL_ATTACK,))
    sentence = told(AlreadyDecided(winner=make_entry(rejected)))
    assert sentence.startswith(f"{ROJIN.name} rejected it first (personal attack)")
    assert sentence.endswith("yours was not applied.")


def test_without_a_winner_the_trouble_speaks_for_itself() -> None:
    """A server that names nobody leaves the general sentence."""
    assert told(AlreadyDecided()) == AlreadyDecided.sentence
    assert told(Gone()) == Gone.sentence
    assert told(None) == ""


@pytest.mark.parametrize("year", [1, 9999])
def test_a_time_beyond_all_zones_is_left_out(year: int) -> None:
    """A winner's time that no zone can be reckoned for does not stop the telling."""
    entry = replace(make_entry(make_decision()), decided_at=datetime(year, 1, 1, tzinfo=UTC))
    assert " on " not in told(AlreadyDecided(winner=entry))
