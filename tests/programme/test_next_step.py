"""What to practise next: the weakest principle, one step harder once it went well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.content import Places, read_yaml
from coach.domain import PRINCIPLES, Critique, Difficulty, PrincipleId, Scenario, Session
from coach.programme import Next, next_step

EASY, STANDARD, HARD = Difficulty
BURNOUT = read_yaml(Places.of(None).file("knowledge/scenarios/burnout.yaml"), Scenario)
FOCUS: dict[str, tuple[PrincipleId, ...]] = {
    "burnout": ("wellbeing", "coaching"),
    "forecast": ("data", "coaching"),
    "discount": ("integrity",),
}
SCENARIOS: Mapping[str, Scenario] = {
    id_: BURNOUT.model_copy(update={"id": id_, "focus": focus, "difficulty": STANDARD}) for id_, focus in FOCUS.items()
}
Done = tuple[Session, Critique]


def done(
    scenario: str, overall: int = 3, difficulty: Difficulty = STANDARD, levels: Mapping[PrincipleId, int] | None = None
) -> Done:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    session = Session(
        id="s",
        talk="s",
        owner="ana",
        scenario_id=scenario,
        difficulty=difficulty,
        seed=1,
        started_at=now,
        ended_at=now,
        head="t",
    )
    rated = {**dict.fromkeys(PRINCIPLES), **(levels or {})}
    return session, Critique(levels=rated, overall=overall, lean=0, best=None, worst=None, findings=())


def test_a_beginner_starts_with_a_scenario_as_it_was_written() -> None:
    assert next_step([], SCENARIOS) == Next(SCENARIOS["burnout"], STANDARD, None)


def test_the_weakest_principle_decides() -> None:
    practised = [done("burnout", levels={"integrity": 2, "wellbeing": 4}), done("burnout", levels={"data": 3})]
    step = next_step(practised, SCENARIOS)
    assert (step.scenario.id, step.principle) == ("discount", "integrity")


def test_a_principle_is_as_weak_as_its_mean() -> None:
    once = [done("burnout", levels={"integrity": 1, "data": 2})]
    assert next_step(once, SCENARIOS).principle == "integrity"
    assert next_step([*once, done("burnout", levels={"integrity": 5})], SCENARIOS).principle == "data"


def test_a_step_is_sure_only_where_something_fell_short_in_several_talks() -> None:
    once, twice = [done("burnout", levels={"data": 2})], [done("burnout", levels={"data": 2}) for _ in range(2)]
    assert not next_step(once, SCENARIOS).sure
    assert next_step(twice, SCENARIOS).sure
    lower_once = [*twice, done("burnout", levels={"integrity": 1})]
    assert next_step(lower_once, SCENARIOS).principle == "data"
    mended = [*twice, *(done("burnout", levels={"data": 4}) for _ in range(2))]
    assert not next_step(mended, SCENARIOS).sure


def test_of_scenarios_that_train_it_the_least_practised_comes_first() -> None:
    weak = {"coaching": 1}
    assert next_step([done("burnout", levels=weak)], SCENARIOS).scenario.id == "forecast"
    assert next_step([done("burnout", levels=weak), done("forecast")], SCENARIOS).scenario.id == "burnout"


def test_a_weakness_that_no_scenario_trains_still_gives_something_to_practise() -> None:
    step = next_step([done("burnout", levels={"strategy": 1})], SCENARIOS)
    assert step.principle == "strategy"
    assert step.scenario.id == "discount"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(3, EASY)], EASY),
        ([(4, EASY)], STANDARD),
        ([(5, STANDARD)], HARD),
        ([(5, HARD)], HARD),
        ([(2, HARD)], HARD),
        ([(4, EASY), (2, STANDARD)], STANDARD),
        ([(4, EASY), (4, STANDARD)], HARD),
        ([(5, EASY), (4, STANDARD)], HARD),
        ([(5, EASY), (4, HARD)], HARD),
    ],
)
def test_it_gets_one_step_harder_once_it_went_well(before: list[tuple[int, Difficulty]], after: Difficulty) -> None:
    only = {"discount": SCENARIOS["discount"]}
    practised = [done("discount", overall, difficulty) for overall, difficulty in before]
    assert next_step(practised, only).difficulty == after
    assert next_step(practised[::-1], only).difficulty == after


def test_a_scenario_that_is_gone_counts_for_nothing() -> None:
    assert next_step([done("gone", levels={"integrity": 1})], SCENARIOS) == next_step([], SCENARIOS)


LEVELS = st.dictionaries(st.sampled_from(PRINCIPLES), st.integers(1, 5), max_size=4)
DONE = st.builds(done, st.sampled_from([*FOCUS, "gone"]), st.integers(1, 5), st.sampled_from(Difficulty), LEVELS)


@given(practised=st.lists(DONE, max_size=6), data=st.data())
def test_the_order_of_the_past_does_not_matter(practised: list[Done], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(practised))
    assert next_step(shuffled, SCENARIOS) == next_step(practised, SCENARIOS)


@given(practised=st.lists(DONE, max_size=6))
def test_there_is_always_a_next_step_and_it_trains_the_weakness_it_names(practised: list[Done]) -> None:
    step = next_step(practised, SCENARIOS)
    assert step.scenario in SCENARIOS.values()
    if step.principle and any(step.principle in focus for focus in FOCUS.values()):
        assert step.principle in step.scenario.focus
