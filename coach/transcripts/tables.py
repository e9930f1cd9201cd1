"""Tables of text: CSV, semicolons as Excel writes them in half of Europe, tabs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from coach.errors import InputError

MAX_COLUMNS = 100
_DELIMITERS = (",", ";", "\t", "|")


def columns(first: str, wanted: Callable[[Sequence[str]], bool]) -> str | None:
    """Return the delimiter by which a table's first line names the wanted columns."""
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:
            continue
        if len(cells) <= MAX_COLUMNS and wanted([tidy(cell) for cell in cells]):
            return delimiter
    return None


def tidy(column: str) -> str:
    """Spell a column's name in one way: ``Start Time`` is ``start_time``."""
    return "_".join(column.casefold().replace("-", " ").replace("_", " ").split())


def rows(text: str, name: str, wanted: Callable[[Sequence[str]], bool]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row that is not empty with its line number, its cells by the tidy names of the columns.

    Raises:
        InputError: if the first row does not name the wanted columns or the table is broken.
    """
    text = text.lstrip("\n")
    first = text.partition("\n")[0]
    delimiter = columns(first, wanted)
    if delimiter is None:
        shown = " ".join(first.split())[:100]
        raise InputError(f"{name}:1: the first row does not name the columns; it is: {shown}")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        names = [tidy(cell) for cell in next(reader)]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise InputError(f"{name}:{reader.line_num}: the table is broken ({error}); export it again") from None
