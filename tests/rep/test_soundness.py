"""What would spoil a talk is found before a manager meets it, with its line in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.content import SCENARIOS, Places, load_scenarios
from coach.domain import MOODS, Difficulty, RepState, Scenario
from coach.rep import advice, answers, faults, ideal

SHIPPED = Places.of(None).files(SCENARIOS, "*.yaml")
PATH = Places.of(None).file(f"{SCENARIOS}/burnout.yaml")
TEXT = PATH.read_text("utf-8")


def written(folder: Path, old: str = "", new: str = "") -> tuple[Scenario, Path]:
    """The first scenario with some words changed."""
    assert old in TEXT
    path = folder / "scenario.yaml"
    path.write_text(TEXT.replace(old, new, 1), "utf-8")
    (scenario,) = load_scenarios([path]).values()
    return scenario, path


def test_nothing_that_ships_has_a_fault(library: object) -> None:
    for path in SHIPPED:
        (scenario,) = load_scenarios([path]).values()
        assert faults(scenario, path) == []
        assert advice(scenario, path) == []


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        (
            "Her figures stand",
            "She clocked off late, and then somebody rang. Her figures stand",
            "brief",
            "“clocked off” and “",
        ),
        (
            "Stable, as we used to put on the chart.",
            "They rang after hours.",
            "topics[0].answers.guarded[2]",
            "“after hours” and “rang”",
        ),
    ],
    ids=["brief", "answer"],
)
def test_a_line_that_gives_a_fact_away_is_told_with_the_words(
    tmp_path: Path, old: str, new: str, field: str, said: str
) -> None:
    scenario, path = written(tmp_path, old, new)
    (problem,) = faults(scenario, path)
    assert (problem.field, problem.path) == (field, path)
    assert problem.message.startswith("tells 'nights' before it opens, by the words “")
    assert said in problem.message
    assert path.read_text("utf-8").splitlines()[problem.line - 1].strip().startswith(("brief:", "- "))


def test_a_fact_that_waits_for_one_that_stays_shut_is_told(tmp_path: Path) -> None:
    """The lint of the file finds what is missing; a scenario made in memory has no lint."""
    scenario, path = written(tmp_path)
    gate = scenario.facts[0].gate.model_copy(update={"after": ("nowhere",)})
    facts = (scenario.facts[0].model_copy(update={"gate": gate}), *scenario.facts[1:])
    found = faults(scenario.model_copy(update={"facts": facts}), path)
    assert found[0].message == "'nights' can never open at easy: it waits for 'nowhere', which cannot open there"
    assert found[0].field == "facts[0].gate"
    assert {"'need' can never open at easy: it waits for 'nights', which cannot open there"} <= {
        problem.message for problem in found
    }


def test_a_fact_that_is_out_of_reach_for_another_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def but_for_the_first(one: Scenario, level: Difficulty) -> RepState:
        state = ideal(one, level)
        return state.model_copy(update={"open_facts": tuple(fact for fact in state.open_facts if fact != "nights")})

    scenario, path = written(tmp_path)
    monkeypatch.setattr("coach.rep.soundness.ideal", but_for_the_first)
    (problem,) = faults(scenario, path)
    assert problem.message.startswith("'nights' can never open at easy: even an ideal manager does not get there")


def test_trust_that_takes_longer_than_the_talk_is_advice(tmp_path: Path) -> None:
    scenario, path = written(tmp_path, "trust: 72,", "trust: 90,")
    assert faults(scenario, path) == []
    (problem,) = advice(scenario, path)
    assert problem.message.startswith(
        "'handover' will hardly ever open at hard: trust 95 is needed, and 15 minutes with"
    )
    assert path.read_text("utf-8").splitlines()[problem.line - 1].strip().startswith("gate: {trust: 90")


def test_fewer_lines_than_a_talk_needs_are_told_by_mood(tmp_path: Path) -> None:
    scenario, path = written(tmp_path)
    few = {
        "topics": tuple(
            topic.model_copy(update={"answers": topic.answers.model_copy(update={"open": topic.answers.open[:1]})})
            for topic in scenario.topics
        ),
        "reactions": {},
    }
    (problem,) = advice(scenario.model_copy(update=few), path)
    said = f"the rep has {len(scenario.topics)} answers when open; a talk of 15 minutes needs about 15"
    assert problem.message.startswith(said)
    assert problem.field == "topics"
    assert all(answers(scenario, mood) > 100 for mood in MOODS)
