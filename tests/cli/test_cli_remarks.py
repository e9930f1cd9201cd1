"""``coach override``, ``coach export`` and ``coach calibrate``."""

from __future__ import annotations

import json
from pathlib import Path

from coach.programme import Export

TALK = (
    '{"id": "a", "turns": [{"speaker": "rep", "text": "I am tired."}, {"speaker": "manager", "text": "Why is that?"}]}'
)


def test_another_level_for_a_recording(coach, tmp_path: Path) -> None:
    (tmp_path / "talk.jsonl").write_text(TALK, encoding="utf-8")
    assert coach("evaluate", tmp_path / "talk.jsonl", "--out", tmp_path / "out").code == 0
    to = ("--reason", "She asked once.", "--by", "Marta", "--results", tmp_path / "out")
    assert "a coaching: none (engine" in coach("override", "set", "a", "coaching", "none", *to).out
    assert coach("override", "set", "a", "coaching", "4", *to).code == 0
    listed = coach("override", "list", "--results", tmp_path / "out")
    assert "Levels set by trainers: 1" in listed.out and "no agreement figure contains them" in listed.out
    assert len(json.loads(coach("override", "list", "--results", tmp_path / "out", "--json").out)) == 2
    for wrong in (("a", "kindness", "4"), ("a", "coaching", "6"), ("b", "coaching", "4")):
        refused = coach("override", "set", *wrong, *to)
        assert refused.code == 2 and refused.err.startswith("coach: ")


def test_a_practised_talk_gets_another_level_and_is_exported(coach, tmp_path: Path) -> None:
    coach("practice", "burnout", "--seed", "1", stdin="How are you really doing?\n/end\n\n")
    (talk,) = json.loads(coach("export").out)["talks"]
    to = ("--reason", "He listened.", "--by", "Marta")
    assert coach("override", "set", talk["session"]["id"], "coaching", "4", *to).code == 0
    assert "Marta: He listened." in coach("override", "list").out
    assert "1 talks are in" in coach("export", "--out", tmp_path / "mine.json").out
    found = Export.model_validate_json((tmp_path / "mine.json").read_text("utf-8"))
    assert found.talks[0].overrides[0].by == "Marta"
    assert coach("override", "set", "gone", "coaching", "4", *to).code == 2


def test_a_collection_to_label(coach, tmp_path: Path) -> None:
    (tmp_path / "talk.jsonl").write_text(TALK + '\n{"id": "b", "turns": []}', encoding="utf-8")
    added = coach("calibrate", "add", "mine", tmp_path / "talk.jsonl")
    assert "1 conversations to label" in added.out and "left out" in added.err
    assert coach("calibrate", "list").out.splitlines() == ["suite: 42 conversations", "mine: 1 conversations"]
    coach("evaluate", tmp_path / "talk.jsonl", "--out", tmp_path / "out")
    assert "1 results by offline, local-" in coach("calibrate", "results", "mine", tmp_path / "out").out
