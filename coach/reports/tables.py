"""Results as tables: CSV for tools, a workbook for people. Both are written row by row, whatever their size.

Nothing that was said in a recording may run in a spreadsheet: in CSV, text that a spreadsheet would take for a formula
gets an apostrophe before it; in the workbook it is marked as text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from coach.domain import CODES, PRINCIPLES, Override, PrincipleId
from coach.errors import InputError
from coach.reports.authored import Authored
from coach.reports.figures import OUTCOMES, Tally, by_principle, by_team
from coach.reports.lines import CritiqueLine
from coach.reports.results import Moment, Row

Cell = str | int | float | None

COLUMNS = (
    "id", "status", "reason", "manager", "rep", "team", "date", "file", "roles", "model", "overall", "lean",
    *PRINCIPLES, *CODES, "best_turn", "best_quote", "worst_turn", "worst_quote",
)  # fmt: skip
ROSTER = ("file", "manager", "rep", "team", "date", "told")
TURNS = ("id", "turn", "speaker", "seconds", "text", "helped", "cost")
FINDINGS = (
    "id", "turn", "kind", "principle", "behaviour", "level", "quote", "effect", "advice", "better_words",
    "source", "section", "passage",
)  # fmt: skip
OVERRULED = ("id", "principle", "level measured", "level set by a trainer", "reason", "by", "at")
WIDE = {"text", "quote", "effect", "advice", "better_words", "passage", "reason", "best_quote", "worst_quote"}
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def plain(text: str) -> str:
    """Text on one line, without control characters."""
    return _CONTROL.sub(" ", text)


def runs(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula."""
    return bool(_FORMULA.match(text))


def conversation_row(row: Row, line: CritiqueLine) -> tuple[Cell, ...]:
    """One conversation in the order of ``COLUMNS``; a code's number is how many turns show it."""
    about = line.about
    return (
        line.id, line.status, line.reason, about.manager, about.rep, about.team,
        about.date.isoformat() if about.date else "", about.file, about.roles, line.model, line.overall, line.lean,
        *(line.levels.get(principle) for principle in PRINCIPLES),
        *(row.codes.get(code, 0) if row.scored else None for code in CODES),
        line.best, _quote(row.best), line.worst, _quote(row.worst),
    )  # fmt: skip


def _quote(moment: Moment | None) -> str:
    return moment.quote if moment else ""


class CsvTable:
    """``conversations.csv``: UTF-8, one row a conversation."""

    def __init__(self, file: IO[str]) -> None:
        """Write the headings."""
        self._rows = csv.writer(file)
        self._rows.writerow(COLUMNS)

    def add(self, row: Row, line: CritiqueLine) -> None:
        """Write a conversation."""
        self._rows.writerow([_safe(cell) for cell in conversation_row(row, line)])


class RosterTable:
    """``roster.csv``: who was taken for whom, to be mended and given back as the roster of the next run."""

    def __init__(self, file: IO[str]) -> None:
        """Write the headings."""
        self._rows = csv.writer(file)
        self._rows.writerow(ROSTER)
        self._seen: set[str] = set()

    def add(self, row: Row) -> None:
        """Write a conversation; a roster tells recordings apart without their case, so the first of two counts."""
        if (key := row.id.casefold()) in self._seen:
            return
        self._seen.add(key)
        about = row.about
        date = about.date.isoformat() if about.date else ""
        cells = (row.id, about.manager, about.rep, about.team, date, about.roles if row.scored else row.reason)
        self._rows.writerow([_safe(cell) for cell in cells])


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    text = plain(cell)
    return f"'{text}" if runs(text) else text


@contextmanager
def results_book(path: Path, library: Authored) -> Iterator[ResultsBook]:
    """Begin ``results.xlsx``; it is written when the context ends.

    Raises:
        InputError: if it cannot be written.
    """
    with TemporaryDirectory(prefix="coach-") as scratch:  # rows wait in files that only their owner may read
        options = {"constant_memory": True, "tmpdir": scratch}
        book = Workbook(path, options)
        try:
            yield ResultsBook(book, library)
        finally:
            try:
                book.close()
            except FileCreateError as failure:
                for sheet in book.worksheets():
                    sheet.row_data_fh.close()
                raise InputError(f"The workbook cannot be written ({failure}); choose another place.") from None


class ResultsBook:
    """The workbook's sheets: Summary, Conversations, Turns, Findings, and Overrides if there are any."""

    def __init__(self, book: Workbook, library: Authored) -> None:
        """Write the headings."""
        self._library, self._book = library, book
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"quote_prefix": True})
        self._formats = (bold, text)
        self._overruled = 0
        self._summary = _Sheet(book.add_worksheet("Summary"), bold, text)
        self._conversations = _Sheet(book.add_worksheet("Conversations"), bold, text, COLUMNS)
        self._turns = _Sheet(book.add_worksheet("Turns"), bold, text, TURNS)
        self._findings = _Sheet(book.add_worksheet("Findings"), bold, text, FINDINGS)

    def add(self, row: Row, line: CritiqueLine) -> None:
        """Write a conversation, its turns and its findings."""
        self._conversations.write(conversation_row(row, line))
        behaviours, principles = self._library.behaviours, self._library.principles
        for i, turn in enumerate(line.turns):
            named: dict[str, list[str]] = {"strength": [], "slip": []}
            for code in line.codes.get(str(i), ()):
                named[behaviours[code].kind].append(behaviours[code].name)
            heard = (", ".join(named["strength"]), ", ".join(named["slip"]))
            self._turns.write((line.id, i, turn.speaker, turn.seconds, turn.text, *heard))
        for found in line.findings:
            said, passage = found.evidence[0], found.passages[0]
            behaviour = behaviours[found.code].name if found.code else ""
            self._findings.write(
                (line.id, said.turn, found.kind, principles[found.principle].name, behaviour, found.level, said.quote,
                 found.effect, found.advice, found.better_words, passage.title or passage.source, passage.section,
                 passage.quote)
            )  # fmt: skip

    def overrule(self, overrides: Sequence[Override]) -> None:
        """Write the levels that trainers set, apart from those that were measured, on a sheet of their own."""
        self._overruled = len(overrides)
        if not overrides:
            return
        sheet = _Sheet(self._book.add_worksheet("Overrides"), *self._formats, OVERRULED)
        for one in overrides:
            name = self._library.principles[one.principle].name
            levels = ("not called for" if level is None else level for level in (one.was, one.level))
            sheet.write((one.id, name, *levels, one.reason, one.by, one.at.date().isoformat()))
        sheet.finish()

    def summarise(self, rows: Sequence[Row], trust: Iterable[str], most_teams: int) -> None:
        """Finish with the first sheet: what was read, how far to trust it, outcomes of all and of each team."""
        for sheet in (self._conversations, self._turns, self._findings):
            sheet.finish()
        scored = [row for row in rows if row.scored]
        self._summary.write(("Recordings scored", len(scored)))
        self._summary.write(("Recordings that failed", len(rows) - len(scored)))
        if self._overruled:
            self._summary.write(("Levels that trainers set otherwise (sheet Overrides; in no figure)", self._overruled))
        for sentence in trust:
            self._summary.write((sentence,))
        for sheet in (self._turns, self._findings):
            if sheet.left_out:
                told = f"{sheet.left_out} rows did not fit on the sheet {sheet.name}; critiques.jsonl has everything."
                self._summary.write((told,))
        self._summary.write(())
        self._summary.write(
            ("team", "principle", *OUTCOMES, "called for in", "share helped", "95% from", "to", "in words"), True
        )
        self._outcomes("all", by_principle(scored))
        for team, tallies in by_team(scored, most_teams).items():
            if team:
                self._outcomes(team, tallies)

    def _outcomes(self, team: str, tallies: Mapping[PrincipleId, Tally]) -> None:
        for principle, one in tallies.items():
            share = one.helps
            interval = (share.count / share.of, share.low, share.high) if share else (None, None, None)
            counts = (one.helped, one.mixed, one.missed, one.cost, one.n)
            rounded = (round(part, 3) if part is not None else None for part in interval)
            name = self._library.principles[principle].name
            self._summary.write((team, name, *counts, *rounded, one.verdict))


class _Sheet:
    """One sheet, written downwards."""

    def __init__(self, sheet: Worksheet, bold: Format, text: Format, columns: Sequence[str] = ()) -> None:
        self._sheet, self._bold, self._text, self._columns = sheet, bold, text, columns
        self._next = self.left_out = 0
        self.name = sheet.get_name()
        sheet.set_column(0, 0, 24)
        if columns:
            for n, column in enumerate(columns):
                sheet.set_column(n, n, 60 if column in WIDE else 24 if n == 0 else 14)
            sheet.freeze_panes(1, 1)
            self.write(columns, bold=True)
        else:
            sheet.set_column(1, 1, 24)

    def write(self, cells: Iterable[Cell], bold: bool = False) -> None:
        """Write a row; beyond the last that a sheet can hold, only count it."""
        if self._next == MOST_ROWS:
            self.left_out += 1
            return
        for n, cell in enumerate(cells):
            if isinstance(cell, str):
                form = self._bold if bold else self._text if runs(plain(cell)) else None
                self._sheet.write_string(self._next, n, plain(cell)[:MOST_CHARACTERS], form)
            elif cell is not None:
                self._sheet.write_number(self._next, n, cell)
        self._next += 1

    def finish(self) -> None:
        """Let people filter by the headings."""
        self._sheet.autofilter(0, 0, max(self._next - 1, 1), len(self._columns) - 1)
