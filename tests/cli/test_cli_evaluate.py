"""``coach evaluate``: recorded conversations into result lines, whole or not at all."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from coach.domain import CODES, PRINCIPLES

SUITE = Path(__file__).parents[2] / "eval" / "suite"
KEYS = {
    "id", "codes", "levels", "overall", "lean", "best", "worst", "findings", "status", "reason", "model",
}  # fmt: skip
GOOD = [
    ("rep", "I'm fine. Bit of a tired spell, that's all."),
    (
        "manager",
        "You've gone quiet lately, and I'm worried about you rather than the numbers. How are you really doing?",
    ),
    ("rep", "Honestly? I haven't slept properly in weeks and I'm at my limit."),
    (
        "manager",
        "That sounds exhausting, thank you for telling me. Nothing you say here is held against you. What weighs most?",
    ),
    ("rep", "The reports. I do them at midnight because the days are full."),
    (
        "manager",
        "So the days go on customers and the reports eat your nights. I should have seen that earlier, that is on me. "
        "I'll take the weekly report off you by Friday. Would that help, or is something else better?",
    ),
    ("rep", "That would help a lot."),
]
BAD = [
    ("rep", "I'm fine. Bit of a tired spell, that's all."),
    ("manager", "Everyone is tired. You're the reason we missed the quarter, and I'm sick of your excuses."),
    ("rep", "Honestly? I haven't slept properly in weeks and I'm at my limit."),
    ("manager", "I don't want to hear it. Make fifty calls a day and copy me on every email, or you're out."),
    ("rep", "Right."),
    (
        "manager",
        "Look at this chart. You are last. It's embarrassing. Do as you're told or I'll find someone who does.",
    ),
    ("rep", "Understood."),
]


def talk(name: str, turns: list[tuple[str, str]]) -> dict[str, Any]:
    return {"id": name, "turns": [{"speaker": speaker, "text": text} for speaker, text in turns]}


def put(path: Path, *items: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join((i if isinstance(i, str) else json.dumps(i)) + "\n" for i in items), "utf-8")
    return path


def read(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "critiques.jsonl").read_text("utf-8").splitlines()]


def left(out: Path) -> list[str]:
    """What is to be seen; the journal is hidden."""
    return sorted(path.name for path in out.iterdir() if path.name[0] != ".") if out.is_dir() else []


REPORTS = {"conversations.csv", "critiques.jsonl", "junit.xml", "report.html", "results.xlsx", "roster.csv"}


@pytest.fixture(scope="module")
def recorded():
    """Some of the recordings that ship with reference labels."""
    return [json.loads(line) for line in (SUITE / "transcripts.jsonl").read_text("utf-8").splitlines()][:5]


@pytest.fixture(scope="module")
def scored(coach_once, recorded, tmp_path_factory):
    """Those recordings, scored and compared with their labels."""
    folder = tmp_path_factory.mktemp("scored")
    talks = put(folder / "talks.jsonl", *recorded)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("coach.evaluation.agreement"), "RESAMPLES", 200)  # quicker, if coarser, intervals
        result = coach_once("evaluate", talks, "--out", folder / "out", "--labels", SUITE / "labels.jsonl")
    return result, folder / "out"


def test_every_recording_is_a_line_with_the_published_keys(scored, recorded):
    lines = read(scored[1])
    assert [line["id"] for line in lines] == [talk["id"] for talk in recorded]
    for line in lines:
        assert set(line) >= KEYS
        assert (line["status"], line["reason"], line["model"]) == ("scored", "", "offline")
        assert line["overall"] in range(1, 6)
        assert line["lean"] in range(-2, 3)
        assert set(line["levels"]) == set(PRINCIPLES)
        assert all(level in (None, 1, 2, 3, 4, 5) for level in line["levels"].values())


def test_codes_have_an_entry_for_every_manager_turn_and_no_other(scored, recorded):
    for line, recording in zip(read(scored[1]), recorded, strict=True):
        manager = [i for i, turn in enumerate(recording["turns"]) if turn["speaker"] == "manager"]
        assert list(line["codes"]) == [str(i) for i in manager]
        assert all(set(codes) <= set(CODES) for codes in line["codes"].values())
        assert line["best"] in (None, *manager)
        assert line["worst"] in (None, *manager)


def test_both_quotes_of_every_finding_stand_where_it_says(scored, recorded, check_quotes):
    assert sum(check_quotes(line, talk["turns"]) for line, talk in zip(read(scored[1]), recorded, strict=True)) > 5
    for line in read(scored[1]):
        for finding in line["findings"]:
            assert set(finding) >= {"principle", "level", "evidence", "passages", "advice", "better_words"}
            assert finding["level"] == line["levels"][finding["principle"]]


def test_labels_give_the_agreement(scored):
    result, out = scored
    assert (result.code, result.err) == (0, "")
    assert set(left(out)) == {"agreement.json", *REPORTS}
    figures = json.loads((out / "agreement.json").read_text("utf-8"))
    assert (figures["n"], figures["failed"], figures["missing"], figures["unlabelled"]) == (5, 0, 37, 0)
    assert {"codes", "levels", "overall", "moments", "constants", "intervals"} <= set(figures)
    assert "reference labels" in result.out
    assert "all 3" in result.out
    assert "5 scored, 0 failed" in result.out


def test_labels_that_fit_no_recording_are_no_accident(coach, tmp_path):
    talks, labels = put(tmp_path / "t.jsonl", talk("new", GOOD)), SUITE / "labels.jsonl"
    result = coach("evaluate", talks, "--out", tmp_path / "out", "--labels", labels)
    assert result.code == 0
    figures = json.loads((tmp_path / "out/agreement.json").read_text("utf-8"))
    assert (figures["n"], figures["unlabelled"]) == (0, 1)
    assert figures["codes"]["kappa"] is None


def test_the_same_input_gives_the_same_bytes_twice(coach, tmp_path):
    talks = put(tmp_path / "t.jsonl", talk("good", GOOD), talk("bad", BAD), "no json")
    written = []
    for name in ("a", "b"):
        coach("evaluate", talks, "--out", tmp_path / name)
        written.append((tmp_path / name / "critiques.jsonl").read_bytes())
    assert written[0] == written[1]


def test_a_talk_that_helps_stands_above_one_that_hurts(coach, tmp_path):
    result = coach(
        "evaluate", put(tmp_path / "t.jsonl", talk("good", GOOD), talk("bad", BAD)), "--out", tmp_path / "o"
    )  # fmt: skip
    assert "2 scored, 0 failed" in result.out
    good, bad = read(tmp_path / "o")
    assert good["overall"] > bad["overall"]
    assert good["lean"] > bad["lean"]
    assert sum(level or 3 for level in good["levels"].values()) > sum(level or 3 for level in bad["levels"].values())


def test_files_and_folders_are_read_together(coach, tmp_path):
    put(tmp_path / "in/b.jsonl", talk("b", BAD))
    put(tmp_path / "in/deep/a.JSONL", talk("a", GOOD))
    (tmp_path / "in/notes.md").write_text("not a recording")
    other = put(tmp_path / "c.jsonl", talk("c", GOOD))
    assert coach("evaluate", tmp_path / "in", other, "--out", tmp_path / "out").code == 0
    assert [line["id"] for line in read(tmp_path / "out")] == ["b", "a", "c"]


FAILURES = {
    "mono": (talk("mono", [("manager", "Hello?"), ("manager", "Anyone?")]), "only one speaker"),
    "crowd": (talk("crowd", [("manager", "Hi"), ("rep", "Hi"), ("boss", "Hi")]), "3 people speak"),
    "named": (talk("named", [("Ann", "Hi"), ("Bo", "Hi")]), "--manager NAME"),
    "empty": ({"id": "empty", "turns": []}, "turns: "),
    "formless": ({"id": "formless"}, "turns: field required"),
    "number": ({"id": "number", "turns": [{"speaker": "rep", "text": 3}]}, "turns.0.text: "),
    "talks.jsonl:8": ({"turns": [{"speaker": "rep", "text": "Hi"}]}, "talks.jsonl:8: id: field required"),
    "talks.jsonl:9": ("{broken", "talks.jsonl:9: the line is not JSON"),
    "talks.jsonl:10": ("[" * 100_000, "talks.jsonl:10: the line is not JSON"),
    "talks.jsonl:11": ("[1]", "talks.jsonl:11: "),
    "good#2": (talk("good", BAD), "the id 'good' was used before"),
}


@pytest.fixture(scope="module")
def mixed(coach_once, tmp_path_factory):
    """One good recording, then everything that can be wrong with one."""
    folder = tmp_path_factory.mktemp("mixed")
    talks = put(folder / "talks.jsonl", talk("good", GOOD), *(item for item, _ in FAILURES.values()))
    return coach_once("evaluate", talks, "--out", folder / "out"), folder / "out"


def test_what_cannot_be_judged_stops_nothing(mixed):
    result, out = mixed
    assert result.code == 0
    assert f"1 scored, {len(FAILURES)} failed; results in {out / 'critiques.jsonl'}" in result.out
    assert [(line["id"], line["status"]) for line in read(out)] == [
        ("good", "scored"), *((name, "failed") for name in FAILURES),
    ]  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_what_cannot_be_judged_is_a_failed_line_with_its_reason_and_no_score(mixed, name):
    result, out = mixed
    good, *failed = read(out)
    line = next(line for line in failed if line["id"] == name)
    assert FAILURES[name][1] in line["reason"]
    assert f"{line['reason']}\n" in result.err and f"failed: {name}" in result.err
    assert set(line) == set(good)
    assert line["levels"] == dict.fromkeys(PRINCIPLES)
    assert (line["overall"], line["lean"], line["best"], line["worst"]) == (None, None, None, None)
    assert (line["codes"], line["findings"]) == ({}, [])


def test_a_binary_file_fails_line_by_line_and_stops_nothing(coach, tmp_path):
    (tmp_path / "noise.jsonl").write_bytes(bytes(range(128, 256)) + b"\n" + b"\x00\x01\x02")
    put(tmp_path / "talks.jsonl", talk("good", GOOD))
    result = coach("evaluate", tmp_path, "--out", tmp_path / "out")
    assert result.code == 0
    noise, odd, good = read(tmp_path / "out")
    assert "not UTF-8 text" in noise["reason"]
    assert (odd["status"], good["status"]) == ("failed", "scored")


def test_words_no_file_can_hold_fail_alone(coach, tmp_path):
    """A lone surrogate is legal in JSON and cannot be written as UTF-8."""
    broken = talk("odd", [("rep", "Hi."), ("manager", "How are you doing, \ud800 really? Tell me more.")])
    result = coach("evaluate", put(tmp_path / "t.jsonl", talk("good", GOOD), broken), "--out", tmp_path / "out")
    assert result.code == 0
    good, odd = read(tmp_path / "out")
    assert (good["id"], good["status"]) == ("good", "scored")
    assert odd["status"] == "scored" or odd["reason"]


def test_when_nothing_can_be_judged_the_exit_code_is_2(coach, tmp_path):
    result = coach("evaluate", put(tmp_path / "t.jsonl", "{", "{"), "--out", tmp_path / "out")
    assert result.code == 2
    assert result.err.endswith("coach: Nothing could be scored; the reasons stand above.\n")
    assert [line["status"] for line in read(tmp_path / "out")] == ["failed", "failed"]


def test_an_empty_file_is_told_as_empty(coach, tmp_path):
    result = coach("evaluate", put(tmp_path / "t.jsonl"), "--out", tmp_path / "out")
    assert result.code == 2
    assert "t.jsonl" in result.err or "reasons" not in result.err


def test_speakers_with_names(coach, tmp_path):
    names = {"manager": "Dana Whitlock", "rep": "Sam"}
    talks = put(tmp_path / "t.jsonl", talk("named", [(names[who], text) for who, text in GOOD]))
    plain = put(tmp_path / "p.jsonl", talk("named", GOOD))
    assert coach("evaluate", talks, "--out", tmp_path / "out", "--manager", "dana whitlock").code == 0
    assert coach("evaluate", plain, "--out", tmp_path / "plain").code == 0
    (named,), (line,) = read(tmp_path / "out"), read(tmp_path / "plain")
    assert {**named, "about": None} == {**line, "about": None}


def test_a_guess_is_told_and_the_mended_roster_is_taken_back(coach, tmp_path):
    talks, roster = tmp_path / "talks", tmp_path / "out" / "roster.csv"
    put(talks / "labels.jsonl", "no recording")
    (talks / "a.txt").write_text(
        "Ann: How are you? What do you need from me, and can you say what you did? You look tired.\nBo: I am.\n"
    )
    (talks / "b.txt").write_text("Ann: Morning.\nBo: Morning. Shall we?\n")
    result = coach("evaluate", talks, "--out", tmp_path / "out")
    assert "1 scored, 1 failed" in result.out
    assert f"to read: {tmp_path / 'out' / 'report.html'}\n" in result.out
    assert f"Who leads was guessed in 1 of them; where it is wrong, mend {roster} and run again" in result.err
    roster.write_text(roster.read_text().replace("a.txt,Ann,Bo", "a.txt,Bo,Ann"))
    result = coach("evaluate", talks, "--out", tmp_path / "out", "--roster", roster)
    assert "2 scored, 0 failed" in result.out
    assert "guessed" not in result.err
    assert [line["about"]["manager"] for line in read(tmp_path / "out")] == ["Bo", "Bo"]


def test_a_manager_who_is_not_there_is_told_with_the_speakers(coach, tmp_path):
    talks = put(tmp_path / "t.jsonl", talk("named", [("Ann", "Hi"), ("Bo", "Hi")]))
    result = coach("evaluate", talks, "--out", tmp_path / "out", "--manager", "Zoe")
    assert result.code == 2
    assert "the speakers are Ann, Bo" in result.err


@pytest.mark.parametrize(("name", "message"), [("none.jsonl", "There is no file"), ("in", "no recording")])
def test_paths_that_hold_no_recording_are_told(coach, tmp_path, name, message):
    (tmp_path / "in").mkdir()
    result = coach("evaluate", tmp_path / name, "--out", tmp_path / "out")
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert str(tmp_path / name) in result.err
    assert left(tmp_path / "out") == []


def test_a_recording_that_cannot_be_read_is_not_blamed_on_the_folder_for_results(coach, tmp_path):
    (tmp_path / "t.jsonl").symlink_to("/proc/self/mem")
    result = coach("evaluate", tmp_path / "t.jsonl", "--out", tmp_path / "out")
    assert result.code == 2
    assert "t.jsonl" in result.err
    assert "--out" not in result.err
    assert "cannot be written" not in result.err


def test_results_go_to_a_folder_not_a_file(coach, tmp_path):
    talks = put(tmp_path / "t.jsonl", talk("good", GOOD))
    result = coach("evaluate", talks, "--out", talks)
    assert result.code == 2
    assert "is a file; name a folder" in result.err


@pytest.mark.parametrize("out", ["t.jsonl/results", "t.jsonl/deep/results"])
def test_a_folder_that_cannot_be_made_is_one_sentence(coach, tmp_path, out):
    talks = put(tmp_path / "t.jsonl", talk("good", GOOD))
    result = coach("evaluate", talks, "--out", tmp_path / out)
    assert result.code == 2
    assert f"{tmp_path / out} cannot be written" in result.err


def test_errors_are_told_without_an_empty_line_before_them(coach, tmp_path):
    assert coach("evaluate", put(tmp_path / "t.jsonl", "{"), "--out", tmp_path / "out").err.startswith("failed: ")


def test_a_result_that_cannot_be_put_in_place_leaves_nothing_half_written(coach, tmp_path):
    talks = put(tmp_path / "t.jsonl", talk("good", GOOD))
    (tmp_path / "out/critiques.jsonl").mkdir(parents=True)
    result = coach("evaluate", talks, "--out", tmp_path / "out")
    assert result.code == 2
    assert "cannot be written" in result.err
    assert left(tmp_path / "out") == ["critiques.jsonl"]


def test_earlier_results_stay_until_the_new_ones_are_whole(coach, tmp_path, monkeypatch):
    talks = put(tmp_path / "t.jsonl", talk("good", GOOD), talk("bad", BAD))
    old = put(tmp_path / "out/critiques.jsonl", "old")

    def fail(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("coach.evaluation.score.critique_line", fail)
    stopped = coach("evaluate", talks, "--out", tmp_path / "out")
    assert stopped.code == 130
    assert stopped.err == "coach: Stopped. What is finished is kept; run the same command again to go on.\n"
    assert old.read_text() == "old\n"
    assert left(tmp_path / "out") == ["critiques.jsonl"]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"\n\n", "are empty"),
        (b"{", "labels.jsonl:1: line: "),
        (b'{"id": "a"}', "labels.jsonl:1: codes: "),
        (
            b'\n{"id": "a", "codes": {"1": ["SING"]}, "levels": {}, "overall": 3, "lean": 0}',
            "labels.jsonl:2: codes.1.0",
        ),
        (b'{"id": "a", "codes": {}, "levels": {}, "overall": 9, "lean": 0}', "labels.jsonl:1: overall: "),
    ],
)
def test_labels_that_cannot_be_used_are_told_before_anything_is_scored(coach, tmp_path, labels, message):
    talks, path = put(tmp_path / "t.jsonl", talk("good", GOOD)), tmp_path / "labels.jsonl"
    if labels is not None:
        path.write_bytes(labels)
    result = coach("evaluate", talks, "--out", tmp_path / "out", "--labels", path)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert not (tmp_path / "out").exists()
