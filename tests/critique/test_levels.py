from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from coach.critique.levels import certainty, evidence, levels, value
from coach.critique.rubric import Rubric, Scale
from coach.domain import CODES, PRINCIPLES, SLIPS, STRENGTHS, Code, Reading, Turn

RUBRIC = Rubric.load()
REPAIRS: dict[Code, Code] = {
    "COMMAND": "ASK", "THREAT": "SAFETY", "BLAME": "EMPATHY", "DISMISS": "REFLECT", "CONTROL": "CHOICE",
    "WEAPON": "INSIGHT", "DEFLECT": "OWN", "OVERPROMISE": "STANDARD", "SHORTCUT": "ALIGN",
}  # fmt: skip
Spoken = list[dict[Code, float]]


def turns(spoken: Sequence[dict[Code, float]], openings: float = 1.0) -> tuple[Turn, ...]:
    """Manager turns with these sure codes, each after a rep turn that calls for everything."""
    made: list[Turn] = []
    for codes in spoken:
        calls = Reading(openings=dict.fromkeys(PRINCIPLES, openings))
        made.append(Turn(i=len(made), speaker="rep", text="well", reading=calls))
        reading = Reading(codes=tuple(codes), probabilities=codes)
        made.append(Turn(i=len(made), speaker="manager", text="so", reading=reading))
    return tuple(made)


def rate(spoken: Sequence[dict[Code, float]]) -> dict[str, int]:
    return {p: level for p, level in levels(turns(spoken), RUBRIC).items() if level is not None}


def said(*codes: Code) -> dict[Code, float]:
    return dict.fromkeys(codes, 1.0)


sure = st.floats(0.1, 1.0)
conversations: st.SearchStrategy[Spoken] = st.lists(
    st.dictionaries(st.sampled_from(CODES), sure, max_size=4), max_size=9
)
many = settings(max_examples=75, deadline=None)


@many
@given(conversations, st.sampled_from(STRENGTHS), sure, st.integers(0, 9))
def test_a_strength_never_lowers_a_level(spoken: Spoken, strength: Code, p: float, at: int) -> None:
    more = [*spoken[:at], {strength: p}, *spoken[at:]]
    before, after = rate(spoken), rate(more)
    assert all(after[name] >= level for name, level in before.items())


@many
@given(conversations, st.sampled_from(SLIPS), sure, st.integers(0, 9))
def test_a_slip_never_raises_a_level(spoken: Spoken, slip: Code, p: float, at: int) -> None:
    before, after = rate(spoken), rate([*spoken[:at], {slip: p}, *spoken[at:]])
    assert all(after[name] <= level for name, level in before.items())


@many
@given(conversations, st.sampled_from(SLIPS), st.integers(0, 9))
def test_saying_the_better_thing_instead_of_a_slip_never_lowers_a_level(spoken: Spoken, slip: Code, at: int) -> None:
    slipped = rate([*spoken[:at], said(slip), *spoken[at:]])
    better = rate([*spoken[:at], said(REPAIRS[slip]), *spoken[at:]])
    assert all(better[name] >= level for name, level in slipped.items())


@many
@given(conversations, st.integers(1, 30), st.integers(0, 9))
def test_turns_without_codes_change_no_level(spoken: Spoken, number: int, at: int) -> None:
    plain = levels(turns(spoken), RUBRIC)
    made = list(turns(spoken))
    idle = [Turn(i=0, speaker="manager", text="Shall we say Tuesday?", reading=Reading())] * number
    assert levels([*made[: 2 * at], *idle, *made[2 * at :]], RUBRIC) == plain


@many
@given(conversations, st.dictionaries(st.sampled_from(CODES), st.floats(0, 0.4), max_size=8))
def test_probabilities_of_codes_that_were_not_heard_count_nothing(spoken: Spoken, doubts: dict[Code, float]) -> None:
    silent = Turn(i=0, speaker="manager", text="hm", reading=Reading(probabilities=doubts))
    assert levels([*turns(spoken), silent], RUBRIC) == levels(turns(spoken), RUBRIC)


@pytest.mark.parametrize("code", STRENGTHS)
def test_repeating_one_behaviour_does_not_reach_the_top(code: Code) -> None:
    assert max(rate([said(code)] * 20).values()) < 5


def test_asking_twenty_times_is_hardly_better_than_three_times() -> None:
    three, twenty = rate([said("ASK")] * 3), rate([said("ASK")] * 20)
    assert all(twenty[p] - three[p] <= 1 for p in PRINCIPLES)


@pytest.mark.parametrize("principle", PRINCIPLES)
def test_an_opening_let_pass_rates_two(principle: str) -> None:
    assert rate([{}])[principle] == 2


def test_nothing_called_for_is_null() -> None:
    found = levels(turns([{}], openings=0.0), RUBRIC)
    assert {found[p] for p in ("vision", "motivation", "data", "change", "strategy", "developing")} == {None}


@pytest.mark.parametrize(
    ("principle", "slip"),
    [("trust", "CONTROL"), ("psychological_safety", "THREAT"), ("integrity", "DEFLECT"), ("data", "WEAPON")],
)
def test_acting_against_a_principle_again_and_again_rates_one(principle: str, slip: Code) -> None:
    assert rate([said(slip, "DISMISS")] * 4)[principle] == 1


@pytest.mark.parametrize(
    ("principle", "strength"),
    [("vision", "PURPOSE"), ("wellbeing", "EMPATHY"), ("recognition", "CREDIT"), ("developing", "DEVELOP")],
)
def test_a_principle_clearly_done_rates_four_with_good_company(principle: str, strength: Code) -> None:
    assert rate([said(strength, "ASK"), said(strength, "REFLECT"), said("SUPPORT")])[principle] >= 4


def test_a_slip_that_was_repaired_later_counts_less() -> None:
    heard = evidence(turns([said("BLAME"), said("OWN")]), RUBRIC.hearing)
    late = evidence(turns([said("OWN"), said("BLAME")]), RUBRIC.hearing)
    assert heard["BLAME"] == pytest.approx(RUBRIC.hearing.repaired)
    assert late["BLAME"] == 1.0


def test_an_unsure_reading_counts_less_than_a_sure_one() -> None:
    reading = Reading(codes=("ASK",), probabilities={"ASK": 0.2})
    assert certainty(reading, "ASK", 0.5) == pytest.approx(0.6)
    assert certainty(reading, "REFLECT", 0.5) == 0.0
    assert certainty(Reading(codes=("ASK",)), "ASK", 0.5) == 1.0


def test_no_turns_at_all() -> None:
    assert all(level in (None, 2) for level in levels((), RUBRIC).values())


def test_a_value_stays_between_its_ends() -> None:
    scale = Scale(start=2.0, up=3.0, down=1.0, support={"ASK": 5.0}, against={"BLAME": 5.0})
    assert value(scale, {"ASK": 1e9}) == pytest.approx(5.0)
    assert value(scale, {"BLAME": 1e9}) == pytest.approx(1.0)
    assert value(scale, {}) == 2.0


def test_the_form_refuses_a_slip_that_helps() -> None:
    with pytest.raises(ValidationError):
        Scale.model_validate({"start": 2, "up": 1, "down": 1, "support": {"BLAME": 1.0}, "against": {}})
    with pytest.raises(ValidationError):
        Scale.model_validate({"start": 2, "up": 1, "down": 1, "support": {"ASK": -1.0}, "against": {}})


def test_every_code_counts_somewhere() -> None:
    used = {code for rules in RUBRIC.principles.values() for code in {**rules.scale.support, **rules.scale.against}}
    assert used == set(CODES)
