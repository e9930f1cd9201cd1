"""The nouns: immutable, bounded, and a misspelt field is an error."""

from __future__ import annotations

import inspect
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from coach import domain
from coach.content import Places, read_yaml
from coach.domain import (
    CODES,
    PRINCIPLES,
    SLIPS,
    STRENGTHS,
    Critique,
    Difficulty,
    Finding,
    Frozen,
    Gate,
    Level,
    Reading,
    RepState,
    Scenario,
    Slug,
    Turn,
)

NOUNS = [noun for _, noun in inspect.getmembers(domain, inspect.isclass) if issubclass(noun, Frozen)]
STATE = RepState(trust=40, strain=60, openness=20, mood="guarded")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_yaml(Places.of(None).file("knowledge/scenarios/burnout.yaml"), Scenario)


def test_the_public_surface_is_what_the_package_names() -> None:
    assert len(domain.__all__) == len(set(domain.__all__))
    assert all(hasattr(domain, name) for name in domain.__all__)
    assert {noun.__name__ for noun in NOUNS} <= set(domain.__all__)


def test_the_ids_are_those_of_the_codebook() -> None:
    assert (len(STRENGTHS), len(SLIPS), len(PRINCIPLES), len(domain.ASPECTS)) == (15, 9, 13, 6)
    assert CODES == STRENGTHS + SLIPS
    assert set(get_args(domain.Strength)) == set(STRENGTHS)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_every_noun_refuses_a_misspelt_field_and_a_change(noun: type[Frozen]) -> None:
    assert noun.model_config.get("frozen") is True
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        noun.model_validate({"no_such_field": 1})


def test_a_turn_cannot_be_changed_after_it_was_said() -> None:
    turn = Turn(i=0, speaker="rep", text="Hello")
    with pytest.raises(ValidationError, match="frozen"):
        turn.text = "Goodbye"  # type: ignore[misc]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Turn(i=-1, speaker="rep", text=""),
        lambda: Turn(i=0, speaker="customer", text=""),  # type: ignore[arg-type]
        lambda: STATE.model_validate({**STATE.model_dump(), "trust": 100.5}),
        lambda: STATE.model_validate({**STATE.model_dump(), "strain": -1}),
        lambda: Reading(probabilities={"ASK": 1.2}),
        lambda: Reading(codes=("MIRROR",)),  # type: ignore[arg-type]
        lambda: Gate(trust=96),
        lambda: Gate(trust=50, any_of=("BLAME",)),  # type: ignore[arg-type]
        lambda: Critique(levels={}, overall=0, lean=0, best=None, worst=None, findings=()),
        lambda: Critique(levels={}, overall=3, lean=3, best=None, worst=None, findings=()),
        lambda: Critique(levels={"coaching": 6}, overall=3, lean=0, best=None, worst=None, findings=()),
        lambda: Finding(principle="data", kind="slip", level=2, evidence=(), passages=(), advice=""),
    ],
)
def test_a_value_out_of_bounds_cannot_be_made(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValidationError):
        wrong()


@pytest.mark.parametrize("level", [1, 5])
def test_levels_reach_from_one_to_five(level: int) -> None:
    assert TypeAdapter(Level).validate_python(level) == level


@pytest.mark.parametrize("slug", ["ab", "a-b_9", "a" * 40])
def test_ids_may_be_plain_words(slug: str) -> None:
    assert TypeAdapter(Slug).validate_python(slug) == slug


@pytest.mark.parametrize("slug", ["a", "", "9a", "A-b", "a b", "a/../b", "ä-b", "ab\n", "a" * 41])
def test_ids_hold_nothing_that_a_path_or_a_key_could_trip_over(slug: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Slug).validate_python(slug)


def test_words_lose_the_space_around_them() -> None:
    assert TypeAdapter(domain.Line).validate_python("  So?\n") == "So?"


def test_how_sure_a_reading_is_counts_only_for_what_was_heard() -> None:
    reading = Reading(probabilities={"ASK": 0.7, "BLAME": 0.2}, codes=("ASK", "REFLECT"))
    assert reading.sure("ASK") == 0.7
    assert reading.sure("REFLECT") == 1.0
    assert reading.sure("BLAME") == 0.0
    assert reading.sure("OWN") == 0.0


def test_all_lines_names_every_line_the_rep_can_say_once(scenario: Scenario) -> None:
    lines = dict(scenario.all_lines())
    assert len(lines) == len(list(scenario.all_lines()))
    assert lines["openings.0"] == scenario.openings[0]
    assert lines["answers.hours.open.0"] == next(t for t in scenario.topics if t.id == "hours").answers.open[0]
    assert lines["reactions.BLAME.wary.1"] == scenario.reactions["BLAME"].wary[1]
    assert lines["hints.nights.0"] == scenario.facts[0].hints[0]
    assert lines["facts.nights.0"] == scenario.facts[0].lines[0]
    assert lines["asides.refusals.0"] == scenario.asides.refusals[0]
    assert lines["asides.evasions.guarded.0"] == scenario.asides.evasions.guarded[0]
    assert lines["endings.walkout.0"] == scenario.endings.walkout[0]


def test_all_lines_misses_no_line_in_the_file(scenario: Scenario) -> None:
    def texts(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
        return [text for part in parts for text in texts(part)]

    spoken = scenario.model_dump(
        include={"openings", "reactions", "asides", "challenges", "tests", "endings", "next_time"}
    )
    expected = [*texts(spoken)]
    expected += [text for topic in scenario.topics for text in texts(topic.answers.model_dump())]
    expected += [text for fact in scenario.facts for text in (*fact.hints, *fact.lines)]
    expected += [text for one in scenario.particulars for text in one.says]
    assert sorted(line for _, line in scenario.all_lines()) == sorted(expected)


def test_a_line_is_told_by_its_fact_or_by_the_fact_that_it_comes_after(scenario: Scenario) -> None:
    told = {key: scenario.told_by(key) for key, _ in scenario.all_lines()}
    later = {f"particulars.{i}.0": one.after for i, one in enumerate(scenario.particulars)}
    assert {later[key] for key in later} == {None, *(fact.id for fact in scenario.facts)}
    assert {key: told[key] for key in later} == later
    facts = {key: key.split(".")[1] for key in told if key.startswith("facts.")}
    assert {key: fact for key, fact in told.items() if fact and key not in later} == facts


def test_the_lines_of_facts_are_those_that_they_tell(scenario: Scenario) -> None:
    some = {fact.id for fact in scenario.facts[::2]}
    assert scenario.lines_of(()) == ()
    expected = [line for key, line in scenario.all_lines() if scenario.told_by(key) in some]
    assert sorted(scenario.lines_of(some)) == sorted(expected)


def test_difficulties_are_read_from_their_plain_names() -> None:
    assert [Difficulty(name) for name in ("easy", "standard", "hard")] == list(Difficulty)
    assert f"{Difficulty.HARD}" == "hard"


def test_a_stored_turn_reads_back_the_same() -> None:
    turn = Turn(
        i=3, speaker="manager", text="So?", reading=Reading(codes=("ASK",), openings={"coaching": 0.4}), state=STATE,
        opened=("nights",),
    )  # fmt: skip
    assert Turn.model_validate_json(turn.model_dump_json()) == turn
