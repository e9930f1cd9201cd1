"""``coach evaluate`` as a run: it goes on where it stopped, asks before it sends, and can fail a pipeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coach.evaluation import JOURNAL, Journal, Scorer
from eval.bench.llm_server import LLMServer, Mood

TURNS = [
    ("rep", "I'm fine. Bit of a tired spell, that's all."),
    ("manager", "You've gone quiet lately. How are you really doing?"),
    ("rep", "Honestly? I haven't slept properly in weeks."),
    ("manager", "That sounds exhausting, thank you for telling me. What weighs most?"),
]
HARSH = [*TURNS[:1], ("manager", "You're the reason we missed. Do as you're told or you're out."), ("rep", "Right.")]


def talk(name: str, turns: list[tuple[str, str]] = TURNS, more: str = "") -> dict[str, Any]:
    said = [{"speaker": who, "text": text} for who, text in turns]
    return {"id": name, "turns": [*said, {"speaker": "rep", "text": f"That is all. {more}"}]}


def put(path: Path, *items: object) -> Path:
    path.write_text("".join((i if isinstance(i, str) else json.dumps(i)) + "\n" for i in items), "utf-8")
    return path


def read(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "critiques.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    return put(tmp_path / "talks.jsonl", talk("a"), talk("b", HARSH), "{broken", talk("c", more="Bye."))


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of what is really scored, in order."""
    ids: list[str] = []
    real = Scorer.outcome

    def outcome(self: Scorer, recording: Any) -> Any:  # noqa: ANN401
        ids.append(recording.id)
        return real(self, recording)

    monkeypatch.setattr(Scorer, "outcome", outcome)
    return ids


def test_a_stopped_run_goes_on_and_nothing_is_done_twice(coach, talks, tmp_path, scored, monkeypatch):
    real = Journal.put

    def stop(self: Journal, key: bytes, place: int, outcome: Any) -> None:  # noqa: ANN401
        if place == 2:
            raise KeyboardInterrupt
        real(self, key, place, outcome)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "put", stop)
        stopped = coach("evaluate", talks, "--out", tmp_path / "out")
    assert (stopped.code, "run the same command again to go on" in stopped.err) == (130, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [JOURNAL]
    scored.clear()
    assert coach("evaluate", talks, "--out", tmp_path / "out").code == 0
    assert scored == ["talks.jsonl:3", "c"]
    coach("evaluate", talks, "--out", tmp_path / "fresh")
    assert (tmp_path / "out/critiques.jsonl").read_bytes() == (tmp_path / "fresh/critiques.jsonl").read_bytes()


def test_only_what_changed_is_scored_again_and_what_went_is_gone(coach, talks, tmp_path, scored):
    coach("evaluate", talks, "--out", tmp_path / "out")
    scored.clear()
    put(talks, talk("c", more="Bye."), talk("b", TURNS))
    assert coach("evaluate", talks, "--out", tmp_path / "out").code == 0
    assert scored == ["b"]
    assert [line["id"] for line in read(tmp_path / "out")] == ["c", "b"]
    with Journal(tmp_path / "out") as journal:
        rows = journal._db.execute("SELECT COUNT(*) FROM lines").fetchone()
    assert rows == (2,)


def test_the_first_so_many_and_then_the_rest(coach, talks, tmp_path, scored):
    result = coach("evaluate", talks, "--out", tmp_path / "out", "--limit", "2")
    assert "2 scored, 0 failed" in result.out
    scored.clear()
    assert "3 scored, 1 failed" in coach("evaluate", talks, "--out", tmp_path / "out").out
    assert scored == ["talks.jsonl:3", "c"]


def test_several_processes_write_the_same_lines_as_one(coach, talks, tmp_path):
    assert coach("evaluate", talks, "--out", tmp_path / "one").code == 0
    assert coach("evaluate", talks, "--out", tmp_path / "two", "--jobs", "2").code == 0
    assert (tmp_path / "one/critiques.jsonl").read_bytes() == (tmp_path / "two/critiques.jsonl").read_bytes()


def test_a_second_run_on_the_same_folder_is_refused(coach, talks, tmp_path):
    with Journal(tmp_path / "out"):
        result = coach("evaluate", talks, "--out", tmp_path / "out")
    assert result.code == 2
    assert result.err == f"coach: Another run is writing to {tmp_path / 'out'}; wait for it, or choose another --out.\n"


def test_patterns_that_the_shell_left_alone(coach, talks, tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    put(tmp_path / "deep/more.jsonl", talk("more"))
    assert coach("evaluate", tmp_path / "**/m*.jsonl", "--out", tmp_path / "out").code == 0
    assert [line["id"] for line in read(tmp_path / "out")] == ["more"]
    monkeypatch.chdir(tmp_path)
    assert coach("evaluate", "*.jsonl", "--out", "here").code == 0
    result = coach("evaluate", "*.wav", "--out", tmp_path / "none")
    assert (result.code, result.err) == (2, "coach: No file fits *.wav; check the pattern.\n")


def test_a_bar_that_is_missed_exits_with_1(coach, talks, tmp_path):
    out = tmp_path / "out"
    assert coach("evaluate", talks, "--out", out, "--fail-under", "1", "--fail-under", "75%").code == 0
    result = coach("evaluate", talks, "--out", out, "--fail-under", "5", "--fail-under", "80%")
    assert result.code == 1
    assert "coach: Not passed: the mean overall is" in result.err
    assert "coach: Not passed: 3 of 4 recordings were scored; the bar is 80%." in result.err
    assert coach("evaluate", talks, "--out", out, "--fail-under", "9").code == 2


def test_a_baseline_shows_what_changed_and_fails_on_what_got_worse(coach, talks, tmp_path):
    coach("evaluate", talks, "--out", tmp_path / "old")
    same = coach("evaluate", talks, "--out", tmp_path / "new", "--baseline", tmp_path / "old")
    assert (same.code, "Nothing changed since the baseline." in same.out) == (0, True)
    put(talks, talk("a", HARSH), talk("b", HARSH), "{broken", talk("d"))
    lines = (tmp_path / "old/critiques.jsonl").read_text("utf-8").replace('"coder": "local-', '"coder": "older-')
    (tmp_path / "old/critiques.jsonl").write_text(lines, "utf-8")
    result = coach("evaluate", talks, "--out", tmp_path / "new", "--baseline", tmp_path / "old")
    assert result.code == 1
    assert "coach: Not passed: 1 recordings got worse than in the baseline." in result.err
    assert "Other engine than the baseline's" in result.out
    assert all(word in result.out for word in ("worse", "not there", "overall"))


@pytest.fixture
def modelled(model_env: LLMServer, talks: Path, tmp_path: Path) -> list[object]:
    """Arguments of a run with the model server."""
    return ["evaluate", talks, "--out", tmp_path / "out", "--model", f"openai:{model_env.model}"]


def test_nothing_is_sent_without_consent(coach, modelled, model_env, monkeypatch):
    result = coach(*modelled)
    assert result.code == 2
    assert f"The words of 3 recordings go to {model_env.url} (model openai:test-model), with every name" in result.err
    assert result.err.endswith("add --yes if the people in them agree.\n")
    monkeypatch.setattr("coach.cli.evaluate.at_terminal", lambda: True)
    refused = coach(*modelled, stdin="n\n")
    assert refused.code == 2
    assert "Nothing was sent." in refused.err, refused
    assert model_env.requests == []
    assert coach(*modelled, stdin="y\n").code == 0
    assert model_env.requests


def test_the_same_question_is_asked_once(coach, modelled, model_env, tmp_path):
    assert "3 scored, 1 failed" in coach(*modelled, "--yes").out
    asked = len(model_env.requests)
    assert coach(*modelled).code == 0, "nothing is left to send, so nobody is asked"
    assert coach(*modelled, "--out", tmp_path / "other", "--yes").code == 0
    assert len(model_env.requests) == asked
    first, other = read(tmp_path / "out"), read(tmp_path / "other")
    for line in (*first, *other):
        assert line["provenance"].pop("usage")
    assert first == other


def test_what_a_model_failed_at_is_no_score_and_is_asked_again(coach, modelled, model_env, tmp_path):
    model_env.mood = Mood(status=401)
    result = coach(*modelled, "--yes")
    assert (result.code, "0 scored, 4 failed" in result.out) == (2, True)
    assert "failed: a: The key for openai:test-model was refused" in result.err
    model_env.mood = Mood()
    assert "3 scored, 1 failed" in coach(*modelled, "--yes").out


def test_a_run_stops_when_nobody_answers_any_more(coach, modelled, model_env, talks, monkeypatch):
    monkeypatch.setattr("coach.evaluation.running.GIVE_UP", 2)
    model_env.mood = Mood(status=401)
    result = coach(*modelled, "--yes")
    assert result.code == 2
    assert "The model failed 2 times in a row, so this run stops" in result.err
    assert result.err.endswith("Run the same command again to go on.\n")
    assert not (talks.parent / "out/critiques.jsonl").exists()


def test_a_dry_run_counts_the_real_prompts_and_sends_nothing(coach, modelled, model_env, talks, tmp_path):
    other = [(who, f"{text} On Thursday, I mean.") for who, text in TURNS]  # the same question would be asked once
    put(talks, talk("a"), talk("b", HARSH), "{broken", talk("c", other))
    result = coach(*modelled, "--dry-run", "--price", "2,8")
    assert (result.code, model_env.requests, (tmp_path / "out").exists()) == (0, [], False)
    lines = result.out.splitlines()
    assert lines[0] == "4 recordings, 3 of them to score; nothing was sent."
    assert f"coder: openai:test-model, to {model_env.url}" in lines
    assert lines[3].startswith("about 9 calls, ")
    estimated = int(lines[3].split(", ")[1].split()[0].replace(",", ""))
    assert "at 2 in and 8 out" in lines[4]
    coach(*modelled, "--yes", "--limit", "4")
    scored = [line for line in read(tmp_path / "out") if line["status"] == "scored"]
    assert len(scored) == 3
    used = sum(line["provenance"]["usage"]["input_tokens"] for line in scored)
    assert 0.7 < estimated / used < 1.4
    again = coach(*modelled, "--dry-run").out
    assert again.startswith("4 recordings, 0 of them to score")
    assert "for the cost, add --price IN,OUT of your provider" in again


def test_a_dry_run_without_a_model(coach, talks, tmp_path):
    result = coach("evaluate", talks, "--out", tmp_path / "out", "--dry-run")
    assert result.out == "4 recordings, 3 of them to score; no model is asked.\n"


def test_with_pseudonyms_no_name_leaves_the_machine(coach, modelled, model_env, talks, tmp_path):
    said = [
        ("Dana Whitlock", "Sam, how did it go with Globex?"),
        ("Sam Ortiz", "Badly, Dana. Write to sam@ortiz.example."),
    ]
    put(talks, talk("named", [*said, ("Dana Whitlock", "That sounds hard, Sam. What weighs most?"), said[1]][:4]))
    text = talks.read_text("utf-8").replace('"rep"', '"Sam Ortiz"')
    talks.write_text(text, "utf-8")
    result = coach(*modelled, "--yes", "--pseudonymise", "--manager", "Dana Whitlock")
    assert result.code == 0, result.err
    assert "with pseudonyms" in result.err
    sent = [call.messages[1]["content"] for call in model_env.requests]
    talked = sent[0].split("The talk, as JSON")[1]  # before it stand examples, which have names of their own
    (line,) = read(tmp_path / "out")
    for name in ("Dana", "Whitlock", "Sam", "Ortiz", "Globex"):
        assert name not in talked + json.dumps(sent[1:]) + json.dumps(line)
    assert line["status"] == "scored"
    assert line["about"]["manager"]
