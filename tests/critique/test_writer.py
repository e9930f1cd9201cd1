"""What the authored writer asks for: never first what the manager did, or may have done."""

from __future__ import annotations

import pytest
from shipped import library

from coach.app import EXCHANGES
from coach.content.places import Places
from coach.critique.drafts import Draft
from coach.critique.examples import Examples
from coach.critique.writer import MAYBE, AuthoredWriter, Conversation, Words
from coach.domain import Code, Reading, Turn


@pytest.fixture(scope="module")
def writer() -> AuthoredWriter:
    shipped = library()
    return AuthoredWriter(shipped.behaviours, shipped.principles, Examples.load([Places.of(None).file(EXCHANGES)]))


def words(writer: AuthoredWriter, slip: Code, *heard: tuple[Code, float]) -> Words:
    """What is written for a slip in the second of two turns, when the first may have shown these behaviours."""
    turns = [
        Turn(i=0, speaker="rep", text="I haven't slept since the reorganisation."),
        Turn(i=1, speaker="manager", text="And?", reading=Reading(coder="t", probabilities=dict(heard))),
        Turn(i=2, speaker="rep", text="It is what it is."),
        Turn(i=3, speaker="manager", text="Shall we look at the list?", reading=Reading(coder="t", codes=(slip,))),
    ]
    found = writer.write([Draft("wellbeing", "slip", slip, 2, (3,), 1.0)], Conversation("c", turns, None))[0]
    assert found is not None
    return found


def test_the_best_answer_to_a_slip_is_asked_for_in_its_own_words(writer: AuthoredWriter) -> None:
    found = words(writer, "DISMISS")
    assert found.asks_for == "REFLECT"
    assert found.advice in writer.behaviours["DISMISS"].instead["REFLECT"]


def test_what_the_manager_may_have_done_elsewhere_is_not_asked_for(writer: AuthoredWriter) -> None:
    found = words(writer, "DISMISS", ("REFLECT", MAYBE), ("EMPATHY", 0.01), ("ASK", 0.1))
    assert found.asks_for == "EMPATHY"
    assert found.advice in writer.behaviours["DISMISS"].instead["EMPATHY"]


def test_where_everything_was_tried_the_best_answer_is_asked_for_again(writer: AuthoredWriter) -> None:
    slip = writer.behaviours["DISMISS"]
    assert words(writer, "DISMISS", *((code, 0.9) for code in slip.instead)).asks_for == "REFLECT"


def test_praise_asks_for_nothing(writer: AuthoredWriter) -> None:
    turns = [Turn(i=0, speaker="manager", text="What do you think?", reading=Reading(coder="t", codes=("ASK",)))]
    found = writer.write([Draft("coaching", "strength", "ASK", 4, (0,), 1.0)], Conversation("c", turns, None))[0]
    assert found is not None
    assert found.asks_for is None
    assert found.advice in writer.behaviours["ASK"].advice
