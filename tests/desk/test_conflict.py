"""Who was first is told by name, as far as the server says it."""

from __future__ import annotations

from dataclasses import replace

from moderator_app.desk.conflict import told
from moderator_app.errors import AlreadyDecided, Gone, Refused
from moderator_app.model import Action, Reason
from tests.doubles import ROJIN, make_decision, make_entry

REJECTED = make_entry(make_decision(action=Action.REJECT))


def test_winner_is_named_with_what_and_why() -> None:
    """The sentence says who did what, why and when, and that it stands."""
    sentence = told(AlreadyDecided(winner=REJECTED))
    assert sentence.startswith("Rojin rejected it first (off topic) on 01 Mar at ")
    assert sentence.endswith("That decision stands; yours was not applied.")


def test_parts_that_the_server_does_not_tell_are_left_out() -> None:
    """Without reasons, a time or a name the sentence is still whole."""
    entry = replace(make_entry(make_decision()), decided_at=None, moderator=replace(ROJIN, name=""))
    assert told(Gone(winner=entry)).startswith("m2 approved it first. That decision stands")
    both = replace(REJECTED.decision, reasons=(Reason.THREAT, Reason.PERSONAL_ATTACK))
    assert "(threat, personal attack)" in told(AlreadyDecided(winner=replace(REJECTED, decision=both)))


def test_other_trouble_speaks_for_itself() -> None:
    """Without a winner the trouble's own sentence is told; without trouble nothing is."""
    assert told(AlreadyDecided()) == AlreadyDecided.sentence
    assert told(Refused("No.")) == "No."
    assert told(None) == ""
