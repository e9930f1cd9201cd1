"""What a scenario's form cannot express is found before a manager meets it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.content import Places, load_scenarios, read_yaml
from coach.content.lint import lint
from coach.domain import Scenario
from coach.errors import Problem

SHIPPED = Places.of(None).files("knowledge/scenarios", "*.yaml")
Form = dict[str, Any]


@pytest.fixture(scope="module")
def form() -> Form:
    """A good scenario to break: ``scenario["facts"][0]`` is nights, which others come after."""
    path = Places.of(None).file("knowledge/scenarios/burnout.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture
def scenario(form: Form) -> Form:
    return copy.deepcopy(form)


def found(folder: Path, scenario: Form) -> list[Problem]:
    path = folder / "scenario.yaml"
    path.write_text(yaml.safe_dump(scenario, sort_keys=False, allow_unicode=True, width=10_000), encoding="utf-8")
    return lint(read_yaml(path, Scenario), path)


def line_with(folder: Path, words: str) -> int:
    lines = (folder / "scenario.yaml").read_text(encoding="utf-8").splitlines()
    return [n for n, line in enumerate(lines, start=1) if words in line][0]


def fact(scenario: Form, fact_id: str) -> Form:
    return next(fact for fact in scenario["facts"] if fact["id"] == fact_id)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_scenario_that_ships_is_clean(path: Path) -> None:
    assert lint(read_yaml(path, Scenario), path) == []


def test_a_gate_cycle_is_found_on_every_fact_in_it(tmp_path: Path, scenario: Form) -> None:
    fact(scenario, "nights")["gate"]["after"] = ["need"]
    problems = found(tmp_path, scenario)
    stuck = [p for p in problems if "it can never open" in p.message]
    assert {p.message.split("'")[1] for p in stuck} >= {"nights", "need"}
    assert stuck[0].field == "facts[0].gate.after"
    assert stuck[0].line == line_with(tmp_path, "after:")


def test_a_fact_that_waits_for_itself_can_never_open(tmp_path: Path, scenario: Form) -> None:
    fact(scenario, "mistake")["gate"]["after"] = ["mistake"]
    (problem,) = found(tmp_path, scenario)
    assert problem.message == "'mistake' waits for a fact that waits for it; it can never open"


def test_a_gate_that_waits_for_an_unknown_fact_is_named_once(tmp_path: Path, scenario: Form) -> None:
    fact(scenario, "mistake")["gate"]["after"] = ["nigths"]
    (problem,) = found(tmp_path, scenario)
    assert problem.message == "there is no fact 'nigths', so 'mistake' can never open"
    assert problem.field == "facts[3].gate.after"
    assert problem.line == line_with(tmp_path, "nigths") - 1


def test_a_fact_behind_a_dead_one_is_not_blamed_on_a_cycle(tmp_path: Path, scenario: Form) -> None:
    fact(scenario, "nights")["gate"]["after"] = ["nobody"]
    messages = [p.message for p in found(tmp_path, scenario)]
    assert "there is no fact 'nobody', so 'nights' can never open" in messages
    assert not any("waits for a fact that waits for it" in message for message in messages)


def test_a_gate_that_asks_for_no_behaviour_would_open_for_anyone(tmp_path: Path, scenario: Form) -> None:
    fact(scenario, "linenroom")["gate"] = {"trust": 52}
    (problem,) = found(tmp_path, scenario)
    assert problem.field == "facts[1].gate"
    assert "the gate of 'linenroom' asks for no behaviour, so anyone would learn it" in problem.message
    assert problem.line == line_with(tmp_path, "trust: 52") - 1


@pytest.mark.parametrize("kind", ["topics", "facts"])
def test_an_id_that_is_used_twice_is_told(tmp_path: Path, scenario: Form, kind: str) -> None:
    scenario[kind][1]["id"] = scenario[kind][0]["id"]
    twice = [p for p in found(tmp_path, scenario) if "ids must differ" in p.message]
    name = scenario[kind][0]["id"]
    assert [(p.field, p.message) for p in twice] == [(f"{kind}[0].id", f"{name!r} is used 2 times; ids must differ")]
    assert twice[0].line == line_with(tmp_path, f"id: {name}")


@pytest.mark.parametrize("marked", [0, 2])
def test_exactly_one_topic_is_presenting(tmp_path: Path, scenario: Form, marked: int) -> None:
    for i, topic in enumerate(scenario["topics"]):
        topic["presenting"] = i < marked
    (problem,) = found(tmp_path, scenario)
    assert (problem.field, problem.line) == ("topics", line_with(tmp_path, "topics:"))
    assert problem.message == "exactly one topic must be marked presenting: true"


def test_a_topic_that_nobody_can_touch_is_told(tmp_path: Path, scenario: Form) -> None:
    topic = scenario["topics"][2]
    del topic["words"], topic["asks"]
    (problem,) = found(tmp_path, scenario)
    assert problem.field == "topics[2]"
    assert problem.line == line_with(tmp_path, f"id: {topic['id']}")
    assert "no words and no asks" in problem.message


def test_words_alone_or_asks_alone_are_enough_to_touch_a_topic(tmp_path: Path, scenario: Form) -> None:
    del scenario["topics"][1]["words"], scenario["topics"][2]["asks"]
    assert found(tmp_path, scenario) == []


def test_a_gate_needs_only_one_kind_of_behaviour(tmp_path: Path, scenario: Form) -> None:
    fact(scenario, "nights")["gate"] = {"trust": 46, "all_of": ["ASK"]}
    fact(scenario, "mistake")["gate"] = {"trust": 60, "any_of": ["OWN"]}
    assert found(tmp_path, scenario) == []


def test_a_fact_and_a_suggestion_on_an_unknown_topic_are_told(tmp_path: Path, scenario: Form) -> None:
    scenario["facts"][2]["topic"] = "weather"
    scenario["suggestions"][1]["topic"] = "sport"
    on_fact, on_suggestion = found(tmp_path, scenario)
    assert on_fact.field == "facts[2].topic"
    assert on_fact.line == line_with(tmp_path, "topic: weather")
    assert on_fact.message.startswith("there is no topic 'weather'; topics are ")
    assert "hours" in on_fact.message
    assert on_suggestion.field == "suggestions[1].topic"
    assert on_suggestion.line == line_with(tmp_path, "topic: sport")


def test_a_small_answer_on_an_unknown_topic_or_after_an_unknown_fact_is_told(tmp_path: Path, scenario: Form) -> None:
    scenario["particulars"][1]["topic"] = "weather"
    scenario["particulars"][2]["after"] = "nigths"
    on_topic, on_fact = found(tmp_path, scenario)
    assert (on_topic.field, on_topic.line) == ("particulars[1].topic", line_with(tmp_path, "topic: weather"))
    assert on_topic.message.startswith("there is no topic 'weather'; topics are ")
    assert (on_fact.field, on_fact.line) == ("particulars[2].after", line_with(tmp_path, "after: nigths"))
    assert on_fact.message.startswith("there is no fact 'nigths'; facts are ")
    assert "nights" in on_fact.message


def test_a_missing_reaction_is_named(tmp_path: Path, scenario: Form) -> None:
    del scenario["reactions"]["WEAPON"]
    (problem,) = found(tmp_path, scenario)
    assert (problem.field, problem.line) == ("reactions", line_with(tmp_path, "reactions:"))
    assert problem.message == "there is no reaction to WEAPON; add lines for guarded, wary and open"


DOUBLE = "Double, double, toil and trouble."


@pytest.mark.parametrize(
    ("place", "key"),
    [
        (lambda s: s["openings"], "openings"),
        (lambda s: next(t for t in s["topics"] if t["id"] == "hours")["answers"]["open"], "answers.hours.open"),
        (lambda s: s["reactions"]["ASK"]["wary"], "reactions.ASK.wary"),
        (lambda s: s["facts"][0]["hints"], "hints.nights"),
        (lambda s: s["facts"][0]["lines"], "facts.nights"),
        (lambda s: s["particulars"][4]["says"], "particulars.4"),
        (lambda s: s["asides"]["evasions"]["guarded"], "asides.evasions.guarded"),
        (lambda s: s["asides"]["thanks"], "asides.thanks"),
    ],
    ids=["opening", "answer", "reaction", "hint", "fact", "particular", "evasion", "aside"],
)
def test_a_line_that_stands_twice_is_told_with_both_places(
    tmp_path: Path,
    scenario: Form,
    place: Callable[[Form], list[str]],
    key: str,
) -> None:
    place(scenario)[0] = DOUBLE
    scenario["endings"]["walkout"][0] = DOUBLE.upper()
    (problem,) = found(tmp_path, scenario)
    assert f"stands both in {key}.0 and in endings.walkout.0" in problem.message
    assert problem.line == line_with(tmp_path, DOUBLE.upper())


@pytest.mark.parametrize(("group", "lines"), [("facts", "hints"), ("particulars", "says")])
def test_a_double_line_points_to_the_later_one(tmp_path: Path, scenario: Form, group: str, lines: str) -> None:
    scenario["openings"][0] = DOUBLE.upper()
    scenario[group][2][lines][0] = DOUBLE
    (problem,) = found(tmp_path, scenario)
    assert problem.line == line_with(tmp_path, f"- {DOUBLE}")
    assert problem.field == f"{group}[2].{lines}[0]"


def test_everything_wrong_is_told_at_once_when_scenarios_are_loaded(tmp_path: Path, scenario: Form) -> None:
    del scenario["reactions"]["WEAPON"]
    scenario["facts"][2]["topic"] = "weather"
    scenario["facts"][1]["gate"] = {"trust": 10}
    problems = found(tmp_path, scenario)
    assert len(problems) == 3
    with pytest.raises(Exception, match="WEAPON") as raised:
        load_scenarios([tmp_path / "scenario.yaml"])
    assert str(raised.value) == "\n".join(str(problem) for problem in problems)
