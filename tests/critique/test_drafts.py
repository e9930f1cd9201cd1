"""What a critique says first to change, in a talk without a slip: the opening most worth taking next time."""

from __future__ import annotations

import pytest

from coach.content import Library
from coach.critique.drafts import Draft, drafts
from coach.critique.rubric import Rubric
from coach.domain import PRINCIPLES, Code, Level, PrincipleId, Reading, RepState, Turn

RUBRIC = Rubric.load()
GOOD: dict[PrincipleId, Level | None] = {**dict.fromkeys(PRINCIPLES), "coaching": 5, "psychological_safety": 4}
Exchange = tuple[dict[PrincipleId, float], str, tuple[Code, ...], tuple[str, ...]]
"""What the rep's words call for, the fact they hint at, what the answer shows, and the facts it opens."""


def talk(*exchanges: Exchange) -> list[Turn]:
    turns: list[Turn] = []
    for openings, hinted, codes, opened in exchanges:
        state = RepState(trust=40, strain=50, openness=40, mood="wary", hinted=hinted)
        heard = Reading(openings=openings)
        turns.append(Turn(i=len(turns), speaker="rep", text="There is a thing.", reading=heard, state=state))
        said = Reading(codes=codes)
        turns.append(Turn(i=len(turns), speaker="manager", text="I see.", reading=said, opened=opened))
    return turns


def change(library: Library, levels: dict[PrincipleId, Level | None], *exchanges: Exchange) -> Draft | None:
    found = drafts(talk(*exchanges), levels, library.behaviours, RUBRIC)
    other = [draft for draft in found if draft.kind != "strength"]
    assert len(other) <= 1
    return other[0] if other else None


def test_what_the_rep_was_close_to_telling_comes_first(library: Library) -> None:
    weak: dict[PrincipleId, Level | None] = {**GOOD, "accountability": 3}
    found = change(
        library, weak, ({"accountability": 0.9}, "", ("ASK",), ()), ({"coaching": 0.9}, "nights", ("TRY",), ())
    )
    assert found is not None
    assert (found.kind, found.principle, found.turns) == ("missed", "psychological_safety", (3,))


def test_what_was_told_and_got_no_answer_comes_before_it(library: Library) -> None:
    told: Exchange = ({}, "", ("EMPATHY",), ("nights",))
    found = change(library, GOOD, told, ({}, "", ("STANDARD",), ()), ({}, "days", (), ()))
    assert found is not None
    assert (found.kind, found.principle, found.turns) == ("missed", "psychological_safety", (3,))
    for answer in (("ASK",), ("SUPPORT",), ("STANDARD", "REFLECT")):
        assert change(library, GOOD, told, ({}, "", answer, ())) is None


def test_a_question_about_something_else_takes_up_no_hint(library: Library) -> None:
    turns = talk(({}, "nights", ("ASK",), ()))
    state = turns[0].state
    assert state is not None
    turns[0] = turns[0].model_copy(update={"state": state.model_copy(update={"topic": "home"})})
    for topics, takes in ((("figures",), False), (("home", "figures"), True)):
        turns[1] = turns[1].model_copy(update={"reading": Reading(codes=("ASK",), topics=topics)})
        found = drafts(turns, GOOD, library.behaviours, RUBRIC)
        assert [draft.kind for draft in found] == (["strength"] if takes else ["missed", "strength"])


@pytest.mark.parametrize(("answer", "opened"), [(("ASK",), ()), (("TRY",), ("nights",)), (("SAFETY",), ())])
def test_a_hint_that_was_taken_up_or_came_out_was_not_let_pass(
    library: Library, answer: tuple[Code, ...], opened: tuple[str, ...]
) -> None:
    assert change(library, GOOD, ({}, "nights", answer, opened)) is None
    assert change(library, GOOD, ({}, "nights", ("ASK",), ()), ({}, "", ("ASK",), ("nights",))) is None


def test_else_it_is_the_weakest_principle_at_its_last_opening_that_was_let_pass(library: Library) -> None:
    weak: dict[PrincipleId, Level | None] = {**GOOD, "accountability": 3, "recognition": 2, "wellbeing": 3}
    called: dict[PrincipleId, float] = {"recognition": 0.6, "accountability": 0.9}
    found = change(
        library, weak, ({"recognition": 0.9}, "", (), ()), (called, "", ("ASK",), ()), (called, "", ("CREDIT",), ())
    )
    assert found is not None
    assert (found.principle, found.turns) == ("recognition", (3,))


def test_an_unclear_opening_or_a_good_principle_is_nothing_to_change(library: Library) -> None:
    weak: dict[PrincipleId, Level | None] = {**GOOD, "accountability": 3}
    assert change(library, weak, ({"accountability": 0.4, "coaching": 0.9}, "", ("SAFETY",), ())) is None
    assert change(library, weak, ({"accountability": 0.9}, "", ("STANDARD",), ())) is None


def test_beside_a_slip_nothing_is_added(library: Library) -> None:
    found = drafts(talk(({}, "nights", ("BLAME",), ())), GOOD, library.behaviours, RUBRIC)
    assert [draft.kind for draft in found] == ["slip"]


@pytest.mark.parametrize(
    ("heard", "kinds"),
    [
        ({"DISMISS": 0.4, "ASK": 0.9}, ["strength"]),
        ({"DISMISS": 0.5, "ASK": 0.9}, ["slip", "strength"]),
        ({"DISMISS": 0.4, "ASK": 0.35}, ["slip", "strength"]),
        ({"DISMISS": 0.4}, ["slip"]),
    ],
)
def test_a_slip_is_said_only_if_it_is_plain(library: Library, heard: dict[Code, float], kinds: list[str]) -> None:
    turns = talk(({}, "", (), ()))
    turns[1] = turns[1].model_copy(update={"reading": Reading(codes=tuple(heard), probabilities=heard)})
    levels: dict[PrincipleId, Level | None] = dict.fromkeys(PRINCIPLES, 4)
    assert sorted(draft.kind for draft in drafts(turns, levels, library.behaviours, RUBRIC)) == kinds
