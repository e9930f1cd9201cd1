"""Fillers are not read; everything else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.coding import LocalCoder
from coach.coding.fluency import careful, fluent, written_out
from coach.domain import Turn


@pytest.mark.parametrize(
    ("spoken", "typed"),
    [
        ("um, What would help? you know, Take your time.", "What would help? Take your time."),
        ("So, well, I mean, that was my fault.", "that was my fault."),
        ("I was, uh, wrong about the quota.", "I was, wrong about the quota."),
        ("Erm. Yes.", "Yes."),
        ("Umm, uh... no.", "no."),
    ],
)
def test_fillers_are_left_out(spoken: str, typed: str) -> None:
    assert fluent(spoken) == typed


@pytest.mark.parametrize(
    "meant",
    ["Like what?", "So what did you do?", "Well done, Dana.", "You know the rule.", "Right of way", "I like it", "Er"],
)
def test_the_same_words_stay_where_they_mean_something(meant: str) -> None:
    assert fluent(meant) == meant


@given(st.text(max_size=200))
def test_nothing_is_added_and_what_is_fluent_stays(text: str) -> None:
    once = fluent(text)
    assert len(once) <= len(text)
    assert text.endswith(once[-1:])


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("pls tell me whats up w u", "please tell me what's up with you"),
        ("U know why ur here, its ur call.", "you know why you're here, its your call."),
        ("I dont blame ppl. cant b4 tmrw", "I don't blame people. can't before tomorrow"),
    ],
)
def test_shorthand_is_written_out(short: str, whole: str) -> None:
    assert written_out(short) == whole


@pytest.mark.parametrize(
    "whole", ["Ill at ease, the ID was his.", "Dur and URL", "u.s. sales", "R&D", "he's w-shaped", "We can't; don't."]
)
def test_what_may_be_a_word_of_its_own_stays(whole: str) -> None:
    assert written_out(whole) == whole


@given(st.text(max_size=200))
def test_what_is_careful_stays(text: str) -> None:
    assert written_out(written_out(text)) == written_out(text)
    assert careful(text) == written_out(fluent(text))


def test_the_same_words_get_the_same_codes_spoken_or_typed() -> None:
    def codes(rep: str, said: str) -> tuple[str, ...]:
        turns = [Turn(i=0, speaker="rep", text=rep), Turn(i=1, speaker="manager", text=said)]
        return LocalCoder.load().read(turns, [1])[1].codes

    typed = codes("I lost it.", "That sounds hard. What would help you most this week?")
    assert typed
    assert codes("um, I lost it.", "well, That sounds hard. uh, What would help you most this week?") == typed
    assert codes("I lost it.", "That sounds hard. What would help u most this wk?") == typed
