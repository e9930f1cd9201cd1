from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.critique.overall import lean, overall
from coach.critique.rubric import Rubric
from coach.domain import CODES, SLIPS, STRENGTHS, Code, Reading, Turn

RUBRIC = Rubric.load()
CLARITY = set(RUBRIC.caps[0].without)
RESPECT = set(RUBRIC.caps[1].without)
Spoken = list[tuple[Code, ...]]
conversations: st.SearchStrategy[Spoken] = st.lists(
    st.lists(st.sampled_from(CODES), max_size=4, unique=True).map(tuple), max_size=9
)
many = settings(max_examples=75, deadline=None)


def turns(spoken: Sequence[tuple[Code, ...]]) -> tuple[Turn, ...]:
    return tuple(Turn(i=i, speaker="manager", text="so", reading=Reading(codes=c)) for i, c in enumerate(spoken))


@many
@given(conversations, st.sampled_from(STRENGTHS), st.integers(0, 9))
def test_a_strength_never_lowers_the_overall(spoken: Spoken, strength: Code, at: int) -> None:
    more: Spoken = [*spoken[:at], (strength,), *spoken[at:]]
    assert overall(turns(more), RUBRIC) >= overall(turns(spoken), RUBRIC)


@many
@given(conversations, st.sampled_from(SLIPS), st.integers(0, 9))
def test_a_slip_never_raises_the_overall_nor_the_lean(spoken: Spoken, slip: Code, at: int) -> None:
    more: Spoken = [*spoken[:at], (slip,), *spoken[at:]]
    assert overall(turns(more), RUBRIC) <= overall(turns(spoken), RUBRIC)
    assert lean(turns(more), RUBRIC) <= lean(turns(spoken), RUBRIC)


@many
@given(conversations)
def test_kindness_without_clarity_is_at_most_three(spoken: Spoken) -> None:
    kind: Spoken = [tuple(code for code in codes if code not in CLARITY) for codes in spoken]
    assert overall(turns([*kind, ("EMPATHY", "SAFETY", "CREDIT", "ASK", "SUPPORT")]), RUBRIC) <= 3


@many
@given(conversations)
def test_clarity_without_respect_is_at_most_three(spoken: Spoken) -> None:
    clear: Spoken = [tuple(code for code in codes if code not in RESPECT) for codes in spoken]
    assert overall(turns([*clear, ("STANDARD", "PURPOSE", "ALIGN", "INSIGHT", "DEVELOP")]), RUBRIC) <= 3


@many
@given(conversations, st.integers(1, 40))
def test_turns_without_codes_change_nothing(spoken: Spoken, idle: int) -> None:
    longer = turns([*spoken, *([()] * idle)])
    assert overall(longer, RUBRIC) == overall(turns(spoken), RUBRIC)
    assert lean(longer, RUBRIC) == lean(turns(spoken), RUBRIC)


@many
@given(conversations)
def test_results_stay_in_range(spoken: Spoken) -> None:
    assert 1 <= overall(turns(spoken), RUBRIC) <= 5
    assert -2 <= lean(turns(spoken), RUBRIC) <= 2


@pytest.mark.parametrize("codes", [("ASK",), ("ASK", "STANDARD"), ("CREDIT", "EMPATHY", "ASK")])
def test_repeating_the_same_few_behaviours_does_not_reach_five(codes: tuple[Code, ...]) -> None:
    assert overall(turns([codes] * 20), RUBRIC) < 5


def test_a_good_a_mixed_and_a_bad_conversation_come_in_that_order() -> None:
    good: Spoken = [
        ("ASK",),
        ("REFLECT", "EMPATHY"),
        ("OWN", "SUPPORT"),
        ("CHOICE",),
        ("STANDARD", "CREDIT"),
        ("DEVELOP",),
    ]
    mixed: Spoken = [("ASK",), ("DISMISS",), ("OWN",), ("STANDARD", "COMMAND")]
    bad: Spoken = [("WEAPON",), ("BLAME", "THREAT"), ("DISMISS",), ("CONTROL",), ("DEFLECT",)]
    found = [overall(turns(spoken), RUBRIC) for spoken in (good, mixed, bad)]
    assert found[0] == 5 and found[2] == 1 and found[0] > found[1] > found[2]
    assert lean(turns(good), RUBRIC) > lean(turns(mixed), RUBRIC) >= lean(turns(bad), RUBRIC) == -2


def test_standards_alone_do_not_lean_towards_leading() -> None:
    assert lean(turns([("STANDARD",)] * 4), RUBRIC) <= 0
