"""What must hold of the rep's state for any manager: random readings, sequences and difficulties."""

from __future__ import annotations

from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shipped import burnout

from coach.domain import CODES, SLIPS, STRENGTHS, Code, Difficulty, Reading, RepState
from coach.rep import begin, touched, update
from coach.rep.dynamics import LISTENING, MAX_GAIN, MAX_LOSS, SURE_SLIP, mood_of

EASY, STANDARD, HARD = Difficulty.EASY, Difficulty.STANDARD, Difficulty.HARD
TOPICS = ("visible", "hours", "team", "merrin", "home", "future", "next", "numbers")
GRAIN = 0.0011  # the state is kept to three decimals
unhurried = settings(deadline=None, max_examples=60)  # a shared machine is no reason to fail


def state_at(trust: float, openness: float = 50.0, **more: object) -> RepState:
    return RepState.model_validate(
        {"trust": trust, "strain": 50.0, "openness": openness, "mood": mood_of(trust, openness), **more}
    )


def reading_of(*codes: Code, sure: float = 1.0) -> Reading:
    return Reading(codes=codes, probabilities=dict.fromkeys(codes, sure))


def trust_moved(state: RepState, reading: Reading, difficulty: Difficulty) -> float:
    return update(state, reading, (), difficulty).trust - state.trust


percents = st.floats(0, 100).map(lambda value: round(value, 2))
certainties = st.floats(0, 1)
difficulties = st.sampled_from(Difficulty)
about = st.lists(st.sampled_from(TOPICS), max_size=3, unique=True).map(tuple)


@st.composite
def readings(draw: st.DrawFn, codes: tuple[Code, ...] = CODES, least: int = 0) -> Reading:
    heard = draw(st.lists(st.sampled_from(codes), min_size=least, max_size=6, unique=True))
    sure = {code: draw(certainties) for code in heard}
    others = draw(st.dictionaries(st.sampled_from(CODES), certainties))
    return Reading(codes=tuple(heard), probabilities=others | sure, topics=draw(about))


@st.composite
def states(draw: st.DrawFn, low: float = 0, high: float = 100) -> RepState:
    trust, openness = draw(st.floats(low, high).map(lambda value: round(value, 2))), draw(percents)
    return RepState(
        trust=trust,
        strain=draw(percents),
        openness=openness,
        mood=mood_of(trust, openness),
        topic=draw(st.sampled_from(("", *TOPICS))),
        moves=draw(st.dictionaries(st.sampled_from(CODES), st.integers(0, 30), max_size=8)),
        shown_on=draw(st.dictionaries(st.sampled_from(TOPICS), st.just(("ASK",)), max_size=3)),
    )


@unhurried
@given(st.lists(st.tuples(readings(), about), max_size=40), difficulties)
def test_the_state_stays_between_0_and_100_and_the_mood_follows_it(
    turns: list[tuple[Reading, tuple[str, ...]]], difficulty: Difficulty
) -> None:
    state = begin(burnout(), difficulty)
    for reading, topics in turns:
        state = update(state, reading, topics, difficulty)
        assert 0 <= state.trust <= 100
        assert 0 <= state.strain <= 100
        assert 0 <= state.openness <= 100
        assert state.mood == mood_of(state.trust, state.openness)
        assert RepState.model_validate(state.model_dump()) == state


@unhurried
@given(states(), readings(), difficulties)
def test_one_turn_moves_trust_within_bounds_and_a_loss_may_be_larger(
    state: RepState, reading: Reading, difficulty: Difficulty
) -> None:
    assert -MAX_LOSS - GRAIN <= trust_moved(state, reading, difficulty) <= MAX_GAIN + GRAIN
    assert MAX_GAIN < MAX_LOSS <= 20


@unhurried
@given(states(), readings(SLIPS, least=1), difficulties)
def test_a_slip_never_raises_trust(state: RepState, reading: Reading, difficulty: Difficulty) -> None:
    after = update(state, reading, (), difficulty)
    assert after.trust <= state.trust
    assert after.openness <= state.openness
    assert after.strain >= state.strain


@unhurried
@given(states(), readings(STRENGTHS, least=1), difficulties)
def test_a_strength_never_lowers_trust(state: RepState, reading: Reading, difficulty: Difficulty) -> None:
    after = update(state, reading, (), difficulty)
    assert after.trust >= state.trust
    assert after.openness >= state.openness


@unhurried
@given(states(), readings(STRENGTHS, least=1), st.sampled_from(SLIPS), certainties, difficulties)
def test_a_slip_added_to_a_turn_never_helps_it(
    state: RepState, reading: Reading, slip: Code, sure: float, difficulty: Difficulty
) -> None:
    spoiled = reading.model_copy(
        update={"codes": (*reading.codes, slip), "probabilities": {**reading.probabilities, slip: sure}}
    )
    assert update(state, spoiled, (), difficulty).trust <= update(state, reading, (), difficulty).trust


@pytest.mark.parametrize("difficulty", Difficulty)
@pytest.mark.parametrize("code", CODES)
def test_every_behaviour_moves_trust_its_own_way(code: Code, difficulty: Difficulty) -> None:
    moved = trust_moved(state_at(50), reading_of(code), difficulty)
    assert moved < 0 if code in SLIPS else moved > 0


@pytest.mark.parametrize("difficulty", Difficulty)
def test_the_average_slip_costs_more_than_the_average_strength_earns(difficulty: Difficulty) -> None:
    state = state_at(50)
    losses = [-trust_moved(state, reading_of(code), difficulty) for code in SLIPS]
    gains = [trust_moved(state, reading_of(code), difficulty) for code in STRENGTHS]
    assert mean(losses) > 1.5 * mean(gains)


@pytest.mark.parametrize("difficulty", (STANDARD, HARD))
def test_the_mildest_slip_costs_more_than_any_single_strength_earns(difficulty: Difficulty) -> None:
    state = state_at(50)
    mildest = min(-trust_moved(state, reading_of(code), difficulty) for code in SLIPS)
    assert mildest > max(trust_moved(state, reading_of(code), difficulty) for code in STRENGTHS)


def test_asking_and_listening_earn_most() -> None:
    gains = {code: trust_moved(state_at(50), reading_of(code), STANDARD) for code in STRENGTHS}
    best = sorted(gains, key=lambda code: -gains[code])[:3]
    assert {"ASK", "REFLECT"} < set(best)
    assert mean(gains[code] for code in LISTENING) > mean(gains[code] for code in STRENGTHS if code not in LISTENING)


@pytest.mark.parametrize("difficulty", Difficulty)
def test_damage_outweighs_the_best_repairing_behaviour(difficulty: Difficulty) -> None:
    healed = {}
    for slip in SLIPS:
        hurt = update(state_at(50), reading_of(slip), (), difficulty)
        best = max(update(hurt, reading_of(code), (), difficulty).trust for code in STRENGTHS)
        if best >= 50:
            healed[slip] = best
    assert not healed, "these slips are more than made up for by one strength (trust was 50)"


@pytest.mark.parametrize("difficulty", Difficulty)
def test_damage_outweighs_the_richest_repairing_turn(difficulty: Difficulty) -> None:
    """One turn may show many strengths at once; what was broken is still not whole after it."""
    healed = {}
    for slip in SLIPS:
        hurt = update(state_at(50), reading_of(slip), (), difficulty)
        best = update(hurt, reading_of(*STRENGTHS), (), difficulty).trust
        if best >= 50:
            healed[slip] = best
    assert not healed, "these slips are more than made up for by one turn (trust was 50)"


def test_a_slip_that_is_only_suspected_does_not_slow_what_is_regained() -> None:
    def regained(sure: float) -> float:
        slip = Reading(codes=("DISMISS",), probabilities={"DISMISS": sure})
        hurt = update(state_at(50), slip, (), Difficulty.STANDARD)
        assert hurt.trust < 50, "it costs trust by its certainty all the same"
        return trust_moved(hurt, reading_of("OWN", "ASK"), Difficulty.STANDARD)

    untouched = trust_moved(state_at(50), reading_of("OWN", "ASK"), Difficulty.STANDARD)
    assert regained(SURE_SLIP - 0.1) >= untouched > regained(SURE_SLIP)


@unhurried
@given(st.sampled_from(STRENGTHS), difficulties, st.integers(10, 40))
def test_repeating_a_strength_earns_less_each_time(code: Code, difficulty: Difficulty, trust: int) -> None:
    earned = []
    for shown in range(12):
        state = state_at(trust, moves={code: shown} if shown else {})
        earned.append(trust_moved(state, reading_of(code), difficulty))
    assert all(later <= before + 1e-9 for before, later in pairwise(earned))
    assert all(later < before for before, later in pairwise(earned[:6])), earned
    assert earned[-1] > 0


@unhurried
@given(states(20, 80), st.sampled_from(SLIPS), difficulties)
def test_repeating_a_slip_costs_no_less(state: RepState, slip: Code, difficulty: Difficulty) -> None:
    once = trust_moved(state_at(state.trust), reading_of(slip), difficulty)
    again = trust_moved(state_at(state.trust, moves={slip: 5}), reading_of(slip), difficulty)
    assert again <= once


@unhurried
@given(states(20, 80), st.sampled_from(CODES), certainties, certainties, difficulties)
def test_a_less_certain_reading_moves_less(
    state: RepState, code: Code, one: float, other: float, difficulty: Difficulty
) -> None:
    less, more = sorted((one, other))
    weak = abs(trust_moved(state, reading_of(code, sure=less), difficulty))
    strong = abs(trust_moved(state, reading_of(code, sure=more), difficulty))
    assert weak <= strong + 1e-9
    if more - less > 0.3 and not state.moves.get(code):
        assert weak < strong


@unhurried
@given(states(), readings(STRENGTHS), readings(SLIPS), difficulties)
def test_a_code_below_its_threshold_moves_nothing(
    state: RepState, reading: Reading, faint: Reading, difficulty: Difficulty
) -> None:
    """Probabilities of codes that were not heard are for provenance only."""
    noisy = reading.model_copy(update={"probabilities": {**faint.probabilities, **reading.probabilities}})
    assert update(state, noisy, (), difficulty).trust == update(state, reading, (), difficulty).trust


def test_owning_up_mends_more_as_long_as_slips_outnumber_it() -> None:
    owned = reading_of("OWN")
    unhurt, hurt, mended = (
        trust_moved(state_at(40, moves=moves), owned, STANDARD) for moves in ({}, {"BLAME": 1}, {"BLAME": 1, "OWN": 1})
    )
    assert hurt > 1.5 * unhurt > 1.5 * mended


@unhurried
@given(states(30, 70), readings(STRENGTHS, least=1))
def test_a_harder_rep_gains_less(state: RepState, reading: Reading) -> None:
    easy, standard, hard = (trust_moved(state, reading, difficulty) for difficulty in (EASY, STANDARD, HARD))
    assert easy >= standard >= hard
    if standard < MAX_GAIN * 0.7 and standard > 0.2:
        assert easy > standard > hard


@unhurried
@given(states(30, 70), readings(SLIPS, least=1))
def test_a_harder_rep_loses_more(state: RepState, reading: Reading) -> None:
    easy, standard, hard = (-trust_moved(state, reading, difficulty) for difficulty in (EASY, STANDARD, HARD))
    assert easy <= standard + 1e-9
    assert standard <= hard + 1e-9
    if 0.2 < standard < MAX_LOSS * 0.7:
        assert easy < standard < hard


@unhurried
@given(st.lists(readings(), max_size=25))
def test_a_harder_rep_never_ends_with_more_trust(turns: list[Reading]) -> None:
    ends = {}
    for difficulty in Difficulty:
        state = begin(burnout(), difficulty)
        for reading in turns:
            state = update(state, reading, (), difficulty)
        ends[difficulty] = state.trust
    assert ends[EASY] + 25 * GRAIN >= ends[STANDARD] >= ends[HARD] - 25 * GRAIN


def test_the_start_depends_on_the_difficulty() -> None:
    easy, standard, hard = (begin(burnout(), difficulty) for difficulty in (EASY, STANDARD, HARD))
    assert easy.trust > standard.trust > hard.trust
    assert standard.trust == burnout().start.trust
    assert not standard.open_facts
    assert not standard.moves


@unhurried
@given(states(), about, difficulties)
def test_an_empty_reading_changes_nothing_but_the_topic(
    state: RepState, topics: tuple[str, ...], difficulty: Difficulty
) -> None:
    after = update(state, Reading(), topics, difficulty)
    assert (after.trust, after.strain, after.openness) == (state.trust, state.strain, state.openness)
    assert (after.mood, after.moves, after.open_facts) == (state.mood, state.moves, state.open_facts)
    assert after.topic == (topics[0] if topics else state.topic)


@unhurried
@given(states(), readings(), about, difficulties)
def test_the_update_is_pure(state: RepState, reading: Reading, topics: tuple[str, ...], difficulty: Difficulty) -> None:
    state_before, reading_before = state.model_dump_json(), reading.model_dump_json()
    first = update(state, reading, topics, difficulty)
    assert update(state, reading, topics, difficulty) == first
    assert state.model_dump_json() == state_before
    assert reading.model_dump_json() == reading_before


@unhurried
@given(states(), readings(), readings(), about, difficulties)
def test_what_was_done_is_remembered_on_the_topic_it_was_done_on(
    state: RepState, one: Reading, two: Reading, topics: tuple[str, ...], difficulty: Difficulty
) -> None:
    after = update(update(state, one, topics, difficulty), two, (), difficulty)
    for topic in TOPICS:
        new = set(one.codes) if topic in topics else set()
        assert set(after.shown_on.get(topic, ())) == set(state.shown_on.get(topic, ())) | new
    for code in CODES:
        more = (code in one.codes) + (code in two.codes)
        assert after.moves.get(code, 0) == state.moves.get(code, 0) + more


@unhurried
@given(states(), st.permutations(CODES), difficulties)
def test_the_order_in_which_codes_are_listed_does_not_matter(
    state: RepState, order: list[Code], difficulty: Difficulty
) -> None:
    some = CODES[::3]
    here = update(state, reading_of(*some), (), difficulty)
    there = update(state, reading_of(*(code for code in order if code in some)), (), difficulty)
    assert here.trust == pytest.approx(there.trust, abs=GRAIN)


@unhurried
@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_the_mood_never_closes_when_trust_grows(trust: float, more: float, openness: float) -> None:
    assume(more >= trust)
    order = ("guarded", "wary", "open")
    assert order.index(mood_of(trust, openness)) <= order.index(mood_of(more, openness))


def test_one_false_alarm_does_not_wreck_a_conversation() -> None:
    """A half-sure threat costs half of a sure one; three good turns make up for it."""
    state = update(state_at(50), reading_of("THREAT", sure=0.5), (), STANDARD)
    assert state.trust >= 43
    for _ in range(3):
        state = update(state, reading_of("ASK", "REFLECT"), (), STANDARD)
    assert state.trust > 50


class TestTouched:
    def test_named_topics_come_first(self) -> None:
        state = state_at(50, topic="team", hinted="note")
        reading = Reading(codes=("ASK",), topics=("merrin", "hours"))
        assert touched(state, reading, burnout()) == ("merrin", "hours")

    @pytest.mark.parametrize("code", sorted(LISTENING))
    def test_following_up_the_last_hint_touches_its_topic(self, code: Code) -> None:
        state = state_at(50, topic="team", hinted="note")
        assert touched(state, reading_of(code), burnout()) == ("home",)

    def test_listening_stays_on_the_topic_under_discussion(self) -> None:
        assert touched(state_at(50, topic="team"), reading_of("REFLECT"), burnout()) == ("team",)

    def test_listening_at_the_start_is_about_the_presenting_problem(self) -> None:
        assert touched(state_at(50), reading_of("ASK"), burnout()) == ("visible",)

    @pytest.mark.parametrize("code", [code for code in CODES if code not in LISTENING])
    def test_without_listening_a_turn_that_names_no_topic_touches_none(self, code: Code) -> None:
        assert touched(state_at(50, topic="team", hinted="note"), reading_of(code), burnout()) == ()

    def test_a_hint_is_forgotten_after_the_next_turn(self) -> None:
        after = update(state_at(50, hinted="note"), reading_of("STANDARD"), (), STANDARD)
        assert after.hinted == ""
