"""Blind labels: an order of one's own, no half-finished label, agreement with whoever scored the same talks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coach.domain import PRINCIPLES, Provenance, Transcript, Turn
from coach.errors import InputError
from coach.evaluation import read_labels
from coach.evaluation.calibration import Draft, add_collection, add_results, collection, collections, compare
from coach.evaluation.overrides import OVERRIDES, add_override, moved, read_overrides
from coach.reports import failed_line

SUITE = Path(__file__).resolve().parents[2] / "eval" / "suite" / "transcripts.jsonl"
TALK = Transcript(
    id="t1",
    turns=(Turn(i=0, speaker="rep", text="I am tired."), Turn(i=1, speaker="manager", text="What wears you out?")),
)
DONE = Draft(levels=dict.fromkeys(PRINCIPLES), overall=3, lean=0)


@pytest.fixture(autouse=True)
def few_resamples() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["coach.evaluation.agreement"], "RESAMPLES", 50)
        yield


def line(name: str, overall: int = 3, coder: str = "local-1", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    made = Provenance(coder=coder, basis="b1")
    levels = {**dict.fromkeys(PRINCIPLES), "coaching": 3}
    scored = {
        "codes": {"1": ["ASK"]},
        "levels": levels,
        "overall": overall,
        "lean": 0,
        "status": "scored",
        "reason": "",
    }
    return failed_line(name, "", made) | scored | fields


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    lines = [line("t1"), line("t2", 2), failed_line("t3", "cannot be read", Provenance(coder="local-1"))]
    (folder / "critiques.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    add_collection("mine", [TALK, TALK.model_copy(update={"id": "t2"})], tmp_path)
    return tmp_path


def test_everybody_has_an_order_that_stays(tmp_path: Path) -> None:
    found = collection("suite", tmp_path, SUITE)
    assert found.order("ana") == collection("suite", tmp_path, SUITE).order("ana")
    assert sorted(found.order("ana")) == sorted(found.order("ben")) == sorted(found.transcripts)
    assert found.order("ana") != found.order("ben")
    assert found.references is not None and found.results() == {}


def test_a_label_is_whole_or_none() -> None:
    with pytest.raises(InputError, match="Still to be decided: data, lean. Your marks are kept."):
        DONE.model_copy(update={"levels": dict.fromkeys(p for p in PRINCIPLES if p != "data"), "lean": None}).label(
            TALK
        )
    assert DONE.label(TALK).codes == {}
    coded = DONE.model_copy(update={"coded": True, "codes": {"1": ("ASK",), "7": ("BLAME",)}})
    assert coded.label(TALK).codes == {"1": ("ASK",)}


def test_labels_are_of_the_form_that_evaluate_reads(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(DONE.label(TALK).model_dump_json() + "\n", encoding="utf-8")
    assert read_labels(path)[0]["levels"] == dict.fromkeys(PRINCIPLES)


def test_recordings_of_ones_own_become_a_collection_once(mine: Path) -> None:
    assert list(collections(mine, mine / "none")) == ["mine"]
    assert collection("mine", mine, SUITE).transcripts["t1"].turns[1].text == "What wears you out?"
    with pytest.raises(InputError, match="already"):
        add_collection("mine", [TALK], mine)
    for name in ("suite", "../x", "Ä"):
        with pytest.raises(InputError, match="cannot name a collection"):
            add_collection(name, [TALK], mine)
    with pytest.raises(InputError, match="no conversation"):
        add_collection("empty", [], mine)
    with pytest.raises(InputError, match="no collection 'other'"):
        collection("other", mine, SUITE)


def test_results_of_an_engine_are_kept_for_the_comparison(mine: Path, results: Path) -> None:
    found = collection("mine", mine, SUITE)
    assert add_results(found, results) == ("offline, local-1, b1", 2)
    assert add_results(found, results)[1] == 2
    ((engine, lines),) = found.results().items()
    assert (engine, [one["id"] for one in lines]) == ("offline, local-1, b1", ["t1", "t2"])
    labels = [DONE.label(TALK).model_copy(update={"levels": {**dict.fromkeys(PRINCIPLES), "coaching": 3}})]
    (compared,) = compare(labels, found.results() | {"nobody": []})
    assert (compared.n, compared.few, compared.figures["levels"]["exact"]) == (1, True, 1.0)
    assert compared.figures["intervals"]["levels.weighted_kappa"] is None


def test_results_of_other_talks_or_of_several_engines_are_refused(mine: Path, results: Path) -> None:
    with (results / "critiques.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line("t1", coder="local-2")) + "\n")
    with pytest.raises(InputError, match="by several engines"):
        add_results(collection("mine", mine, SUITE), results)
    with pytest.raises(InputError, match="for no conversation of 'suite'"):
        add_results(collection("suite", mine, SUITE), results)


def test_labels_without_behaviours_have_no_agreement_on_them() -> None:
    labels = [DONE.label(TALK.model_copy(update={"id": f"t{n}"})) for n in range(4)]
    (compared,) = compare(labels, {"engine": [line(f"t{n}") for n in range(4)]})
    assert (compared.figures["codes"]["kappa"], compared.figures["intervals"]["codes.kappa"]) == (None, None)


def test_another_level_stands_in_a_file_of_its_own(results: Path) -> None:
    before = (results / "critiques.jsonl").read_bytes()
    add_override(results, "t1", "coaching", 5, "She asked well.", "Marta")
    add_override(results, "t1", "coaching", 2, "No, she did not.", "Marta")
    add_override(results, "t2", "data", 1, "There was a table.", "Jo")
    found = read_overrides(results)
    assert [(one.level, one.was) for one in found] == [(5, 3), (2, 3), (1, None)]
    assert (results / "critiques.jsonl").read_bytes() == before
    told = moved(found)
    assert (told.levels, told.higher, told.lower, told.called) == (2, 0, 1, 1)
    assert dict(told.people) == {"Marta": 1, "Jo": 1}


def test_an_override_that_cannot_be_is_refused(results: Path, tmp_path: Path) -> None:
    for name in ("t3", "gone"):
        with pytest.raises(InputError, match="no scored recording"):
            add_override(results, name, "coaching", 3, "x", "Marta")
    with pytest.raises(InputError, match="The by cannot be kept"):
        add_override(results, "t1", "coaching", 3, "x", " ")
    assert read_overrides(results) == []
    (results / OVERRIDES).write_text('{"id": "t1"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"overrides\.jsonl:1: principle"):
        read_overrides(results)
    (results / OVERRIDES).write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        read_overrides(results)
