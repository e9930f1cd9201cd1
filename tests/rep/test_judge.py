"""The judge hears whose voice it is, whatever the rep is called."""

from __future__ import annotations

from math import isfinite

from coach.rep.guard import STRANGE
from coach.rep.judge import Names, strangeness

BOSS = "How are you feeling about your targets this quarter, and how can I support you?"


def test_a_boss_and_an_assistant_are_stopped_and_a_rep_is_not() -> None:
    assert strangeness("How are you?", BOSS) >= STRANGE
    assert strangeness("How are you?", "I'd be happy to help! Is there anything else I can do for you?") >= STRANGE
    assert strangeness("How are you?", "I've been on the road since six. Ask me when I've had a sandwich.") < STRANGE
    assert strangeness("Are you coming?", "No.") < STRANGE


def test_one_bad_sentence_is_enough() -> None:
    assert strangeness("How was it?", f"It's been a long week. {BOSS}") >= STRANGE


def test_a_name_is_as_good_as_another() -> None:
    carys, tobi = Names("Carys Bevan").masked("Carys here."), Names("Tobi Adeyemi").masked("TOBI here.")
    assert carys == tobi
    assert "Carys" in Names("Bo").masked("Carys here.")


def test_any_text_gets_a_number() -> None:
    assert all(isfinite(strangeness("", draft)) for draft in ("", "word " * 500, "\u202e\U0001f4a9" * 300))
