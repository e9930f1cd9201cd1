"""The debrief says what came of the talk, what moved trust and what would have brought the rest out."""

from __future__ import annotations

import pytest

from coach.content import Library
from coach.debrief import Debrief, Secret, Step, debrief, in_words
from coach.domain import (
    PRINCIPLES,
    Citation,
    Code,
    Critique,
    Difficulty,
    Evidence,
    Finding,
    Reading,
    RepState,
    Scenario,
    Transcript,
    Turn,
)

START = RepState(trust=40, strain=70, openness=20, mood="guarded")
Said = tuple[float, tuple[str, ...]]


def finding(kind: str, turn: int) -> Finding:
    return Finding.model_validate(
        {
            "principle": "coaching", "kind": kind, "code": None, "level": 2, "advice": "Ask again.",
            "evidence": (Evidence(turn=turn, quote="So?"),),
            "passages": (Citation(source="a", section="b", quote="c"),),
        }
    )  # fmt: skip


def judged(*kinds: str, keep: int | None = None, change: int | None = None) -> Critique:
    return Critique(
        levels=dict.fromkeys(PRINCIPLES), overall=3, lean=0, best=None, worst=None, keep=keep, change=change,
        findings=tuple(finding(kind, 1) for kind in kinds),
    )  # fmt: skip


def view(
    library: Library,
    *said: Said,
    end: dict[str, object] | None = None,
    difficulty: Difficulty = Difficulty.STANDARD,
    critique: Critique | None = None,
) -> Debrief:
    """A debrief of a talk whose manager turns left this trust and opened these facts."""
    turns, opened = [Turn(i=0, speaker="rep", text="You wanted me?", state=START)], START.open_facts
    for n, (trust, facts) in enumerate(said):
        opened = (*opened, *facts)
        state = START.model_copy(update={"trust": trust, "open_facts": opened})
        if n == len(said) - 1:
            state = state.model_copy(update=end or {})
        i = len(turns)
        turns += [
            Turn(i=i, speaker="manager", text=f"Question {i}", state=state, opened=facts),
            Turn(i=i + 1, speaker="rep", text=f"Answer {i}", state=state),
        ]
    transcript = Transcript(id="s", turns=tuple(turns))
    scenario = library.scenarios["burnout"]
    return debrief(transcript, scenario, difficulty, critique or judged(), "Too fast.")


def secret(found: Debrief, scenario: Scenario, fact_id: str) -> Secret:
    return found.secrets[[fact.id for fact in scenario.facts].index(fact_id)]


def shown(**topics: tuple[Code, ...]) -> dict[str, object]:
    return {"shown_on": topics, "visits": dict.fromkeys(topics, 2)}


def test_each_manager_turn_is_a_step_with_what_it_changed(library: Library) -> None:
    found = view(library, (43.25, ()), (41.0, ()), (41.0, ("nights",)))
    assert found.steps == (
        Step(turn=1, trust=43.25, change=3.2, said="Question 1", answered="Answer 1", opened=()),
        Step(turn=3, trust=41.0, change=-2.2, said="Question 3", answered="Answer 3", opened=()),
        Step(turn=5, trust=41.0, change=0.0, said="Question 5", answered="Answer 5", opened=("nights",)),
    )
    assert [step.moved for step in found.steps] == [True, False, True]


def test_a_turn_that_lost_trust_is_named_too(library: Library) -> None:
    assert view(library, (36.0, ())).steps[0].moved


def test_a_last_turn_without_an_answer_is_a_step_all_the_same(library: Library) -> None:
    turns = (
        Turn(i=0, speaker="rep", text="You wanted me?", state=START),
        Turn(i=1, speaker="manager", text="How are you?", state=START),
    )
    scenario = library.scenarios["burnout"]
    found = debrief(Transcript(id="s", turns=turns), scenario, Difficulty.EASY, judged(), "")
    assert [(step.said, step.answered) for step in found.steps] == [("How are you?", "")]
    assert found.reply_to(1) == ""


def test_what_the_rep_answered_is_found_beside_the_quote(library: Library) -> None:
    found = view(library, (43, ()), (44, ()))
    assert found.reply_to(3) == "Answer 3"
    assert found.reply_to(0) == ""
    assert found.rep == "Carys"


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        ([], "Carys is still waiting to hear what you wanted to say."),
        ([(30, ())], "Carys trusts you less than at the start and kept everything that matters back."),
        ([(45, ())], "Carys kept to the surface this time."),
        ([(50, ("nights",))], "Carys told you one thing that you could not have known before."),
        (
            [(50, ("nights",)), (52, ("linenroom",))],
            "Carys told you two things that you could not have known before.",
        ),
        (
            [(50, ("nights",)), (20, ())],
            "Carys told you one thing that you could not have known before, although trust is lower than when you "
            "sat down.",
        ),
        (
            [(50, (fact,)) for fact in ("nights", "linenroom", "need", "mistake", "note", "handover")],
            "Carys told you everything there was to tell, and you earned it.",
        ),
    ],
)  # fmt: skip
def test_one_sentence_says_what_came_of_it(library: Library, said: list[Said], summary: str) -> None:
    assert view(library, *said).summary == summary


def test_a_fact_that_was_told_says_when_and_asks_for_nothing(library: Library, burnout: Scenario) -> None:
    told = secret(view(library, (43, ()), (50, ("nights",))), burnout, "nights")
    assert told == Secret(topic="Workload and hours", text=burnout.facts[0].text, opened_at=3, needed=())


def test_a_fact_that_stayed_hidden_says_in_words_what_it_needed(library: Library, burnout: Scenario) -> None:
    found = secret(view(library, (60, ())), burnout, "handover")
    listened, asked, before, trust = found.needed
    assert asked == "asks about it twice and listens"
    assert found.opened_at is None and found.hidden
    assert listened == (
        "says that they see how it feels or says back what they heard or wants to know what matters to her"
    )
    assert trust == "has won more trust by asking and listening"
    assert before == "has heard something else from her first"
    assert found.way == (
        "Carys keeps back one thing about “The job”; she tells it to somebody who says that they see how it feels, "
        "asks about it twice and listens, has heard something else from her first and has won more trust by asking and "
        "listening."
    )


def test_only_what_was_closest_is_spoken_of_and_the_rest_is_counted(library: Library, burnout: Scenario) -> None:
    far = view(library, (20, ()))
    assert [one.text for one in far.nearest] == [burnout.facts[0].text]
    assert (len(far.others), far.others_counted) == (5, "Several more things she kept back")
    near = view(library, (60, ("nights",)), end=shown(visible=("ASK",), next=("ASK",)))
    assert {one.text for one in near.nearest} == {
        fact.text for fact in burnout.facts if fact.id in ("linenroom", "need")
    }
    assert near.others_counted == "Three more things she kept back"
    assert not set(near.nearest) & set(near.others)
    assert near.secrets[0] not in (*near.nearest, *near.others)


def test_no_hidden_fact_is_told_by_what_it_needed(library: Library) -> None:
    found = view(library, (60, ()))
    for fact in found.secrets:
        assert fact.needed
        assert all(other.text not in words for words in fact.needed for other in found.secrets)


def test_only_what_is_still_missing_is_named(library: Library, burnout: Scenario) -> None:
    found = secret(view(library, (50, ()), end=shown(visible=("ASK",))), burnout, "linenroom")
    assert found.needed == ("has won a little more trust by asking and listening",)


def test_a_subject_touched_only_once_asks_to_come_back(library: Library, burnout: Scenario) -> None:
    end = {**shown(hours=("ASK",)), "visits": {"hours": 1}}
    (words,) = secret(view(library, (60, ()), end=end), burnout, "nights").needed
    assert words == "comes back to it and listens"


def test_a_gate_that_stood_open_only_wanted_time(library: Library, burnout: Scenario) -> None:
    found = secret(view(library, (60, ()), end=shown(hours=("ASK",))), burnout, "nights")
    (words,) = found.needed
    assert words == "stays with it for one more question"


@pytest.mark.parametrize(
    ("difficulty", "points"),
    [
        (Difficulty.STANDARD, "has won a little more trust"),
        (Difficulty.HARD, "has won more trust"),
        (Difficulty.EASY, "stays with it"),
    ],
)
def test_missing_trust_is_told_in_words_for_the_difficulty_that_was_played(
    library: Library, burnout: Scenario, difficulty: Difficulty, points: str
) -> None:
    found = view(library, (50, ()), end=shown(visible=("ASK",)), difficulty=difficulty)
    (words,) = secret(found, burnout, "linenroom").needed
    assert words.startswith(points)


def test_much_missing_trust_is_told_without_a_number(library: Library, burnout: Scenario) -> None:
    (words,) = secret(view(library, (20, ()), end=shown(visible=("ASK",))), burnout, "linenroom").needed
    assert words.startswith("has won a good deal more trust")
    assert not any(c.isdigit() for c in words)


def test_what_was_said_with_a_day_in_it_is_found_with_its_turn(library: Library) -> None:
    found = view(library, (43, ()), (44, ()))
    assert found.agreed == ()
    words = "I'll call them on Friday."
    said = found.turns[3].model_copy(update={"text": f"Yes. {words}", "reading": Reading(promises=(words,))})
    dated = found.model_copy(update={"turns": (*found.turns[:3], said, *found.turns[4:])})
    assert [(one.turn, one.quote) for one in dated.agreed] == [(3, words)]


def test_observations_beside_the_two_first_ones_are_kept_apart(library: Library) -> None:
    critique = judged("strength", "slip", "missed", "slip", keep=0, change=1)
    found = view(library, (43, ()), critique=critique)
    assert found.rest == critique.findings[2:]
    assert view(library, (43, ()), critique=judged("slip")).rest == judged("slip").findings
    assert view(library, (43, ())).reflection == "Too fast."


def test_levels_are_said_in_words() -> None:
    assert [in_words(level) for level in (None, 1, 2, 3, 4, 5)] == [
        "not called for", "cost you", "missed", "mixed", "helped", "helped",
    ]  # fmt: skip


def again(library: Library, trust: float, known: tuple[str, ...], opened: tuple[str, ...] = ()) -> Debrief:
    """A debrief of a talk with a rep who had told these facts in an earlier one."""
    start = START.model_copy(update={"open_facts": known})
    end = start.model_copy(update={"trust": trust, "open_facts": (*known, *opened)})
    turns = (
        Turn(i=0, speaker="rep", text="You again.", state=start),
        Turn(i=1, speaker="manager", text="How are you?", state=end, opened=opened),
    )
    scenario = library.scenarios["burnout"]
    return debrief(Transcript(id="second", turns=turns), scenario, Difficulty.EASY, judged(), "")


def test_what_was_told_in_an_earlier_talk_is_neither_hidden_nor_told_now(library: Library, burnout: Scenario) -> None:
    found = again(library, 45, ("nights",))
    assert found.id == "second"
    assert secret(found, burnout, "nights") == Secret(
        topic="Workload and hours", text=burnout.facts[0].text, opened_at=None, needed=(), before=True
    )
    assert not secret(found, burnout, "linenroom").before


@pytest.mark.parametrize(
    ("trust", "known", "opened", "summary"),
    [
        (45, 1, 0, "Carys told you nothing this time that you did not know before."),
        (20, 1, 0, "Carys trusts you less than at the start and kept everything else back."),
        (45, 1, 2, "Carys told you two things that you could not have known before."),
        (45, 5, 1, "Carys told you everything there was left to tell, and you earned it."),
        (45, 6, 0, "Carys had told you everything before; this talk was about what you make of it."),
        (20, 6, 0, "Carys trusts you less than at the start."),
    ],
)
def test_one_sentence_says_what_came_of_a_later_talk(
    library: Library, burnout: Scenario, trust: float, known: int, opened: int, summary: str
) -> None:
    facts = tuple(fact.id for fact in burnout.facts)
    assert again(library, trust, facts[:known], facts[known : known + opened]).summary == summary
