"""Small answers to narrow questions: found by meaning, never above the mood, never about a fact that is not told."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach.domain import MOODS, Mood, Particular
from coach.rep.particulars import Particulars, particulars

ITEMS = (
    Particular(
        topic="day",
        asks=("What time did Colin ring?", "when on tuesday did he call you"),
        says=("About half past eleven.", "Before dinner."),
    ),
    Particular(topic="day", asks=("Did anyone say anything about your camera?",), says=("Bev did.",), mood="open"),
    Particular(topic="hours", asks=("Who else knows about the nights?",), says=("Menna.",), after="nights"),
    Particular(topic="room", asks=("Who else knows about the room?",), says=("Nobody.",), mood="wary", after="linen"),
)
RING, CAMERA, NIGHTS, LINEN = range(4)
KNOWS = "Who else knows?"
FACTS = ("nights", "linen", "mistake")
SAID = tuple(f"particulars.{i}.{j}" for i, one in enumerate(ITEMS) for j in range(len(one.says)))


def found(words: str, mood: Mood = "open", told: tuple[str, ...] = (), used: tuple[str, ...] = ()) -> int | None:
    return particulars(ITEMS).find(words, mood, told, used)


@pytest.mark.parametrize(
    "words",
    [
        "At what time did Colin phone you?",
        "I read his email. When exactly did Colin call?",
        "what time did colin ring you up",
        "What time did Colin ring you? Take your time.",
    ],
)
def test_a_foreseen_question_is_answered_in_other_words(words: str) -> None:
    assert found(words, "guarded") == RING


@pytest.mark.parametrize("words", ["", " \n", "?", "asdf qwer zxcv", "Tell me more.", "How do you mean?", "🙂" * 500])
def test_what_asks_for_nothing_small_finds_nothing(words: str) -> None:
    assert found(words, told=FACTS) is None


def test_a_question_in_the_playwrights_own_words_is_that_question_whatever_lies_near_it() -> None:
    asks = ("Have you seen a doctor?", "been to the surgery at all", "What does the GP say?")
    neighbour = ("Did you see a doctor in May?", "were you at the doctor's in spring", "A doctor, back in May?")
    close = (
        Particular(topic="health", asks=asks, says=("I was a nurse. We're shocking about doctors.",)),
        Particular(topic="health", asks=neighbour, says=("Once, for my knee.",)),
    )
    assert Particulars(close).find("Have you seen the doctor?", "open", (), ()) == 0
    assert Particulars(close).find("Had you a doctor's appointment in May?", "open", (), ()) == 1


def test_who_keeps_shut_says_less() -> None:
    asked = "Has anyone said something about your camera?"
    assert [found(asked, mood) for mood in MOODS] == [None, None, CAMERA]


def test_what_speaks_of_a_fact_waits_until_it_is_told() -> None:
    assert found("Who else knows about the nights?") is None
    assert found("Who else knows about the nights?", told=("nights",)) == NIGHTS


def test_a_bare_question_is_about_what_was_told_last() -> None:
    assert found(KNOWS, told=("nights", "linen")) == LINEN
    assert found(KNOWS, told=("linen", "nights")) == NIGHTS


def test_nothing_is_said_twice() -> None:
    asked = "What time did Colin ring?"
    assert found(asked, used=(f"particulars.{RING}.0",)) == RING, "there is another line"
    assert found(asked, used=(f"particulars.{RING}.0", f"particulars.{RING}.1")) is None


def test_a_rep_without_small_answers_has_none() -> None:
    assert Particulars(()).find("What time did Colin ring?", "open", FACTS, ()) is None


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(st.text(max_size=600), st.sampled_from([KNOWS, *(ask for one in ITEMS for ask in one.asks)])),
    st.sampled_from(MOODS),
    st.lists(st.sampled_from(FACTS), unique=True).map(tuple),
    st.lists(st.sampled_from(SAID), unique=True).map(tuple),
)
@example("Who else knows about the room?", "guarded", ("linen",), ())
@example("Did anyone say anything about your camera?", "wary", (), ())
def test_any_words_find_only_what_may_be_said_now(
    words: str, mood: Mood, told: tuple[str, ...], used: tuple[str, ...]
) -> None:
    i = found(words, mood, told, used)
    if i is not None:
        assert MOODS.index(ITEMS[i].mood) <= MOODS.index(mood)
        assert ITEMS[i].after in (None, *told)
        assert not {key for key in SAID if key.startswith(f"particulars.{i}.")} <= set(used)
