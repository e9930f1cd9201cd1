"""Two runs compared: what changed, and what of it is a regression."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coach.errors import InputError
from coach.evaluation import Change, changes, engine, read_baseline


def line(name: str, overall: int | None = 3, trust: int | None = 3, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    scored = overall is not None
    return {
        "id": name,
        "status": "scored" if scored else "failed",
        "overall": overall,
        "levels": {"trust": trust if scored else None},
        "reason": "" if scored else "it is odd",
        "provenance": {"model": "offline", "coder": "c1"},
    } | more


def put(folder: Path, *lines: object) -> Path:
    text = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines)
    (folder / "critiques.jsonl").write_text(text, "utf-8")
    return folder


def compared(folder: Path, before: list[Any], now: list[Any], whole: bool = True) -> list[Change]:
    return list(changes(read_baseline(put(folder, *before)), now, whole))


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (line("a"), line("a", 2), Change("a", "overall 3", "overall 2", "", True)),
        (line("a"), line("a", 4), Change("a", "overall 3", "overall 4", "", False)),
        (line("a"), line("a", None), Change("a", "overall 3", "failed: it is odd", "", True)),
        (line("a", None), line("a", 1), Change("a", "failed: it is odd", "overall 1", "", False)),
        (line("a", 3, 5), line("a", 3, 1), Change("a", "overall 3", "overall 3", "trust 5 to 1", False)),
        (line("a", 3, None), line("a", 3, 1), Change("a", "overall 3", "overall 3", "trust - to 1", False)),
    ],
)
def test_a_lower_overall_or_a_new_failure_is_a_regression(tmp_path, before, now, change) -> None:
    assert compared(tmp_path, [before], [now]) == [change]


def test_what_stays_the_same_is_no_change_even_with_another_reason(tmp_path: Path) -> None:
    before = [line("a"), line("b", None)]
    assert compared(tmp_path, before, [line("a", findings=[1]), line("b", None, reason="other")]) == []


def test_what_came_and_what_went_are_told_and_no_regressions(tmp_path: Path) -> None:
    found = compared(tmp_path, [line("old")], [line("new")])
    assert [(c.id, c.before, c.now, c.worse) for c in found] == [
        ("new", "not there", "overall 3", False), ("old", "overall 3", "not there", False),
    ]  # fmt: skip
    assert [c.id for c in compared(tmp_path, [line("old")], [line("new")], whole=False)] == ["new"]


def test_an_engine_is_what_judged_and_failed_lines_have_none(tmp_path: Path) -> None:
    assert engine(line("a", provenance={"coder": "c", "prompts": {"code": "1"}})) == {"coder c, prompts code 1"}
    assert read_baseline(put(tmp_path, line("a"), line("b", None))).engines == {"model offline, coder c1"}


@pytest.mark.parametrize("wrong", ["{", "[1]", "3", "{}", json.dumps(line("a", levels=3)), json.dumps(line("a", "x"))])
def test_a_line_that_is_none_is_told_with_its_number(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(InputError, match=r"critiques.jsonl:2: this is no line of results"):
        read_baseline(put(tmp_path, line("a"), wrong))


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read .*; name a folder of results"):
        read_baseline(tmp_path)
    (tmp_path / "critiques.jsonl").write_bytes(b"\xff")
    with pytest.raises(InputError, match="it is not UTF-8 text"):
        read_baseline(tmp_path)
