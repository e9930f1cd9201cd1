"""``coach run``: scripted managers, one JSON line each."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # of our own files

import pytest
import yaml

from coach.domain import CODES, PRINCIPLES
from eval.bench.model_answers import MANAGED, asks

SCRIPTS = Path(__file__).parents[2] / "eval" / "scripts"
HOLLOW = ("injector", "flatterer", "phrase-reciter", "silent")
LINE = {
    "script", "scenario", "difficulty", "manager", "passed", "failures", "unscored", "turns", "critique",
}  # fmt: skip
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


def test_the_table_for_people(coach, script):
    expect = {"trust": {"at_least": 99}, "levels": {"coaching": {"at_least": 1}}}
    result = coach("run", script(scenario="burnout", expect=expect))
    assert result.code == 1
    assert {"script", "difficulty", "trust", "opened", "result"} <= set(result.out.split())
    (row,) = [line for line in result.out.splitlines() if "FAILED" in line]
    assert {"mine", "burnout", "standard"} <= set(row.split())
    failure, unscored = result.out.splitlines()[-2:]
    assert failure.startswith("mine x burnout (standard): trust is ")
    assert unscored.startswith("mine x burnout (standard): unscored: the level of coaching is ")
    assert result.err == ""


def test_a_difficulty_given_is_played_instead_of_the_scripts(coach, script):
    path = script(scenario="burnout", difficulty="standard")
    result = coach("run", path, "--difficulty", "easy", "--difficulty", "hard", "--json")
    assert [line["difficulty"] for line in result.lines] == ["easy", "hard"]
    assert trust(result.lines[0]) > trust(result.lines[1])
    wrong = coach("run", path, "--difficulty", "brutal")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err == "coach: There is no difficulty 'brutal'; choose easy, standard or hard.\n"


def test_the_order_and_the_words_are_the_same_however_many_play_at_once(coach, script):
    paths = [script(f"mine-{n}", scenario="burnout", manager=KIND * (n % 3 + 1)) for n in range(6)]
    alone, together = (coach("run", *paths, "--jobs", jobs, "--json") for jobs in (1, 4))
    assert [line["script"] for line in alone.lines] == [f"mine-{n}" for n in range(6)]
    assert alone == together


def test_progress_is_shown_beside_the_results_on_a_terminal(coach, script, monkeypatch):
    path = script(scenario="burnout")
    plain = coach("run", path, "--json")
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = coach("run", path, "--json")
    assert "Playing" in shown.err
    assert (plain.err, plain.out) == ("", shown.out)


def test_junit_has_a_case_for_every_run(coach, script, tmp_path):
    good = script("good", scenario="burnout")
    bad = script("bad", scenario="burnout", expect={"trust": {"at_least": 99}, "levels": {"data": {"at_least": 1}}})
    target = tmp_path / "results.xml"
    result = coach("run", good, bad, "--junit", target)
    root = ElementTree.parse(target).getroot()  # noqa: S314
    assert (result.code, root.get("tests"), root.get("failures")) == (1, "2", "1")
    assert [case.get("name") for case in root.iter("testcase")] == ["good (standard)", "bad (standard)"]
    assert root.find(".//failure").get("message").startswith("trust is ")
    assert root.findtext(".//system-out").startswith("the level of data is ")


def test_a_junit_file_that_cannot_be_written_is_told_before_anything_is_played(coach, script, tmp_path):
    result = coach("run", script(scenario="burnout"), "--junit", tmp_path / "none" / "results.xml", "--json")
    assert (result.code, result.out) == (2, "")
    assert "there is no such folder" in result.err


def test_levels_that_are_not_trusted_are_unscored(coach, script):
    expect = {"levels": {"data": {"at_least": 5.5}}}
    (line,) = coach("run", script(scenario="burnout", expect=expect), "--json").lines
    assert (line["passed"], line["failures"], len(line["unscored"])) == (True, [], 1)


def test_an_expectation_at_a_line_is_checked_there(coach, script):
    at = [{"line": 0, "trust": {"at_least": 99}, "codes": ["THREAT"]}]
    (line,) = coach("run", script(scenario="burnout", expect={"at": at}), "--json").lines
    first, second = line["failures"]
    assert first.startswith("manager[0]: trust is ")
    assert second.startswith("manager[0] was not read as THREAT")


def test_a_talk_can_be_watched(coach, script):
    result = coach("run", script(scenario="burnout"), "--watch")
    said = [line for line in result.out.splitlines() if line.startswith(("Manager: ", "Carys: "))]
    assert [line.split(":")[0] for line in said] == ["Carys", *["Manager", "Carys"] * len(KIND)]
    assert result.out.startswith("mine x burnout")


@pytest.mark.parametrize("as_file", [True, False])
def test_a_model_plays_a_profile(coach, model_env, tmp_path, as_file):
    words = "Means well, talks too much."
    path = tmp_path / "chatty.md"
    path.write_text(words)
    options = ("--scenario", "burnout", "--model", f"openai:{model_env.model}", "--json")
    result = coach("run", "--manager-profile", path if as_file else words, *options)
    (line,) = result.lines
    assert (result.code, line["script"]) == (0, "chatty" if as_file else "profile")
    assert line["manager"].startswith(f"openai:{model_env.model}/manager-")
    assert [turn["text"] for turn in line["turns"] if turn["speaker"] == "manager"] == list(MANAGED[:-1])
    asked = [call for call in model_env.requests if asks({"messages": call.messages}) == "manager"]
    assert len(asked) == len(MANAGED)
    assert all(words in call.messages[0]["content"] for call in asked)


def test_a_profile_says_no_more_than_its_turns(coach, model_env):
    options = ("--scenario", "burnout", "--model", f"openai:{model_env.model}", "--turns", 1, "--json")
    (line,) = coach("run", "--manager-profile", "Gruff.", *options).lines
    assert len(line["turns"]) == 3


def test_a_profile_in_a_script_is_played_too(coach, model_env, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("id: mine\nprofile: Gruff.\nturns: 2\nscenario: burnout\nexpect: {codes: {1: [ASK]}}\n")
    result = coach("run", path, "--model", f"openai:{model_env.model}", "--json")
    assert (result.code, len(result.lines[0]["turns"])) == (0, 5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "there is nothing to play; give a script"),
        (("--manager-profile", "Gruff."), "names no scenario"),
        (("--manager-profile", "Gruff.", "--scenario", "burnout"), "add --model openai:NAME"),
        (("--manager-profile", "gruff.md", "--scenario", "burnout"), "There is no file gruff.md"),
        (("--manager-profile", " ", "--scenario", "burnout"), "between 1 and 4,000 characters"),
        (("--manager-profile", "x" * 4001, "--scenario", "burnout"), "between 1 and 4,000 characters"),
    ],
)
def test_what_cannot_be_played_is_told(coach, arguments, message):
    result = coach("run", *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


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
    expect = {"trust": {"at_least": 1, "at_most": 100}, "overall": {"at_least": 1}, "closed": ["nights"]}
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
