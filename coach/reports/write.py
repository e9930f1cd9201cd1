"""Every report of a folder of results, made from its ``critiques.jsonl`` in one pass."""

from __future__ import annotations

from pathlib import Path

from coach.errors import InputError
from coach.reports.authored import Authored
from coach.reports.files import whole
from coach.reports.junit import Case, write_junit
from coach.reports.overrides import newest, read_overrides
from coach.reports.page import report_page
from coach.reports.results import Row, read_lines, results_file, row_of
from coach.reports.tables import CsvTable, RosterTable, results_book
from coach.reports.trust import NO_ASSESSMENT, trust

PAGE, TABLE, BOOK, JUNIT, ROSTER = "report.html", "conversations.csv", "results.xlsx", "junit.xml", "roster.csv"
AGREEMENT = "agreement.json"
MOST_TEAMS = 40


def write_reports(out: Path, library: Authored) -> list[Path]:
    """Write the HTML report, the tables, the JUnit file and the roster beside ``out/critiques.jsonl``.

    Lines are read one by one; only what figures need of each stays in memory (about 3 kB).

    Args:
        out: a folder of results.
        library: names and words of behaviours and principles.

    Returns:
        The files written, the one for people first.

    Raises:
        InputError: if there are no results, a line is no result or no override, or a file cannot be written.
    """
    source, overrides = results_file(out), newest(read_overrides(out))
    page, table, book, junit, people = (out / name for name in (PAGE, TABLE, BOOK, JUNIT, ROSTER))
    rows: list[Row] = []
    with (
        whole(table) as table_part,
        whole(book) as book_part,
        whole(people) as people_part,
        table_part.open("w", encoding="utf-8", newline="") as file,
        people_part.open("w", encoding="utf-8", newline="") as people_file,
        results_book(book_part, library) as sheets,
    ):
        csv, roster = CsvTable(file), RosterTable(people_file)
        for at, line in read_lines(source):
            row = row_of(len(rows), at, line)
            rows.append(row)
            csv.add(row, line)
            roster.add(row)
            sheets.add(row, line)
        if not rows:
            raise InputError(f"{source} is empty; run coach evaluate first.")
        told = trust(rows, out / AGREEMENT)
        sheets.overrule(overrides)
        sheets.summarise(rows, [NO_ASSESSMENT, *told], MOST_TEAMS)
    with whole(page) as part:
        part.write_text(report_page(rows, source, library, told, MOST_TEAMS, overrides), encoding="utf-8")
    write_junit((_case(row) for row in rows), junit, "coach evaluate")
    return [page, book, table, junit, people]


def _case(row: Row) -> Case:
    """A recording: an error if it could not be scored, never a failure, since a score is no test."""
    suite = row.about.team or "recordings"
    if row.scored:
        return Case(suite, row.id, (), [row.reason] if row.reason else ())
    return Case(suite, row.id, (), errors=[row.reason])
