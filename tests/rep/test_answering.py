"""What kind of answer a turn calls for."""

from __future__ import annotations

import pytest

from coach.content import load_library
from coach.content.places import Places
from coach.domain import Difficulty, Reading, Turn
from coach.rep import Scene, begin
from coach.rep.answering import asks_what_was_hinted, just_declined, offers

SCENARIO = load_library(Places.of(None)).scenarios["burnout"]
FACT = SCENARIO.facts[0]


def scene(asked: str, lines: tuple[str, ...], hinted: str = "") -> Scene:
    state = begin(SCENARIO, Difficulty.STANDARD)
    rep = Turn(i=0, speaker="rep", text="So.", lines=lines, state=state.model_copy(update={"hinted": hinted}))
    manager = Turn(i=1, speaker="manager", text=asked, state=state)
    return Scene(SCENARIO, (rep, manager), Reading(codes=("ASK",)), (), state, None, Difficulty.STANDARD, 1)


@pytest.mark.parametrize("asked", ["What is it?", "And what was that?", FACT.hints[0]])
def test_a_question_about_nothing_but_the_hint_is_seen(asked: str) -> None:
    assert asks_what_was_hinted(scene(asked, (f"hints.{FACT.id}.0",), FACT.id))


def test_another_question_or_no_hint_is_not() -> None:
    other = "How many deliveries came up short at the hospital last week?"
    assert not asks_what_was_hinted(scene(other, (f"hints.{FACT.id}.0",), FACT.id))
    assert not asks_what_was_hinted(scene("What is it?", ("answers.home.wary.0",)))


@pytest.mark.parametrize(
    ("codes", "promises", "words", "offered"),
    [
        (("SUPPORT",), (), "I could take Merrin off you. Would that help?", True),
        ((), ("I'll come on Thursday",), "I'll come on Thursday. Does nine suit?", True),
        (("SUPPORT",), (), "What would help you most?", False),
        (("SUPPORT", "COMMAND"), (), "Do it, and I'll help. Okay? Will you?", False),
        (("ASK",), (), "Did you ring him?", False),
    ],
)
def test_an_offer_asks_for_a_yes_and_is_no_order(codes, promises, words: str, offered: bool) -> None:
    assert offers(Reading(codes=codes, promises=promises), words) is offered


def test_declining_twice_in_a_row_is_noticed() -> None:
    assert just_declined(scene("And when?", ("asides.unsaid.who.0",)))
    assert not just_declined(scene("And when?", ("answers.home.wary.0",)))
