"""Meeting the same rep again: what is left of the talks before, for any way they may have gone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shipped import library

from coach.domain import SINCE, Difficulty, Promise, Reading, RepState, Scenario, Since, Turn
from coach.rep import AuthoredVoice, Memory, Scene, again, begin, begin_again, promised, remember
from coach.rep.dynamics import mood_of

STANDARD = Difficulty.STANDARD
DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCENARIOS = tuple(library().scenarios.values())
GRAIN = 0.0011  # the state is kept to three decimals
unhurried = settings(deadline=None, max_examples=60)
percents = st.floats(0, 100).map(lambda value: round(value, 2))
difficulties = st.sampled_from(Difficulty)
scenarios = st.sampled_from(SCENARIOS)
sinces = st.sampled_from(SINCE)


@cache
def burnout() -> Scenario:
    return next(scenario for scenario in SCENARIOS if scenario.id == "burnout")


@st.composite
def ends(draw: st.DrawFn) -> RepState:
    trust, openness = draw(percents), draw(percents)
    return RepState(
        trust=trust,
        strain=draw(percents),
        openness=openness,
        mood=mood_of(trust, openness),
        open_facts=tuple(draw(st.lists(st.sampled_from(("nights", "need", "note")), unique=True))),
        topic="hours",
        hinted="note",
        lost=draw(st.floats(0, 16)),
        moves={"ASK": 7},
        shown_on={"hours": ("ASK",)},
        visits={"hours": 3},
    )


def meet(end: RepState, since: Since, difficulty: Difficulty = STANDARD, scenario: Scenario | None = None) -> RepState:
    return begin_again(scenario or burnout(), difficulty, Memory(since=since, state=end))


def between(value: float, one: float, other: float) -> bool:
    return min(one, other) - GRAIN <= value <= max(one, other) + GRAIN


def manager(text: str, *promises: str, **more: object) -> Turn:
    reading = Reading.model_validate({"promises": promises or (text,), **more})
    return Turn(i=1, speaker="manager", text=text, reading=reading, at=DAY)


class TestWhereTheRepStands:
    @unhurried
    @given(ends(), sinces, difficulties, scenarios)
    def test_the_state_is_sound_and_its_mood_follows(
        self, end: RepState, since: Since, difficulty: Difficulty, scenario: Scenario
    ) -> None:
        state = meet(end, since, difficulty, scenario)
        assert RepState.model_validate(state.model_dump()) == state
        assert state.mood == mood_of(state.trust, state.openness)

    @unhurried
    @given(ends(), difficulties, scenarios)
    def test_a_quiet_week_takes_everything_part_of_the_way_back_to_the_start(
        self, end: RepState, difficulty: Difficulty, scenario: Scenario
    ) -> None:
        start, state = begin(scenario, difficulty), meet(end, "quiet", difficulty, scenario)
        for name in ("trust", "strain", "openness"):
            was, is_now, at_first = (getattr(one, name) for one in (end, state, start))
            assert between(is_now, was, at_first)
            if abs(was - at_first) > 1:
                assert is_now not in (was, at_first)

    @unhurried
    @given(ends(), ends())
    def test_who_ended_with_more_trust_begins_with_no_less(self, one: RepState, other: RepState) -> None:
        assume(one.trust >= other.trust)
        assert all(meet(one, since).trust >= meet(other, since).trust for since in SINCE)

    @unhurried
    @given(ends(), sinces, difficulties)
    def test_what_was_told_stays_told_and_what_was_done_counts_no_more(
        self, end: RepState, since: Since, difficulty: Difficulty
    ) -> None:
        state = meet(end, since, difficulty)
        assert state.open_facts == end.open_facts
        assert (state.topic, state.hinted, state.lost) == ("", "", 0.0)
        assert (state.moves, state.shown_on, state.visits) == ({}, {}, {})

    @unhurried
    @given(ends(), difficulties)
    def test_a_kept_promise_raises_trust_and_a_broken_one_lowers_it_by_a_bounded_amount(
        self, end: RepState, difficulty: Difficulty
    ) -> None:
        kept, quiet, broken = (meet(end, since, difficulty).trust for since in ("kept", "quiet", "broken"))
        assert 0 <= kept - quiet <= again.KEPT + GRAIN
        assert 0 <= quiet - broken <= -again.BROKEN + GRAIN
        if 10 < quiet < 90:
            assert quiet - broken > kept - quiet > 0

    @unhurried
    @given(ends(), difficulties)
    def test_the_week_moves_strain_and_not_trust(self, end: RepState, difficulty: Difficulty) -> None:
        better, quiet, worse = (meet(end, since, difficulty) for since in ("better", "quiet", "worse"))
        assert better.strain <= quiet.strain <= worse.strain
        assert worse.strain > better.strain
        assert better.trust == quiet.trust == worse.trust
        assert quiet.strain == meet(end, "kept", difficulty).strain

    @unhurried
    @given(ends(), difficulties)
    def test_after_many_quiet_weeks_the_rep_is_back_at_the_start(self, end: RepState, difficulty: Difficulty) -> None:
        state = end
        for _ in range(40):
            state = meet(state, "quiet", difficulty)
        assert state.trust == pytest.approx(begin(burnout(), difficulty).trust, abs=0.05)

    @unhurried
    @given(ends(), sinces)
    def test_it_is_pure(self, end: RepState, since: Since) -> None:
        before = end.model_dump_json()
        assert meet(end, since) == meet(end, since)
        assert end.model_dump_json() == before

    @pytest.mark.parametrize("memory", [Memory(), Memory(since="kept"), remember([], "kept")])
    def test_without_a_talk_before_it_is_the_start(self, memory: Memory) -> None:
        assert begin_again(burnout(), STANDARD, memory) == begin(burnout(), STANDARD)


class TestWhatIsRemembered:
    def test_lines_of_all_talks_and_promises_of_the_last(self) -> None:
        end = begin(burnout(), STANDARD)
        first = (Turn(i=0, speaker="rep", text="One.", lines=("a.0",)), manager("I will do it on Monday."))
        second = (
            Turn(i=0, speaker="rep", text="Two. You said: “I will do it on Monday.”", lines=("a.1", "b.0")),
            manager("I'll ask on Friday."),
            Turn(i=2, speaker="rep", text="A calm notice.", notice=True, state=end),
        )
        memory = remember([first, second], "kept")
        assert memory.lines == {"a.0", "a.1", "b.0"}
        assert memory.said == ("One.", "Two.")
        assert memory.promises == (Promise(words="I'll ask on Friday.", at=DAY),)
        assert [speaker for speaker, _ in memory.talk] == ["rep", "manager"]
        assert memory.state == end

    @pytest.mark.parametrize(
        "words",
        ["I'll ring them on Friday.", "We will look at it next week.", "Let me call you at 9:00.", "Tomorrow I’ll."],
    )
    def test_a_commitment_of_ones_own_is_a_promise(self, words: str) -> None:
        assert [promise.words for promise in promised([manager(words)])] == [words]

    @pytest.mark.parametrize(
        "turn",
        [
            manager("You will ring Colin by noon."),
            manager("I will call HR on Friday.", codes=("THREAT",), quotes={"THREAT": "I will call HR on Friday."}),
            manager("I will reset you today.", aside="meta"),
            Turn(i=0, speaker="rep", text="I will do it today.", reading=Reading(promises=("I will do it today.",))),
            Turn(i=1, speaker="manager", text="I will do it today."),
        ],
        ids=["an order", "a threat", "to the simulator", "the rep's", "not read"],
    )
    def test_what_is_no_promise_of_the_managers_is_none(self, turn: Turn) -> None:
        assert promised([turn]) == ()

    def test_a_promise_said_twice_is_one(self) -> None:
        assert len(promised([manager("I'll ask on Friday."), manager("i'll  ask on Friday.")])) == 1

    def test_only_short_promises_are_said_back(self) -> None:
        long = f"I will {'very ' * 50}surely ask on Friday."
        memory = remember([[manager("I'll ask on Friday."), manager(long)]], "kept")
        assert [len(found) for found in (memory.promises, memory.quotable)] == [2, 1]


class TestFirstWords:
    @pytest.mark.parametrize("since", SINCE)
    @pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
    def test_they_are_the_ones_written_for_what_has_happened(self, scenario: Scenario, since: Since) -> None:
        reply = AuthoredVoice().first(scene(Memory(since=since), scenario))
        assert reply.text in getattr(scenario.next_time, since)
        assert reply.lines[0].startswith(f"next_time.{since}.")

    @pytest.mark.parametrize("since", SINCE)
    def test_a_promise_is_said_back_where_it_matters_and_nowhere_else(self, since: Since) -> None:
        promises = (Promise(words="I'll do this."), Promise(words="I'll do that by Friday."))
        reply = AuthoredVoice().first(scene(Memory(since=since, promises=promises)))
        line = dict(burnout().all_lines())[reply.lines[0]]
        quoted = " You said: “I'll do that by Friday.”" if since in ("kept", "broken") else ""
        assert reply.text == line + quoted
        assert again.own(reply.text) == line

    @pytest.mark.parametrize("since", SINCE)
    def test_no_line_comes_twice_however_often_they_meet(self, since: Since) -> None:
        used: set[str] = set()
        for week in range(6):
            memory = Memory(since=since, lines=frozenset(used))
            key = AuthoredVoice().first(scene(memory, seed=week)).lines[0]
            assert key not in used
            used.add(key)

    def test_last_words_do_not_come_twice_either(self) -> None:
        used: set[str] = set()
        for week in range(7):
            key = AuthoredVoice().last(scene(Memory(since="quiet", lines=frozenset(used)), seed=week)).lines[0]
            assert key not in used
            used.add(key)


def scene(memory: Memory, scenario: Scenario | None = None, seed: int = 1) -> Scene:
    played = scenario or burnout()
    return Scene(played, (), Reading(), (), begin_again(played, STANDARD, memory), None, STANDARD, seed, memory)
