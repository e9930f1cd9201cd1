"""``coach scenarios``: what can be practised, and whether a scenario is sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.cli import asking
from coach.domain import PRINCIPLES, Difficulty
from coach.rep import soundness

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
    ideal = soundness.ideal

    def harder(scenario, level, *turns):
        state = ideal(scenario, level, *turns)
        opened = tuple(fact for fact in state.open_facts if fact != "nights" or level != "hard")
        return state.model_copy(update={"open_facts": opened})

    monkeypatch.setattr(soundness, "ideal", harder)
    path = write(form)
    result = coach("scenarios", "check", path)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"coach: {path}:{line_of(path, 'gate:')}: facts[0].gate: ")
    assert "'nights' can never open at hard: even an ideal manager does not get there" in result.err


def test_what_a_talk_can_live_with_is_advice(coach, write, form):
    next(fact for fact in form["facts"] if fact["id"] == "handover")["gate"]["trust"] = 90
    path = write(form)
    result = coach("scenarios", "check", path)
    assert (result.code, result.err) == (0, "")
    assert "burnout: sound" in result.out
    assert "'handover' will hardly ever open at hard: trust 95 is needed" in result.out


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
        (b"just words", "must hold fields, each with a value"),
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


ANSWERS = {
    "who": "Marco Bianchi, account executive at Acme Cloud, two years with me",
    "happened": "He has been short with two customers and hung up on one last week.",
    "fear": "That he breaks down.",
    "want": "To know what is wearing him out.",
    "talks": "He jokes when it gets close.",
}


class TestMyConversation:
    @pytest.fixture
    def told(self, write) -> Path:
        return write(ANSWERS, "answers.yaml")

    def test_it_is_kept_privately_listed_as_yours_and_removed(self, coach, told, own_home):
        result = coach("scenarios", "new", "--answers", told)
        path = own_home / "content/knowledge/scenarios/marco-bianchi.yaml"
        assert (result.code, result.err) == (0, "")
        assert str(path) in result.out
        assert "Assumed: pronouns: he/him." in result.out
        assert "coach practice marco-bianchi" in result.out
        assert path.stat().st_mode & 0o777 == 0o600
        listed = {item["id"]: item["yours"] for item in json.loads(coach("scenarios", "list", "--json").out)}
        assert [name for name, yours in listed.items() if yours] == ["marco-bianchi"]
        assert "(yours)" in coach("scenarios", "list").out
        assert "marco-bianchi: sound" in coach("scenarios", "check").out
        assert coach("scenarios", "remove", "marco-bianchi").code == 0
        assert not path.exists()

    def test_the_next_of_the_same_name_has_another_id(self, coach, told, own_home):
        for _ in range(2):
            assert coach("scenarios", "new", "--answers", told).code == 0
        kept = sorted(path.stem for path in (own_home / "content/knowledge/scenarios").iterdir())
        assert kept == ["marco-bianchi", "marco-bianchi-2"]

    def test_it_can_be_practised(self, coach, told):
        coach("scenarios", "new", "--answers", told)
        script = told.with_name("script.yaml")
        script.write_text("id: s\nmanager: ['How have you been?']\n")
        line = coach("run", script, "--scenario", "marco-bianchi", "--json").lines[0]
        assert line["scenario"] == "marco-bianchi"

    def test_only_your_own_are_removed(self, coach):
        result = coach("scenarios", "remove", "burnout")
        assert result.code == 2
        assert "no scenario 'burnout' of your own; you have none" in result.err

    def test_a_trainer_begins_from_a_built_in_with_names_into_a_file(self, coach, told, write, tmp_path):
        names = write({"names": {"Merrin General": "Globex"}, "facts": {"handover": "drop"}}, "names.yaml")
        out = tmp_path / "mine.yaml"
        args = ("--answers", told, "--from", "burnout", "--names", names, "--whole", "--out", out)
        result = coach("scenarios", "new", *args)
        assert (result.code, result.err) == (0, "")
        assert "Merrin General is now Globex" in result.out
        assert coach("scenarios", "check", out).code == 0
        again = coach("scenarios", "new", *args)
        assert again.code == 2
        assert "is not overwritten" in again.err

    def test_without_a_terminal_a_file_is_asked_for(self, coach):
        result = coach("scenarios", "new")
        assert result.code == 2
        assert "give the five answers with --answers FILE" in result.err

    def test_wrong_answers_are_told_with_their_line(self, coach, write):
        path = write(ANSWERS | {"happened": "x"}, "answers.yaml")
        result = coach("scenarios", "new", "--answers", path)
        assert result.code == 2
        assert f"{path}:2: happened: " in result.err

    def test_a_person_is_asked_again_until_the_answers_can_be_used(self, coach, monkeypatch, own_home):
        monkeypatch.setattr(asking, "at_terminal", lambda: True)
        typed = ["my rep", "short", *list(ANSWERS.values())[2:], ANSWERS["happened"], ANSWERS["who"], "n", "drop"]
        result = coach("scenarios", "new", stdin="\n".join([*typed, *[""] * 8]) + "\n")
        assert (result.code, result.err) == (0, "")
        assert "begin with the rep's name" in result.out
        assert "Nearest: " in result.out
        text = (own_home / "content/knowledge/scenarios/marco-bianchi.yaml").read_text("utf-8")
        assert "- id: carrying" not in text

    def test_the_whole_one_asks_for_its_names(self, coach, monkeypatch, own_home):
        monkeypatch.setattr(asking, "at_terminal", lambda: True)
        typed = [*ANSWERS.values(), *[""] * 60]
        result = coach("scenarios", "new", "--whole", "--from", "burnout", stdin="\n".join(typed) + "\n")
        assert (result.code, result.err) == (0, "")
        assert "Merrin General (" in result.out
