"""Of heaped questions the last counts as asked."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.coding import LocalCoder
from coach.coding.heaps import HEAP, unheaped
from coach.domain import Turn


@pytest.mark.parametrize(
    ("heaped", "heard"),
    [
        ("Did they sign? Did you copy me in? Is it booked? Then do it.", "Is it booked? Then do it."),
        (
            "A blow. What happened, who was there, and when did you know?",
            "A blow. and when did you know?",
        ),
        ("How are you? You sleeping? Eating ok?", "Eating ok?"),
        ("Is it 3.5 million? Or 2.5? Was it 1.5 then? Say so.", "Was it 1.5 then? Say so."),
        ("Right. Why? How? What? And then what?", "Right."),
        ("What else, and what else, and what else?", ""),
        ("“Who said so?” “Did he?” “Would you ring her today?”", "“Would you ring her today?”"),
    ],
)
def test_of_three_questions_the_last_is_heard(heaped: str, heard: str) -> None:
    assert unheaped(heaped)[0] == heard


@pytest.mark.parametrize(
    "few",
    [
        "",
        "What happened?",
        "Did they sign? And what did you say, when you heard?",
        "No. Never. Not once. Why? Is it me?",
    ],
)
def test_two_questions_are_both_heard(few: str) -> None:
    assert unheaped(few) == (few, few)


@given(st.text(alphabet='aWhat whoo,.?!\n ’"', max_size=120))
def test_nothing_is_added_and_little_asked_stays(text: str) -> None:
    left, whole = unheaped(text)
    assert whole in (left, text)
    assert not Counter(re.findall(r"\w+", left)) - Counter(re.findall(r"\w+", text))
    assert left == text or text.count("?") >= HEAP or len(re.findall("wh|how", text.casefold())) >= HEAP


def test_more_questions_show_no_more() -> None:
    def codes(said: str) -> tuple[str, ...]:
        turns = [Turn(i=0, speaker="rep", text="I lost it."), Turn(i=1, speaker="manager", text=said)]
        return LocalCoder.load().read(turns, [1])[1].codes

    assert codes("Why? How? When? And then what?") == ()
    once = codes("That sounds hard. What would help you most this week?")
    assert codes("That sounds hard. Did they sign? Is it raining? What would help you most this week?") == once


def test_a_slip_is_heard_in_any_of_them() -> None:
    asked = "What is wrong with you? Are you too lazy to pick up a phone? Or too stupid? When can I have it?"
    turns = [Turn(i=0, speaker="rep", text="I lost it."), Turn(i=1, speaker="manager", text=asked)]
    assert LocalCoder.load().read(turns, [1])[1].slipped
