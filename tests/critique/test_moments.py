from hypothesis import given
from hypothesis import strategies as st

from coach.critique.moments import help_of, hurt_of, moments
from coach.critique.rubric import Rubric
from coach.domain import CODES, SLIPS, STRENGTHS, Code, Reading, Turn

RUBRIC = Rubric.load()


def turns(*spoken: tuple[Code, ...]) -> tuple[Turn, ...]:
    made: list[Turn] = []
    for codes in spoken:
        made.append(Turn(i=len(made), speaker="rep", text="well", reading=Reading()))
        made.append(Turn(i=len(made), speaker="manager", text="so", reading=Reading(codes=codes)))
    return tuple(made)


def test_the_turn_that_helped_and_the_one_that_hurt() -> None:
    assert moments(turns(("ASK",), ("OWN", "SUPPORT"), ("THREAT",), ("STANDARD",)), RUBRIC) == (3, 5)


def test_none_where_nothing_helped_or_hurt() -> None:
    assert moments(turns(("BLAME",), ()), RUBRIC) == (None, 1)
    assert moments(turns(("EMPATHY",), ()), RUBRIC) == (1, None)
    assert moments(turns((), ()), RUBRIC) == (None, None)
    assert moments((), RUBRIC) == (None, None)


def test_the_earlier_of_two_equal_turns() -> None:
    assert moments(turns((), ("ASK", "BLAME"), ("ASK",), ("ASK",), ("BLAME",)), RUBRIC)[0] == 5


def test_a_rep_turn_or_an_unread_turn_is_never_named() -> None:
    rep = Turn(i=0, speaker="rep", text="x", reading=Reading(codes=("OWN",)))
    unread = Turn(i=1, speaker="manager", text="x")
    assert moments((rep, unread), RUBRIC) == (None, None)


def test_a_surer_reading_wins() -> None:
    unsure = Reading(codes=("THREAT",), probabilities={"THREAT": 0.2})
    sure = Reading(codes=("THREAT",), probabilities={"THREAT": 0.9})
    made = tuple(Turn(i=i, speaker="manager", text="x", reading=r) for i, r in enumerate((unsure, sure)))
    assert moments(made, RUBRIC)[1] == 1


@given(st.lists(st.sampled_from(CODES), max_size=4, unique=True), st.sampled_from(STRENGTHS), st.sampled_from(SLIPS))
def test_strengths_help_and_slips_hurt(codes: list[Code], strength: Code, slip: Code) -> None:
    plain = Reading(codes=tuple(codes))
    better, worse = Reading(codes=(*codes, strength)), Reading(codes=(*codes, slip))
    assert help_of(better, RUBRIC) >= help_of(plain, RUBRIC) >= help_of(worse, RUBRIC)
    assert hurt_of(better, RUBRIC) <= hurt_of(plain, RUBRIC) <= hurt_of(worse, RUBRIC)


def test_what_was_heard_only_faintly_still_breaks_a_choice_but_nearly_nothing_does_not() -> None:
    faint = Reading(probabilities={"THREAT": 0.3})
    nothing = Reading(probabilities={"THREAT": RUBRIC.moments.faint / 2})
    made = tuple(Turn(i=i, speaker="manager", text="x", reading=r) for i, r in enumerate((nothing, faint)))
    assert moments(made, RUBRIC) == (None, 1)
    assert moments(made[:1], RUBRIC) == (None, None)


def test_talk_to_the_simulator_is_never_a_moment() -> None:
    aside = Reading(probabilities={"THREAT": 0.9, "OWN": 0.9}, aside="meta")
    assert moments((Turn(i=0, speaker="manager", text="x", reading=aside),), RUBRIC) == (None, None)
