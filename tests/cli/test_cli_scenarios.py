"""``coach scenarios``: what can be practised, and whether a scenario is sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach import rep
from coach.domain import PRINCIPLES, Difficulty

SHIPPED = Path(__file__).parents[2] / "knowledge" / "scenarios"


@pytest.fixture
def form() -> dict[str, Any]:
    return yaml.safe_load((SHIPPED / "burnout.yaml").read_text("utf-8"))


@pytest.fixture
def write(tmp_path):
    def put(form: Any, name: str = "mine.yaml") -> Path:  # noqa: ANN401
        path = tmp_path / name
        path.write_text(yaml.safe_dump(form, sort_keys=False, allow_unicode=True, width=10_000), "utf-8")
        return path

    return put


def line_of(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def test_the_list_for_tools(coach):
    result = coach("scenarios", "list", "--json")
    listed = json.loads(result.out)
    assert (result.code, result.err) == (0, "")
    assert {item["id"] for item in listed} == {path.stem for path in SHIPPED.glob("*.yaml")}
    for item in listed:
        assert item["title"]
        assert item["rep"]
        assert item["difficulty"] in list(Difficulty)
        assert set(item["focus"]) <= set(PRINCIPLES)
        assert {"facts", "topics", "start"}.isdisjoint(item)


def test_the_list_for_people(coach, library):
    out = coach("scenarios", "list").out
    assert all(scenario.id in out for scenario in library.scenarios.values())


def test_all_that_ships_is_sound(coach, library):
    result = coach("scenarios", "check")
    assert (result.code, result.err) == (0, "")
    assert [line.split(":")[0] for line in result.out.splitlines()] == sorted(library.scenarios)


def test_one_file_is_checked_alone(coach, write, form):
    result = coach("scenarios", "check", write(form | {"id": "other"}))
    assert result.code == 0
    assert result.out.startswith("other: sound; ")


def test_an_own_scenario_is_laid_over_what_ships(coach, write, form, tmp_path, library):
    (tmp_path / "knowledge/scenarios").mkdir(parents=True)
    write(form | {"id": "mine"}, "knowledge/scenarios/mine.yaml")
    listed = {item["id"] for item in json.loads(coach("scenarios", "list", "--json", "--content", tmp_path).out)}
    assert listed == {*library.scenarios, "mine"}
    assert "mine: sound" in coach("scenarios", "check", "--content", tmp_path).out


def test_an_unknown_code_is_told_with_file_line_field_and_the_known_ones(coach, write, form):
    form["facts"][0]["gate"]["all_of"] = ["LISTEN"]
    path = write(form)
    result = coach("scenarios", "check", path)
    assert (result.code, result.out) == (2, "")
    assert f"{path}:{line_of(path, '- LISTEN')}: facts[0].gate.all_of[0]: 'LISTEN' is not known here" in result.err
    assert "'EMPATHY'" in result.err


def test_a_slip_opens_no_gate(coach, write, form):
    form["facts"][0]["gate"]["all_of"] = ["THREAT"]
    result = coach("scenarios", "check", write(form))
    assert result.code == 2
    assert "facts[0].gate.all_of[0]: 'THREAT' is not known here" in result.err


def test_facts_that_wait_for_each_other_never_open(coach, write, form):
    first, second = form["facts"][0], form["facts"][1]
    first["gate"]["after"], second["gate"]["after"] = [second["id"]], [first["id"]]
    path = write(form)
    result = coach("scenarios", "check", path)
    assert result.code == 2
    assert f"{first['id']!r} waits for a fact that waits for it; it can never open" in result.err
    assert f"{second['id']!r} waits for a fact that waits for it; it can never open" in result.err
    assert f"{path}:{line_of(path, 'after:')}: facts[0].gate.after: " in result.err


def test_a_fact_after_one_that_is_not_there_never_opens(coach, write, form):
    form["facts"][0]["gate"]["after"] = ["nobody"]
    result = coach("scenarios", "check", write(form))
    assert result.code == 2
    assert "there is no fact 'nobody'" in result.err
    assert "can never open" in result.err


def test_a_gate_beyond_an_ideal_manager_is_told_for_each_difficulty(coach, write, form, monkeypatch):
    monkeypatch.setattr(rep, "unreachable", lambda scenario, level: ("nights",) if level == "hard" else ())
    path = write(form)
    result = coach("scenarios", "check", path)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"coach: {path}:{line_of(path, 'gate:')}: facts[0].gate: ")
    assert "can never open at difficulty hard; lower its trust" in result.err


def test_a_misspelt_field_is_told(coach, write, form):
    form["persona"]["voce"] = form["persona"].pop("voice")
    path = write(form)
    result = coach("scenarios", "check", path)
    assert result.code == 2
    unknown = f"{path}:{line_of(path, 'voce:')}: persona.voce: is not a known field; check the spelling or remove it"
    assert unknown in result.err
    assert "persona.voice: is missing; add it" in result.err


def test_the_problems_of_all_files_are_told_at_once(coach, write, form, tmp_path):
    del form["goal"]
    broken, good = write(form, "broken.yaml"), SHIPPED / "burnout.yaml"
    result = coach("scenarios", "check", broken, good, tmp_path / "none.yaml", tmp_path)
    assert (result.code, result.out) == (2, "")
    assert "goal: is missing" in result.err
    assert f"{tmp_path / 'none.yaml'}:1: the file cannot be read" in result.err
    assert f"{tmp_path}:1: the file cannot be read" in result.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"", "the file is empty"),
        (b"id: [", "this is not valid YAML"),
        (b"id: a\0b", "this is not valid YAML"),
        (b"just words", "valid dictionary"),
        (b"id: a\nid: b", "stands here twice"),
    ],
)
def test_a_file_that_is_no_scenario_is_told(coach, tmp_path, content, message):
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    result = coach("scenarios", "check", path)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"coach: {path}:")
    assert message in result.err
