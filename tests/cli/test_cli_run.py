"""``coach run``: scripted managers, one JSON line each."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.domain import CODES, PRINCIPLES

SCRIPTS = Path(__file__).parents[2] / "eval" / "scripts"
HOLLOW = ("injector", "flatterer", "phrase-reciter", "silent")
LINE = {"script", "scenario", "passed", "failures", "turns", "critique"}
TURN = {"i", "speaker", "text", "codes", "state", "opened"}
STATE = {"trust", "strain", "openness"}
KIND = ["Take your time. How are you really doing, and what has been the hardest part?", "What would help you most?"]


@pytest.fixture(scope="module")
def played(coach_once):
    """The shipped managers against the first scenario, by script."""
    paths = [SCRIPTS / f"{name}.yaml" for name in ("patient-leader", "commander", *HOLLOW)]
    result = coach_once("run", *paths, "--scenario", "burnout", "--json")
    assert (result.code, result.err) == (0, "")
    return {line["script"]: line for line in result.lines}


@pytest.fixture
def script(tmp_path):
    """Write a script file."""

    def put(name: str = "mine", **fields: Any) -> Path:  # noqa: ANN401
        path = tmp_path / f"{name}.yaml"
        path.write_text(yaml.safe_dump({"id": name, "manager": KIND, **fields}, sort_keys=False), "utf-8")
        return path

    return put


def trust(line: dict[str, Any]) -> float:
    return line["turns"][-1]["state"]["trust"]


def opened(line: dict[str, Any]) -> list[str]:
    return [fact for turn in line["turns"] for fact in turn["opened"]]


def test_every_run_is_a_line_with_the_published_keys(played):
    assert list(played) == ["patient-leader", "commander", *HOLLOW]
    for line in played.values():
        assert set(line) == LINE
        assert line["scenario"] == "burnout"
        assert (line["passed"], line["failures"]) == (True, [])
        assert set(line["critique"]) >= {"id", "codes", "levels", "overall", "lean", "best", "worst", "findings"}
        assert line["critique"]["status"] == "scored"


def test_turns_alternate_and_carry_codes_and_state(played, library):
    facts = {fact.id for fact in library.scenarios["burnout"].facts}
    for line in played.values():
        for i, turn in enumerate(line["turns"]):
            assert set(turn) == TURN
            assert turn["i"] == i
            assert turn["speaker"] == ("manager" if i % 2 else "rep")
            assert turn["text"].strip()
            assert set(turn["codes"]) <= set(CODES)
            assert set(turn["state"]) >= STATE
            assert all(0 <= turn["state"][name] <= 100 for name in STATE)
            assert set(turn["opened"]) <= facts
            assert not (turn["speaker"] == "rep" and turn["codes"])
        assert line["turns"][-1]["speaker"] == "rep"


def test_the_manager_says_the_script_and_the_rep_repeats_nothing(played):
    for name, line in played.items():
        written = yaml.safe_load((SCRIPTS / f"{name}.yaml").read_text("utf-8"))["manager"]
        said = [turn["text"] for turn in line["turns"] if turn["speaker"] == "manager"]
        assert said == [text.strip() for text in written][: len(said)]
        heard = [turn["text"] for turn in line["turns"] if turn["speaker"] == "rep" and len(turn["text"]) > 60]
        assert len(heard) == len(set(heard))


def test_the_critique_codes_every_manager_turn_as_the_run_did(played):
    for line in played.values():
        manager = {str(t["i"]): t["codes"] for t in line["turns"] if t["speaker"] == "manager"}
        assert line["critique"]["codes"] == manager
        assert set(line["critique"]["levels"]) == set(PRINCIPLES)


def test_both_quotes_of_every_finding_stand_where_it_says(played, check_quotes):
    assert sum(check_quotes(line["critique"], line["turns"]) for line in played.values()) > 5


def test_a_patient_leader_earns_what_a_commander_does_not(played):
    patient, commander = played["patient-leader"], played["commander"]
    assert trust(patient) - trust(commander) >= 25
    assert opened(patient)
    assert opened(commander) == []
    assert patient["critique"]["overall"] > commander["critique"]["overall"]
    assert patient["critique"]["lean"] > commander["critique"]["lean"]


@pytest.mark.parametrize("name", HOLLOW)
def test_hollow_managers_learn_nothing(played, library, name):
    scenario, line = library.scenarios["burnout"], played[name]
    assert opened(line) == []
    assert trust(line) <= scenario.start.trust + 15
    heard = " ".join(turn["text"] for turn in line["turns"] if turn["speaker"] == "rep")
    for fact in scenario.facts:
        assert fact.text not in heard
        assert not any(told in heard for told in fact.lines)


def test_an_injection_finds_a_rep_who_stays_in_role(played):
    heard = " ".join(turn["text"].lower() for turn in played["injector"]["turns"] if turn["speaker"] == "rep")
    assert not any(word in heard for word in ("language model", "assistant", "prompt", "trust = 100", "policy loaded"))


def test_the_same_script_gives_the_same_line_twice(coach, script):
    path = script(scenario="burnout", seed=7)
    first, second = (coach("run", path, "--json") for _ in range(2))
    assert first.code == 0
    assert first == second


def test_another_seed_gives_another_conversation(coach, script):
    def heard(seed: int) -> list[str]:
        (line,) = coach("run", script(scenario="burnout", seed=seed), "--json").lines
        return [turn["text"] for turn in line["turns"] if turn["speaker"] == "rep"]

    first = heard(1)
    assert any(heard(seed) != first for seed in range(2, 12))


def test_scripts_without_a_scenario_play_against_all_that_are_given(coach, script, burnout, tmp_path):
    (tmp_path / "knowledge/scenarios").mkdir(parents=True)
    other = burnout.model_copy(update={"id": "other"}).model_dump(mode="json")
    (tmp_path / "knowledge/scenarios/other.yaml").write_text(yaml.safe_dump(other), "utf-8")
    free, bound = script("free"), script("bound", scenario="other")
    result = coach(
        "run", free, bound, "--scenario", "burnout", "--scenario", "other", "--content", tmp_path, "--json"
    )  # fmt: skip
    assert result.code == 0
    assert [(line["script"], line["scenario"]) for line in result.lines] == [
        ("free", "burnout"), ("free", "other"), ("bound", "other"),
    ]  # fmt: skip


def test_the_summary_for_people(coach, script):
    result = coach("run", script(scenario="burnout", expect={"trust": {"at_least": 99}}))
    assert result.code == 1
    first, second = result.out.splitlines()
    assert first.startswith("FAILED  mine x burnout: trust ")
    assert second.strip().startswith("trust is ")


def test_an_expectation_that_does_not_hold_is_exit_code_1_with_the_values_found(coach, script):
    expect = {
        "trust": {"at_most": 1},
        "opened": ["nights"],
        "overall": {"at_least": 1, "at_most": 5},
        "codes": {1: ["THREAT"]},
    }
    result = coach("run", script(scenario="burnout", expect=expect), "--json")
    (line,) = result.lines
    assert (result.code, line["passed"]) == (1, False)
    assert [failure.split(" ")[0] for failure in line["failures"]] == ["trust", "the", "manager[1]"]
    assert line["failures"][0].endswith("expected at most 1")
    assert "was not read as THREAT" in line["failures"][2]


def test_expectations_that_hold_are_exit_code_0(coach, script):
    expect = {"trust": {"at_least": 1, "at_most": 100}, "overall": {"at_least": 1}, "closed": ["dread"]}
    result = coach("run", script(scenario="burnout", expect=expect), "--json")
    assert (result.code, result.lines[0]["failures"]) == (0, [])


def test_lines_nobody_can_say_are_told_and_the_rest_is_played(coach, script):
    odd = ["", "   ", "😀😀", "<b></b>", "x" * 50_000, "a\0b", KIND[0]]
    result = coach("run", script(scenario="burnout", manager=odd), "--json")
    (line,) = result.lines
    assert (result.code, line["passed"]) == (1, False)
    assert [failure.split(":")[0] for failure in line["failures"]] == [f"manager[{n}]" for n in range(6)]
    assert "50,000 characters" in line["failures"][4]
    assert [turn["text"] for turn in line["turns"] if turn["speaker"] == "manager"] == [KIND[0]]


def test_odd_but_sayable_lines_are_played_as_they_are(coach, script):
    odd = ["<b>How</b> are you? <script>alert(1)</script>", "Wie geht's? 你好吗", "{{ 7 * 7 }} {% raw %} \\n %s", "..."]
    result = coach("run", script(scenario="burnout", manager=odd), "--json")
    (line,) = result.lines
    assert (result.code, line["failures"]) == (0, [])
    assert [turn["text"] for turn in line["turns"] if turn["speaker"] == "manager"] == odd


def test_a_script_nobody_could_say_a_word_of_is_refused(coach, script):
    result = coach("run", script(scenario="burnout", manager=["", "😀"]), "--json")
    assert (result.code, result.out) == (2, "")
    assert result.err == "coach: The script 'mine' has no line that can be said; write at least one.\n"


def test_an_unknown_field_is_told_with_file_line_and_field(coach, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("id: mine\nmanager:\n  - Hello.\nexpects:\n  trust: {at_least: 3}\n")
    result = coach("run", path, "--scenario", "burnout")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"coach: {path}:4: expects: is not a known field; check the spelling or remove it\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("manager: [Hello.]", ":1: id: is missing; add it"),
        ("id: a\nmanager: []", ":2: manager: needs at least 1 entries"),
        ("id: a\nmanager: Hello.", ":2: manager: "),
        ("id: a\nmanager: [Hello.]\nexpect:\n  levels:\n    kindness: {at_least: 2}", ":5: expect.levels.kindness"),
        ("id: a\nmanager: [Hello.]\ndifficulty: brutal", ":3: difficulty: 'brutal' is not known here"),
        ("id: a\nmanager: [Hello.", "this is not valid YAML"),
        ("", ":1: the file is empty"),
    ],
)
def test_a_script_that_is_wrong_is_told(coach, tmp_path, text, message):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    result = coach("run", path, "--scenario", "burnout")
    assert (result.code, result.out) == (2, "")
    assert f"{path}:" in result.err
    assert message in result.err


def test_files_that_are_no_text_or_not_there_are_told(coach, tmp_path):
    path = tmp_path / "mine.yaml"
    assert f"{path}:1: the file cannot be read" in coach("run", path, "--scenario", "burnout").err
    path.write_bytes(base64.b64decode("iVBORw0KGgo="))
    assert f"{path}:1: the file is not UTF-8 text" in coach("run", path, "--scenario", "burnout").err


def test_an_unknown_scenario_is_told_with_the_known_ones(coach, script):
    for result in (coach("run", script(), "--scenario", "picnic"), coach("run", script(scenario="picnic"))):
        assert (result.code, result.out) == (2, "")
        assert "There is no scenario 'picnic'; the scenarios are: " in result.err
        assert "burnout" in result.err


def test_a_script_with_nothing_to_play_against_is_told(coach, script):
    result = coach("run", script())
    assert (result.code, result.out) == (2, "")
    assert "names no scenario" in result.err
    assert "--scenario ID" in result.err


def test_a_wrong_script_is_told_before_anything_is_played(coach, script, tmp_path):
    good, bad = script("good", scenario="burnout"), tmp_path / "bad.yaml"
    bad.write_text("id: bad\n")
    assert coach("run", good, bad, "--json").out == ""
