"""Levels that trainers set stand in every report for people, apart from what was measured."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader
from result_lines import result, write

from coach.content import Library
from coach.domain import Level, Override
from coach.errors import InputError
from coach.reports import write_critique, write_reports
from coach.reports.overrides import OVERRIDES
from coach.reports.render import upfirst

AT = dt.datetime(2026, 5, 3, 9, tzinfo=dt.UTC)


def override(level: Level | None, was: Level | None, reason: str, id: str = "t1") -> Override:
    return Override(id=id, principle="coaching", level=level, was=was, reason=reason, by="Marta", at=AT)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    made = [
        override(5, 3, "Too kind of me."),
        override(4, 3, "He asked <b>twice</b>."),
        override(None, 2, "=1+1", "t2"),
        override(1, 2, "It left the folder.", "gone"),
    ]
    folder = write(
        tmp_path / "out", [result(levels={"coaching": 3}), result("t2", levels={"coaching": 2}), result("t3")]
    )
    (folder / OVERRIDES).write_text("".join(one.model_dump_json() + "\n" for one in made))
    return folder


def test_the_report_shows_them_with_their_conversations(results: Path, library: Library) -> None:
    page = write_reports(results, library)[0].read_text(encoding="utf-8")
    name = upfirst(library.acts["coaching"])
    changed = f"<li><b>{name}</b>: Marta changed it from <b>mixed</b> to <b>helped</b> (3 May 2026)"
    assert f'{changed}: <q dir="auto">He asked &lt;b&gt;twice&lt;/b&gt;.</q>' in page
    assert "from <b>missed</b> to <b>not called for</b>" in page
    assert "Trainers changed 2 levels in 2 conversations." in page
    assert page.count("Changed by a trainer") == 2
    assert "Too kind of me" not in page
    assert "It left the folder" not in page


def test_the_workbook_has_a_sheet_of_them_and_counts_none(results: Path, library: Library) -> None:
    sheets = openpyxl.load_workbook(write_reports(results, library)[1])
    assert sheets.sheetnames == ["Summary", "Conversations", "Turns", "Findings", "Overrides"]
    name = library.principles["coaching"].name
    assert list(sheets["Overrides"].values)[1:3] == [
        ("t1", name, 3, 4, "He asked <b>twice</b>.", "Marta", "2026-05-03"),
        ("t2", name, 2, "not called for", "=1+1", "Marta", "2026-05-03"),
    ]
    assert sheets["Overrides"]["E3"].data_type == "s"
    rows = [dict(zip(next(sheets["Conversations"].values), row, strict=True)) for row in sheets["Conversations"].values]
    assert [row["coaching"] for row in rows[1:]] == [3, 2, None]
    assert ("Levels that trainers set otherwise (sheet Overrides; in no figure)", 3) in [
        row[:2] for row in sheets["Summary"].values
    ]


def test_the_print_shows_those_of_its_conversation(results: Path, library: Library) -> None:
    read = [PdfReader(write_critique(results, id, library)) for id in ("t1", "t3")]
    first, third = (" ".join(" ".join(page.extract_text() for page in one.pages).split()) for one in read)
    assert "Changed by a trainer" in first
    assert "Marta changed it from mixed to helped (3 May 2026): “He asked <b>twice</b>.”" in first
    assert "Changed by a trainer" not in third


def test_a_line_that_is_no_override_is_told_before_anything_is_written(results: Path, library: Library) -> None:
    with (results / OVERRIDES).open("a") as file:
        file.write("{}\n")
    with pytest.raises(InputError, match=r"overrides.jsonl:5: id: Field required"):
        write_reports(results, library)
    assert not (results / "report.html").exists()
