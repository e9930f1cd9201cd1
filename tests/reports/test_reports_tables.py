"""Tables for tools and people: whatever was said stays text, in every spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from result_lines import TALK, failed, finding, result

from coach.content import Library
from coach.errors import InputError
from coach.reports import tables
from coach.reports.lines import CritiqueLine, Said
from coach.reports.results import row_of
from coach.reports.tables import COLUMNS, CsvTable, plain, results_book, runs


def read_csv(*lines: CritiqueLine) -> list[dict[str, str]]:
    file = io.StringIO(newline="")
    table = CsvTable(file)
    for n, line in enumerate(lines):
        table.add(row_of(n, 0, line), line)
    file.seek(0)
    return list(csv.DictReader(file))


def book(path: Path, library: Library, *lines: CritiqueLine) -> openpyxl.Workbook:
    rows = [row_of(n, 0, line) for n, line in enumerate(lines)]
    with results_book(path, library) as sheets:
        for row, line in zip(rows, lines, strict=True):
            sheets.add(row, line)
        sheets.summarise(rows, ["Rely on the quotes."], 40)
    return openpyxl.load_workbook(path)


def test_a_csv_row_holds_levels_counts_and_quotes() -> None:
    line = result(team="North", manager="Ann", date="2026-01-05", levels={"trust": 4}, codes={"1": ("ASK",), "3": ()})
    (row,) = read_csv(line)
    assert tuple(row) == COLUMNS
    assert (row["team"], row["manager"], row["date"], row["trust"], row["vision"]) == (
        "North",
        "Ann",
        "2026-01-05",
        "4",
        "",
    )
    assert (row["ASK"], row["BLAME"], row["best_turn"], row["best_quote"]) == ("1", "0", "1", "What would help?")


def test_a_failed_recording_has_its_reason_and_no_number() -> None:
    (row,) = read_csv(failed())
    assert (row["status"], row["reason"]) == ("failed", "f1.jsonl:1: the line is not JSON")
    assert {row[name] for name in COLUMNS[COLUMNS.index("overall") :]} == {""}


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r\n=1", "\x00=1", " =1", "＝1"])
def test_no_text_is_a_formula(evil: str, library: Library, tmp_path: Path) -> None:
    line = result(id=evil, turns=(Said(speaker="rep", text=evil), *TALK[1:]))
    assert read_csv(line)[0]["id"].startswith("'")
    cell = book(tmp_path / "a.xlsx", library, line)["Conversations"]["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_web_address_or_number_stays_text(library: Library, tmp_path: Path) -> None:
    said = ["http://x.example/a", "12", "internal:Summary!A1"]
    sheets = book(tmp_path / "a.xlsx", library, result(turns=tuple(Said(speaker="rep", text=text) for text in said)))
    cells = [sheets["Turns"].cell(n + 2, 5) for n in range(3)]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(text, "s", None) for text in said]


@given(st.text())
def test_no_control_character_and_no_leading_formula_is_left(text: str) -> None:
    (row,) = read_csv(result(id=text))
    assert row["id"].isprintable() or not any(ord(character) < 32 for character in row["id"])
    assert not runs(row["id"])
    assert plain(text).splitlines()[1:] == [] or not {"\n", "\r"} & set(plain(text))


def test_the_workbook_has_four_sheets_in_words(library: Library, tmp_path: Path) -> None:
    lines = [result(f"t{n}", team="North", levels={"trust": 4}) for n in range(3)]
    sheets = book(tmp_path / "a.xlsx", library, *lines, failed())
    assert sheets.sheetnames == ["Summary", "Conversations", "Turns", "Findings"]
    summary = list(sheets["Summary"].values)
    assert summary[:3] == [("Recordings scored", 3, *[None] * 9), ("Recordings that failed", 1, *[None] * 9),
                           ("Rely on the quotes.", *[None] * 10)]  # fmt: skip
    trust = library.principles["trust"].name
    assert ("North", trust, 3, 0, 0, 0, 3, 1, 0.439, 1, "helps rather often") in summary
    assert ("all", library.principles["data"].name, 0, 0, 0, 0, 0, None, None, None, "not called for") in summary
    turns = list(sheets["Turns"].values)
    assert turns[2] == ("t0", 1, "manager", 67, "What would help?", library.behaviours["ASK"].name, "")
    assert turns[4][-1] == library.behaviours["BLAME"].name
    found = list(sheets["Findings"].values)
    assert found[1][2:7] == ("strength", library.principles["coaching"].name, library.behaviours["ASK"].name, 4,
                             "What would help?")  # fmt: skip
    assert sheets["Conversations"].freeze_panes == "B2"
    assert sheets["Turns"].auto_filter.ref == "A1:G13"


def test_an_opening_let_pass_has_no_behaviour(library: Library, tmp_path: Path) -> None:
    sheets = book(tmp_path / "a.xlsx", library, result(findings=(finding("missed", 3, "Well."),), keep=None, change=0))
    assert list(sheets["Findings"].values)[1][2:5] == ("missed", library.principles["coaching"].name, "")


def test_a_long_text_is_cut_and_a_full_sheet_says_so(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 4)
    long = result(turns=(Said(speaker="rep", text="a" * 40_000), *TALK[1:]))
    with results_book(tmp_path / "a.xlsx", library) as sheets:
        sheets.add(row_of(0, 0, long), long)
        monkeypatch.setattr(tables, "MOST_ROWS", 100)
        sheets.summarise([], [], 40)
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert len(made["Turns"]["E2"].value) == 32_767
    assert made["Turns"].max_row == 4
    assert made["Summary"]["A3"].value == "1 rows did not fit on the sheet Turns; critiques.jsonl has everything."


def test_a_workbook_that_cannot_be_written_is_told(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="workbook cannot be written"), results_book(tmp_path, library):
        pass
