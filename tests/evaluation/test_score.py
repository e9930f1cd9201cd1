"""Scoring recordings: every recording one line, the file whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coach.app import App
from coach.domain import PRINCIPLES, Provenance, Transcript, Turn
from coach.errors import InputError
from coach.evaluation import Scorer, read_labels, write_json, write_lines
from coach.transcripts import Unreadable


def recording(name: str, *texts: str, first: str = "rep") -> Transcript:
    other = "manager" if first == "rep" else "rep"
    return Transcript(
        id=name,
        turns=tuple(
            Turn.model_validate({"i": i, "speaker": other if i % 2 else first, "text": text})
            for i, text in enumerate(texts)
        ),
    )


GOOD = recording("good", "I'm worn out.", "That sounds hard. What is weighing on you most?", "The reports.")


@pytest.fixture
def scorer(app: App) -> Scorer:
    return app.scorer


def test_lines_come_one_for_each_recording_in_order(scorer):
    lines = list(scorer.score([GOOD, Unreadable("odd", "it is odd"), GOOD.model_copy(update={"id": "again"})]))
    assert [(line["id"], line["status"]) for line in lines] == [
        ("good", "scored"), ("odd", "failed"), ("again", "scored"),
    ]  # fmt: skip
    assert [lines[0][name] for name in ("codes", "levels", "overall")] == [
        lines[2][name] for name in ("codes", "levels", "overall")
    ]
    assert list(lines[0]["codes"]) == ["1"]


def test_recordings_are_read_one_at_a_time(scorer):
    def recordings():
        yield GOOD
        raise AssertionError("the second was asked for too early")

    assert next(scorer.score(recordings()))["id"] == "good"


def test_a_failed_line_holds_nothing_that_could_be_taken_for_a_score(scorer, app):
    (line,) = scorer.score([Unreadable("odd", "it is odd")])
    assert line["reason"] == "it is odd"
    assert line["levels"] == dict.fromkeys(PRINCIPLES)
    assert [line[name] for name in ("overall", "lean", "best", "worst", "keep", "change")] == [None] * 6
    assert [line[name] for name in ("codes", "findings", "profile", "plan")] == [{}, [], [], []]
    assert (line["model"], line["reliability"]) == ("offline", "not measured")
    assert line["provenance"]["content"] == app.library.hash


@pytest.mark.parametrize(
    ("texts", "first", "silent"),
    [(("Hello?",), "manager", "rep"), (("Hello?",), "rep", "manager")],
)
def test_a_talk_in_which_one_says_nothing_is_failed(scorer, texts, first, silent):
    (line,) = scorer.score([recording("mono", *texts, first=first)])
    assert line["status"] == "failed"
    assert line["reason"] == f"The {silent} says nothing in 'mono', so there is nothing to judge."


def test_a_fault_of_the_program_is_not_taken_for_a_bad_recording(app):
    class Broken:
        id = "broken"

        def read(self, *_args: object) -> Any:  # noqa: ANN401
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(Scorer(Broken(), app.critic, Provenance()).score([GOOD]))


def test_who_read_and_judged_is_noted(scorer, app):
    (line,) = scorer.score([GOOD])
    assert line["provenance"]["coder"] == app.coder.id
    assert line["provenance"]["content"] == app.library.hash
    assert line["provenance"]["seed"] is None


LABEL = {"id": "a", "codes": {"1": ["ASK"]}, "levels": {"trust": None, "data": 3}, "overall": 3, "lean": -2}


def put(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def test_labels_are_read_with_what_they_may_leave_out(tmp_path):
    path = put(tmp_path / "l.jsonl", LABEL, "", LABEL | {"id": "b", "best": 1, "note": "ignored"})
    first, second = read_labels(path)
    assert first == {**LABEL, "best": None, "worst": None}
    assert (second["id"], second["best"]) == ("b", 1)
    assert "note" not in second


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"overall": 0}, "overall"),
        ({"lean": 3}, "lean"),
        ({"levels": {"trust": 6}}, "levels.trust"),
        ({"levels": {"kindness": 3}}, "levels.kindness"),
        ({"codes": {"1": ["SING"]}}, "codes.1.0"),
        ({"best": "first"}, "best"),
        ({"id": None}, "id"),
    ],
    ids=str,
)
def test_a_wrong_label_is_told_with_file_line_and_field(tmp_path, change, field):
    path = put(tmp_path / "l.jsonl", LABEL, LABEL | change)
    with pytest.raises(InputError) as caught:
        read_labels(path)
    assert str(caught.value).startswith(f"{path}:2: {field}")
    assert str(caught.value).endswith("; mend the label.")


def test_labels_that_are_not_there_or_hold_nothing_are_told(tmp_path):
    with pytest.raises(InputError, match="cannot be read; check the path"):
        read_labels(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="are empty"):
        read_labels(put(tmp_path / "l.jsonl", " ", ""))
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="cannot be read"):
        read_labels(tmp_path / "b.jsonl")


def test_lines_are_written_one_by_one(tmp_path):
    path = tmp_path / "out.jsonl"
    write_lines(iter(['{"id": "ä"}', '{"id": "b"}']), path)
    assert path.read_text("utf-8") == '{"id": "ä"}\n{"id": "b"}\n'
    assert [p.name for p in path.parent.iterdir()] == ["out.jsonl"]


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, InputError])
def test_what_breaks_off_leaves_what_was_there_before(tmp_path, error):
    path = tmp_path / "out.jsonl"
    path.write_text("before")

    def lines():
        yield "a"
        raise error

    with pytest.raises(error):
        write_lines(lines(), path)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("out.jsonl", "before")]


def test_a_full_disk_is_one_sentence(tmp_path):
    def lines():
        yield "a"
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match=r"cannot be written \(No space left on device\); choose another"):
        write_lines(lines(), tmp_path / "out.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(InputError, match="cannot be written"):
        write_json({}, tmp_path / "file" / "out.json")
    (tmp_path / "out.json").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_json({}, tmp_path / "out.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "out.json"]


def test_a_document_is_written_whole(tmp_path):
    write_json({"kappa": None, "ä": 1}, tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text("utf-8")) == {"kappa": None, "ä": 1}
