"""The whisper: one short hint that fits the moment, and gives nothing away."""

from __future__ import annotations

import pytest

from coach.content import Library
from coach.domain import Code, Mood, PrincipleId, Reading, RepState, Scenario, Turn
from coach.rep.giveaways import Leaks, plain
from coach.session import demeanour, hinted, whisper
from coach.session.whisper import DO

STATE = RepState(trust=40, strain=60, openness=20, mood="wary", topic="hours")


def path(
    codes: tuple[Code, ...] = (),
    state: RepState = STATE,
    calls: dict[PrincipleId, float] | None = None,
    sure: float = 1.0,
) -> tuple[Turn, ...]:
    """A talk of one manager turn, after which the rep's words call for something."""
    heard = Reading(codes=codes, probabilities=dict.fromkeys(codes, sure))
    return (
        Turn(i=0, speaker="rep", text="Hello.", reading=Reading(openings={"coaching": 0.9, "integrity": 0.1})),
        Turn(i=1, speaker="manager", text="So?", reading=heard, state=state),
        Turn(i=2, speaker="rep", text="You said.", reading=Reading(openings=calls or {}), state=state),
    )


@pytest.mark.parametrize(
    ("mood", "strain", "look", "words"),
    [
        ("guarded", 50, "guarded", "on guard"),
        ("wary", 50, "wary", "not sure of you yet"),
        ("open", 50, "open", "ready to talk"),
        ("guarded", 90, "strained", "under strain"),
        ("open", 90, "open", "ready to talk"),
    ],
)
def test_it_says_how_the_rep_seems(
    library: Library, burnout: Scenario, mood: Mood, strain: float, look: str, words: str
) -> None:
    state = STATE.model_copy(update={"mood": mood, "strain": strain})
    assert demeanour(state) == look
    hint = whisper(path(state=state), burnout, library)
    assert hint.startswith("Carys is ")
    assert words in hint


def test_before_anything_is_known_the_rep_is_guarded() -> None:
    assert demeanour(None) == "guarded"


def test_a_slip_is_mended_first(library: Library, burnout: Scenario) -> None:
    hint = whisper(path(("ASK", "BLAME"), calls={"integrity": 0.9}), burnout, library)
    assert "may have come across as blaming the person" in hint
    assert DO["ASK"] in hint


def test_a_slip_that_is_not_sure_is_not_spoken_of(library: Library, burnout: Scenario) -> None:
    assert "come across" not in whisper(path(("BLAME",), sure=0.5), burnout, library)


@pytest.mark.parametrize(("code", "words"), [("ASK", "several questions"), ("CREDIT", "the same way a few times")])
def test_what_was_done_often_is_varied(library: Library, burnout: Scenario, code: Code, words: str) -> None:
    state = STATE.model_copy(update={"moves": {code: 3}})
    assert words in whisper(path((code,), state), burnout, library)
    assert words not in whisper(path(("OWN",), state), burnout, library)


def test_what_the_last_words_call_for_more_than_those_before_is_advised(library: Library, burnout: Scenario) -> None:
    hint = whisper(path(calls={"coaching": 0.95, "integrity": 0.7}), burnout, library)
    assert any(advice in hint for advice in library.principles["integrity"].missed)


def test_else_an_idea_that_was_not_tried_on_the_subject(library: Library, burnout: Scenario) -> None:
    ideas = [s.codes[0] for s in burnout.suggestions if s.topic == "hours"]
    assert DO[ideas[0]] in whisper(path(), burnout, library)
    shown = STATE.model_copy(update={"shown_on": {"hours": (ideas[0],)}})
    assert DO[next(code for code in ideas if code != ideas[0])] in whisper(path(state=shown), burnout, library)


def test_it_tells_no_secret_no_line_to_copy_and_no_number(library: Library) -> None:
    for scenario in library.scenarios.values():
        leaks = Leaks(scenario, (), (), "")
        for topic in scenario.topics:
            state = STATE.model_copy(update={"topic": topic.id})
            hint = whisper(path(state=state), scenario, library)
            assert leaks.find(plain(hint), "", False, False) is None
            assert not any(suggestion.words in hint for suggestion in scenario.suggestions)
            assert not any(character.isdigit() for character in hint)
            assert len(hint) < 400


def test_at_the_start_there_is_an_idea_on_what_the_talk_is_about(library: Library, burnout: Scenario) -> None:
    first = path()[:1]
    assert (
        whisper(first, burnout, library) == f"Carys is on guard, so go gently. One idea for this subject: {DO['ASK']}."
    )


def test_the_turns_that_were_answered_with_a_hint_are_known() -> None:
    first, asked, answered = path()
    assert hinted((first, asked, answered)) == ()
    whispered = answered.model_copy(update={"hint": "Slow down."})
    assert hinted((first.model_copy(update={"hint": "Go gently."}), asked, whispered)) == (1, 3)
